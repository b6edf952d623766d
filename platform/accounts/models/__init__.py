"""What this room keeps: who can sign in, who works here, and what verifiers said of people."""

from accounts.models.emergencies import Emergency
from accounts.models.joint_acts import JointAct
from accounts.models.staff import Appointment, StaffAct, StaffSession
from accounts.models.users import User, UserManager
from accounts.models.verifications import Verification, VerificationKind, VerificationResult

__all__ = [
    "Appointment",
    "Emergency",
    "JointAct",
    "StaffAct",
    "StaffSession",
    "User",
    "UserManager",
    "Verification",
    "VerificationKind",
    "VerificationResult",
]
