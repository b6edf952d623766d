"""What this app, allauth and Django's own tables hold about people, for the privacy inventory."""

from __future__ import annotations

from kernel.errors import N_
from privacy.classification import AtErasure, Basis, PersonalField, Purpose, Sensitivity


def _sign_in(column: str, *, subject: str, why: str = "", sensitive: bool = False) -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.SENSITIVE if sensitive else Sensitivity.GENERAL,
        Purpose.SIGN_IN,
        Basis.CONTRACT,
        erasure=AtErasure.DELETE_ROW,
        subject=subject,
        why=why,
    )


def _work(column: str, *, subject: str = "subject_id", why: str = "") -> PersonalField:
    """What staff write about their own work: part of the record that others rely on."""
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.SECURITY,
        Basis.LEGAL_DUTY,
        erasure=AtErasure.STAYS,
        subject=subject,
        why=why or "a record of work of the platform's own people, which auditors must be able to follow",
    )


def _safety(column: str, *, subject: str) -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.SECURITY,
        Basis.CONTRACT,
        erasure=AtErasure.DELETE_ROW,
        subject=subject,
    )


def _stays(column: str, *, subject: str = "subject_id") -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.SECURITY,
        Basis.CONTRACT,
        erasure=AtErasure.STAYS,
        subject=subject,
        why="a pseudonym; after erasure it leads to nobody",
    )


