"""What the casework app hands up to the frame."""
