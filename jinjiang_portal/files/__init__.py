"""Stored files: attachments people upload and files the portal makes. Served only through a permission check."""
