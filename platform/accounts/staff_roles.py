"""What each staff role may see and do: the whole table, compared by a test with a readable matrix."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_


class Role(StrEnum):
    """One queue of work; a staff session is opened for exactly one of them."""

    REVIEWER = "reviewer"
    SENIOR = "senior"
    MERCHANT_DESK = "merchant_desk"
    CATALOGUE_DESK = "catalogue_desk"
    MONEY_DESK = "money_desk"
    PRIVACY_OFFICER = "privacy_officer"
    SECURITY_OFFICER = "security_officer"
    LAW_EDITOR = "law_editor"
    AUDITOR = "auditor"
    SYSTEM = "system"


WORDS = {
    Role.REVIEWER: N_("Complaints reviewer"),
    Role.SENIOR: N_("Senior reviewer: overdue cases and more time"),
    Role.MERCHANT_DESK: N_("Merchant desk"),
    Role.CATALOGUE_DESK: N_("Catalogue desk"),
    Role.MONEY_DESK: N_("Money desk"),
    Role.PRIVACY_OFFICER: N_("Privacy officer"),
    Role.SECURITY_OFFICER: N_("Security officer"),
    Role.LAW_EDITOR: N_("Law editor"),
    Role.AUDITOR: N_("Auditor: reads records, never what is sealed"),
    Role.SYSTEM: N_("System operator"),
}

_CASE_FILE = ("complaints", "orders", "deadlines", "credit", "merchants.merchant", "catalog.listing")
_EVERYTHING = (
    *("merchants", "catalog", "orders", "payments", "complaints", "credit", "deadlines", "rulebook"),
    *("oversight", "notifications", "accounts", "privacy"),
)

# Rooms ("orders") or single tables ("merchants.merchant") whose records a role may look at.
SEES: dict[Role, tuple[str, ...]] = {
    Role.REVIEWER: (*_CASE_FILE, "catalog.listingrevision", "payments.payment", "payments.refund"),
    Role.SENIOR: (
        *(*_CASE_FILE, "catalog.listingrevision", "payments.payment", "payments.refund"),
        *("merchants.appeal", "merchants.penalty", "merchants.inspection", "merchants.inspectionplan"),
        *("merchants.document", "merchants.brandclaim"),
        "merchants.application",
        *("catalog.submission", "catalog.listingreport", "oversight"),
        *("merchants.identitychange", "privacy.guardianlink"),
    ),
    Role.MERCHANT_DESK: ("merchants", "credit", "deadlines", "oversight"),
    Role.CATALOGUE_DESK: ("catalog", "merchants.merchant", "deadlines", "oversight"),
    Role.MONEY_DESK: ("payments", "orders", "merchants.merchant", "deadlines"),
    Role.PRIVACY_OFFICER: ("privacy", "deadlines", "notifications.letter"),
    Role.SECURITY_OFFICER: ("accounts", "notifications", "deadlines", "privacy"),
    Role.LAW_EDITOR: ("rulebook", "deadlines"),
    Role.AUDITOR: _EVERYTHING,
    Role.SYSTEM: (
        "notifications.delivery",
        "notifications.disruption",
        "deadlines",
        "payments.providercall",
        "payments.providernotice",
    ),
}

# What a role may do; each button and each use-case edge of the staff pages asks for one of these.
ACTS: dict[Role, tuple[str, ...]] = {
    Role.REVIEWER: (
        "accounts.find_person",
        "accounts.call_person",
        "complaints.read_complaint",
        "complaints.decide_complaint",
        "orders.decide_message_report",
    ),
    Role.SENIOR: (
        "accounts.call_person",
        "complaints.read_complaint",
        "complaints.decide_complaint",
        "complaints.decide_overdue",
        *("orders.decide_message_report", "orders.decide_overdue_message_report"),
        "merchants.read_document",
        "merchants.check_document",
        "merchants.decide_application",
        "deadlines.extend_deadline",
        "merchants.decide_appeal",
        "merchants.decide_overdue_appeal",
        "merchants.impose_penalty",
        "merchants.inspect_shop",
        *("catalog.decide_submission", "catalog.decide_overdue_submission"),
        *("catalog.decide_report", "catalog.decide_overdue_report"),
        *("oversight.decide_matter", "oversight.decide_overdue_matter"),
        *("privacy.check_guardian", "privacy.check_overdue_guardian"),
    ),
    Role.MERCHANT_DESK: (
        "accounts.call_person",
        *("merchants.decide_application", "merchants.change_standing", "merchants.decide_appeal"),
        *("merchants.read_document", "merchants.check_document", "merchants.impose_penalty"),
        *("merchants.inspect_shop", "oversight.decide_matter"),
    ),
    Role.CATALOGUE_DESK: (
        *(
            *("catalog.refuse_placement", "catalog.decide_report", "catalog.close_serial_alarm"),
            "catalog.suspend_listing",
            "catalog.change_schema",
            "catalog.decide_schema",
            "oversight.decide_matter",
        ),
        *("catalog.decide_submission", "catalog.check_certificate", "catalog.enter_evaluation"),
    ),
    Role.MONEY_DESK: (
        *("payments.pay_out_by_hand", "payments.advance_by_hand"),
        *("payments.release_payout", "payments.confirm_account"),
        *("payments.end_difference", "payments.correct_books", "payments.answer_dispute"),
        *("orders.make_campaign", "orders.answer_entry", "orders.chase_insurer", "orders.nudge_shop"),
    ),
    Role.PRIVACY_OFFICER: (
        "privacy.answer_request",
        "accounts.find_person",
        "accounts.call_person",
        "privacy.open_kept",
        "privacy.manage_breach",
        "privacy.approve_assessment",
        "privacy.note_filing",
        "privacy.check_guardian",
        "accounts.enter_mandate",
    ),
    Role.SECURITY_OFFICER: (
        "accounts.watch_security",
        "accounts.appoint_staff",
        "accounts.find_person",
        "accounts.call_person",
        "privacy.export_access",
        "accounts.freeze_account",
        "accounts.review_emergency",
        "accounts.handle_report",
        "privacy.manage_breach",
        "privacy.retire_master",
        "notifications.tell_disruption",
    ),
    Role.LAW_EDITOR: ("rulebook.propose_pack", "rulebook.confirm_pack", "rulebook.publish_rules"),
    Role.AUDITOR: ("accounts.review_emergency", "privacy.export_access", "accounts.watch_security"),
    Role.SYSTEM: ("notifications.tell_disruption",),
}

# Whoever works here: their own session and the glass.
EVERYBODY = ("accounts.break_glass",)


def may(role: Role, permission: str) -> bool:
    """Whether the role holds "app.verb_thing"; what stands in no table is refused."""
    label, _, verb = permission.partition(".")
    if permission in ACTS[role] or permission in EVERYBODY:
        return True
    action, _, model = verb.partition("_")
    return action == "view" and bool({label, f"{label}.{model}"} & set(SEES[role]))


def sees_room(role: Role, label: str) -> bool:
    """Whether anything in the room is open to the role."""
    open_rooms = {each.partition(".")[0] for each in (*SEES[role], *ACTS[role])}
    return label in open_rooms


def all_acts() -> tuple[str, ...]:
    """Every permission beyond looking, once, in the order of the roles."""
    found = [*EVERYBODY, *(act for acts in ACTS.values() for act in acts)]
    return tuple(dict.fromkeys(found))
