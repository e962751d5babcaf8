"""Accounts: people who sign in, their role, their sessions, and the notices sent to them.

Sign-in is locked by django-axes after five failures, the second factor is django-otp's TOTP. What a role may do is in
`jinjiang_portal.access`; where, in the object permissions of `stations`.
"""
