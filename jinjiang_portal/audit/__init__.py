"""The audit trail: who changed, read or exported what and when, sealed by a hash chain so that tampering shows.

Changes are recorded by django-auditlog; reads of personal data and exports are written to the same table by `records`.
Every minute `tasks.seal` closes the new entries with a Seal that carries their digests and the hash of the seal before.
`manage.py verify_audit` recomputes the chain. On PostgreSQL and SQLite triggers refuse to change an entry.
"""
