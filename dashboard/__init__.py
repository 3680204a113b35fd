"""Pages that officials open in a browser."""
