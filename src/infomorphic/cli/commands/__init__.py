"""One module a command; its function has the same name."""
