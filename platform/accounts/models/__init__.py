"""What this room keeps: who can sign in."""

from accounts.models.users import User, UserManager

__all__ = ["User", "UserManager"]