FIELDS: tuple[PersonalField, ...] = (
    _work("accounts.CallCode.subject", subject="subject_id", why="that one of us called: a record of work"),
    PersonalField(
        "accounts.LookalikeReport.words",
        Sensitivity.GENERAL,
        Purpose.SECURITY,
        Basis.LEGITIMATE_INTEREST,
        erasure=AtErasure.SHRED,
        subject="subject_id",
    ),
    _work("accounts.Mandate.principal", subject="principal_id", why="who let whom act: both rely on it"),
    _work("accounts.Mandate.proxy", subject="proxy_id", why="who acted for whom: both rely on it"),
    _work("accounts.Mandate.document", subject="principal_id", why="the paper of a mandate entered by staff"),
    _work("accounts.Appointment.subject_id", why="who held which role, by a pseudonymous key"),
    _work("accounts.StaffSession.reason"),
    _work("accounts.Emergency.reason"),
    _work("accounts.Emergency.finding"),
    _sign_in("accounts.User.display_name", subject="subject_id"),
    _sign_in("accounts.User.pseudonym", subject="subject_id"),
    _sign_in(
        "accounts.User.password",
        subject="subject_id",
        sensitive=True,
        why="a salted, slow hash: it can be compared with and never read back",
    ),
    _sign_in("accounts.User.last_login", subject="subject_id"),
    _sign_in("account.EmailAddress.email", subject="user__subject_id"),
    _sign_in("account.EmailConfirmation.key", subject="email_address__user__subject_id"),
    _sign_in(
        "mfa.Authenticator.data",
        subject="user__subject_id",
        sensitive=True,
        why="allauth's own table; the adapter seals the secrets in it before they are written",
    ),
    _sign_in("accounts.BrowserSession.session_data", subject="user__subject_id"),
    _sign_in("accounts.BrowserSession.session_key", subject="user__subject_id"),
    _sign_in("accounts.BrowserSession.device", subject="user__subject_id"),
    _sign_in("accounts.BrowserSession.browser", subject="user__subject_id"),
    _safety("accounts.KnownDevice.digest", subject="user__subject_id"),
    _safety("accounts.KnownDevice.device", subject="user__subject_id"),
    _safety("accounts.KnownDevice.browser", subject="user__subject_id"),
    _sign_in("accounts.SealedSecret.text", subject="subject_id", sensitive=True),
    _safety("accounts.FormerContact.pseudonym", subject="subject_id"),
    PersonalField("accounts.AccountChange.before", Sensitivity.SENSITIVE, Purpose.SECURITY, Basis.CONTRACT),
    _stays("accounts.AccountChange.subject_id"),
    _stays("accounts.AccountChange.actor"),
    _stays("accounts.AccountFreeze.subject_id"),
    _stays("accounts.AccountFreeze.frozen_by"),
    _stays("accounts.LinkedSubject.owner_id", subject="owner_id"),
    _stays("accounts.LinkedSubject.guest_id", subject="guest_id"),
    _sign_in(
        "accounts.ApiToken.digest",
        subject="subject_id",
        sensitive=True,
        why="a keyed digest of a random secret: it can be compared with and never read back",
    ),
    _sign_in("accounts.ApiToken.prefix", subject="subject_id"),
    PersonalField(
        "accounts.Verification.masked",
        Sensitivity.SENSITIVE,
        Purpose.SECURITY,
        Basis.CONSENT,
    ),
    PersonalField(
        "accounts.Verification.subject_id",
        Sensitivity.GENERAL,
        Purpose.SECURITY,
        Basis.CONSENT,
        erasure=AtErasure.STAYS,
        why="a pseudonym; after erasure it leads to nobody",
    ),
    PersonalField(
        "admin.LogEntry.change_message",
        Sensitivity.GENERAL,
        Purpose.SECURITY,
        Basis.LEGAL_DUTY,
        erasure=AtErasure.DELETE_ROW,
        subject="user__subject_id",
    ),
)
_NAMES = "names of models and permissions"
_CODE = "a code of ours"
NOT_PERSONAL: dict[str, str] = {
    "accounts.SentMessage.check_number": "a keyed number of the row itself",
    "accounts.SentMessage.kind": "the name of a template",
    "accounts.CallCode.role": _CODE,
    "accounts.CallCode.code": "a random number",
    "accounts.LookalikeReport.address": "where a stranger's page stands, up to the question mark",
    "accounts.Mandate.code_digest": "a keyed digest of a random code",
    "accounts.Mandate.scopes": _CODE,
    "accounts.Mandate.kinship": _CODE,
    "accounts.ApiToken.scopes": "codes of what a program may do",
    "accounts.Verification.kind": "one of two words",
    "accounts.Verification.verifier": "the verifier's name",
    "accounts.Verification.result": "one of four words",
    "accounts.Verification.consent_number": "the number of a receipt",
    "accounts.Appointment.role": _CODE,
    "accounts.Appointment.ended_by": "who did it, by a pseudonymous key",
    "accounts.StaffSession.role": _CODE,
    "accounts.StaffSession.proof": _CODE,
    "accounts.StaffAct.method": _CODE,
    "accounts.StaffAct.page": "the name of an address of ours",
    "accounts.StaffAct.thing": "the key of a row",
    "accounts.StaffAct.request_id": "a random number",
    "accounts.Emergency.role": _CODE,
    "accounts.JointAct.kind": _CODE,
    "accounts.JointAct.parameters": "keys of rows, codes and whole numbers",
    "accounts.JointAct.digest": "a digest of those",
    "accounts.JointAct.state": _CODE,
    "accounts.AccountChange.kind": "one of nine words",
    "accounts.AccountChange.reference": "the key of a row",
    "accounts.AccountFreeze.state": "one of three words",
    "sessions.Session.session_data": "Django's own table stays empty: sessions stand in BrowserSession",
    "sessions.Session.session_key": "Django's own table stays empty: sessions stand in BrowserSession",
    "admin.LogEntry.object_id": "the key of a row",
    "admin.LogEntry.object_repr": "what our models call themselves: numbers and codes, never a name",
    "auth.Group.name": "the name of a role",
    "auth.Permission.name": _NAMES,
    "auth.Permission.codename": _NAMES,
    "contenttypes.ContentType.app_label": _NAMES,
    "contenttypes.ContentType.model": _NAMES,
}
# What the person calls it.
WORDS: dict[str, str] = {
    "accounts.User.display_name": N_("What we call you"),
}
