"""What `train` prints at the end, one module a task, with a function `show(summary, run, console)`."""
