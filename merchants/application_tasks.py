"""The tasks of an application: who has which, what each asks for, and when its answers are whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum

from accounts import verifiers
from kernel.days import is_countable
from kernel.errors import N_
from merchants import numbers
from merchants.document_kinds import DocumentKind, number_fits
from merchants.seller_kinds import USED_THINGS
from merchants.texts import TEXTS

Answers = Mapping[str, str]
# Field → msgid of what is wrong with it.
Problems = dict[str, str]


class Task(StrEnum):
    IDENTITY = "identity"
    PERMITS = "permits"
    OWNER = "owner"
    PAYOUT = "payout"
    RETURNS = "returns"
    CONTACTS = "contacts"
    CONTRACT = "contract"
    TRAINING = "training"


class TaskState(StrEnum):
    TODO = "todo"
    SAVED = "saved"
    COMPLETE = "complete"
    SENT_BACK = "sent_back"
    ACCEPTED = "accepted"


TASK_WORDS = {
    Task.IDENTITY: N_("Who you are"),
    Task.PERMITS: N_("Permits for what you sell"),
    Task.OWNER: N_("Who the business belongs to"),
    Task.PAYOUT: N_("Account and deposit"),
    Task.RETURNS: N_("Where returns go"),
    Task.CONTACTS: N_("Contacts"),
    Task.CONTRACT: N_("Contract and rules"),
    Task.TRAINING: N_("Training quiz"),
}
STATE_WORDS = {
    TaskState.TODO: N_("To do"),
    TaskState.SAVED: N_("Saved, not complete"),
    TaskState.COMPLETE: N_("Complete"),
    TaskState.SENT_BACK: N_("Sent back"),
    TaskState.ACCEPTED: N_("Accepted"),
}
DONE = frozenset({TaskState.COMPLETE, TaskState.ACCEPTED})

# What a seller without registration declares: the first is no trader at all, the others trade without
# registration (Order 37 art. 8 and 12) and owe buyers all that traders owe.
DECLARATIONS = {
    USED_THINGS: N_("I sell used things of my own and don't trade."),
    "farm": N_("I sell farm goods of my own."),
    "handicraft": N_("I sell household handicrafts of my own."),
    "labour": N_("I offer licence-free labour of my own for convenience."),
    "petty": N_("I trade occasionally and in small amounts."),
}
OWNER_ROLES = {
    "shares": N_("Holds a quarter of the shares or more"),
    "control": N_("Controls the business in another way"),
    "represents": N_("Legal representative; nobody owns that much"),
}
MISSING = N_("Fill this in.")
NUMBER_UNFIT = N_("One character of this number is missing or differs. Compare it with the document.")
OVER = N_("This has ended already. Hand in one that is valid today.")
NO_DATE = N_("Write a date like 2027-06-30.")
NOT_THE_NAME = N_(
    "The account has to belong to whoever sells: write the name exactly as under “Who you are”."
)
NOT_ACCEPTED = N_("Without this yes we can't admit the shop.")
NO_PERMIT = N_("Hand in at least one permit below, or say that you need none.")
NO_DOCUMENT = N_("Choose the picture or PDF of the document.")
PHONE = re.compile(r"[+\d][\d\s()-]{5,28}")
NO_PHONE = N_("Write a telephone number, with its area or country code.")
ACCOUNT_UNFIT = N_(
    "This account number can't be right: one of its digits differs. Compare it with your card."
)


def tasks_for(kind: str) -> tuple[Task, ...]:
    """A private seller is the owner; everybody else says who stands behind the business."""
    return tuple(task for task in Task if task is not Task.OWNER or kind != "private")


def identity_document(kind: str) -> DocumentKind:
    return DocumentKind.IDENTITY_CARD if kind == "private" else DocumentKind.BUSINESS_LICENCE


def check(task: Task, answers: Answers, *, identity: Answers, place: str, today: date) -> Problems:
    """What still stands in the way of this task; empty when it is complete.

    Permits and training also rest on rows elsewhere, which the use case looks at.
    """
    found = _CHECKS[task](answers, identity, place, today)
    return {field: words for field, words in found.items() if words}


def _missing(answers: Answers, *names: str) -> Problems:
    return {name: MISSING for name in names if not answers.get(name, "").strip()}


def _identity(answers: Answers, identity: Answers, place: str, today: date) -> Problems:
    found = _missing(answers, "kind", "display_name", "legal_name", "number", "address_public")
    kind = answers.get("kind", "")
    number = numbers.normal(answers.get("number", ""))
    if number and not number_fits(identity_document(kind), number, place=place, on=today):
        found["number"] = NUMBER_UNFIT
    if not answers.get("file"):
        found["file"] = NO_DOCUMENT
    if kind == "private":
        found |= {} if answers.get("back") else {"back": NO_DOCUMENT}
        found |= {} if answers.get("declaration") in DECLARATIONS else {"declaration": MISSING}
    return found | _end(answers.get("valid_until", ""), today)


def _end(text: str, today: date) -> Problems:
    if not text:
        return {}
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return {"valid_until": NO_DATE}
    if not is_countable(day):
        return {"valid_until": NO_DATE}
    return {"valid_until": OVER} if day < today else {}


def _permits(answers: Answers, identity: Answers, place: str, today: date) -> Problems:
    found = {} if answers.get("sells") in ("none", "some") else {"sells": MISSING}
    if not (answers.get("number") or answers.get("file")):
        return found
    # A permit is being added: it has to be whole before it becomes a document.
    found |= _missing(answers, "kind", "number")
    found |= {} if answers.get("file") else {"file": NO_DOCUMENT}
    number = numbers.normal(answers.get("number", ""))
    if number and not number_fits(answers.get("kind", ""), number, place=place, on=today):
        found["number"] = NUMBER_UNFIT
    return found | _end(answers.get("valid_until", ""), today)


def _owner(answers: Answers, identity: Answers, place: str, today: date) -> Problems:
    found = _missing(answers, "name", "number", "role")
    number = numbers.normal(answers.get("number", ""))
    if number and place == "CN" and not verifiers.is_identity_number(number, on=today):
        found["number"] = NUMBER_UNFIT
    return found


def _payout(answers: Answers, identity: Answers, place: str, today: date) -> Problems:
    found = _missing(answers, "holder", "bank", "number")
    number = numbers.normal(answers.get("number", ""))
    person = identity.get("kind") != "company"
    fits = verifiers.is_account_number(number) if person else re.fullmatch(r"\d{8,32}", number)
    if number and place == "CN" and not fits:
        found["number"] = ACCOUNT_UNFIT
    if answers.get("holder") and not same_name(answers["holder"], identity.get("legal_name", "")):
        found["holder"] = NOT_THE_NAME
    return found | ({} if answers.get("deposit") else {"deposit": NOT_ACCEPTED})


def same_name(one: str, other: str) -> bool:
    """Half and full width, spaces and brackets aside."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return re.sub(r"[()\[\]]", "", numbers.normal(name))


def _returns(answers: Answers, identity: Answers, place: str, today: date) -> Problems:
    found = _missing(answers, "recipient", "phone", "region", "address")
    return found | _phone(answers, "phone")


def _contacts(answers: Answers, identity: Answers, place: str, today: date) -> Problems:
    found = _missing(answers, "contact_public", "contact_name", "contact_phone")
    return found | _phone(answers, "contact_phone")


def _phone(answers: Answers, name: str) -> Problems:
    given = answers.get(name, "").strip()
    return {name: NO_PHONE} if given and not PHONE.fullmatch(given) else {}


def _contract(answers: Answers, identity: Answers, place: str, today: date) -> Problems:
    return {text.key: NOT_ACCEPTED for text in TEXTS if answers.get(text.key) != text.version}


def _training(answers: Answers, identity: Answers, place: str, today: date) -> Problems:
    return {}


_CHECKS: dict[Task, Callable[[Answers, Answers, str, date], Problems]] = {
    Task.IDENTITY: _identity,
    Task.PERMITS: _permits,
    Task.OWNER: _owner,
    Task.PAYOUT: _payout,
    Task.RETURNS: _returns,
    Task.CONTACTS: _contacts,
    Task.CONTRACT: _contract,
    Task.TRAINING: _training,
}
