"""The audit trail: who changed and who read what (django-auditlog), sealed by a hash chain (SECURITY 7)."""
