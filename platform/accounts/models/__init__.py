"""What this room keeps: who can sign in, and what verifiers said of them."""

from accounts.models.users import User, UserManager
from accounts.models.verifications import Verification, VerificationKind, VerificationResult

__all__ = ["User", "UserManager", "Verification", "VerificationKind", "VerificationResult"]
