"""Pages of the people in the stations, one module per family."""
