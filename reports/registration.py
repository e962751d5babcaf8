"""What the reports app hands up to the frame."""
