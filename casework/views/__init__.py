"""Pages of casework, one module per family."""
