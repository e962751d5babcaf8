"""What the stations app hands up to the frame."""
