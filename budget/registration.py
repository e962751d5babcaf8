"""What the budget app hands up to the frame."""
