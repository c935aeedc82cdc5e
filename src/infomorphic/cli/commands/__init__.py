"""One module per command; its function has the same name."""
