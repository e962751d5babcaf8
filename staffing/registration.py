"""What the staffing app hands up to the frame."""
