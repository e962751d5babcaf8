"""What stands between the code and a machine: system packages, local supervisor, test tiers, proxy configuration."""
