"""The demo sign-ins, shown on the sign-in page in demo mode only (never in production, see settings.DEMO_MODE)."""

# Long enough for the password rule; the demo accounts need no first change.
DEMO_PASSWORD = "jinjiang-demo-2024"
DEMO_USERNAMES = ("bureau", "chendai", "manager", "finance", "worker", "inspector", "sysadmin")
