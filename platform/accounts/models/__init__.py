"""What this room keeps: who can sign in and with what, who works or acts for whom, what verifiers said."""

from accounts.models.calls import CallCode, LookalikeReport
from accounts.models.emergencies import Emergency
from accounts.models.freezing import AccountChange, AccountFreeze, Changed, FormerContact, FreezeState
from accounts.models.joint_acts import JointAct
from accounts.models.linking import LinkedSubject
from accounts.models.mandates import Mandate
from accounts.models.messages import SentMessage
from accounts.models.secrets import SealedSecret
from accounts.models.sessions import BROWSERS, DEVICES, BrowserSession, KnownDevice
from accounts.models.staff import Appointment, StaffAct, StaffSession
from accounts.models.tokens import ApiToken
from accounts.models.users import User, UserManager
from accounts.models.verifications import Verification, VerificationKind, VerificationResult

__all__ = [
    "BROWSERS",
    "DEVICES",
    "AccountChange",
    "AccountFreeze",
    "ApiToken",
    "Appointment",
    "BrowserSession",
    "CallCode",
    "Changed",
    "Emergency",
    "FormerContact",
    "FreezeState",
    "JointAct",
    "KnownDevice",
    "LinkedSubject",
    "LookalikeReport",
    "Mandate",
    "SealedSecret",
    "SentMessage",
    "StaffAct",
    "StaffSession",
    "User",
    "UserManager",
    "Verification",
    "VerificationKind",
    "VerificationResult",
]
