"""The words in which every room says what it holds about people: the privacy inventory is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kernel.errors import N_


class Sensitivity(StrEnum):
    """How much harm a leak does; the strictest class that applies."""

    PUBLIC = "public"
    GENERAL = "general"
    SENSITIVE = "sensitive"
    MINORS = "minors"
    PAYMENT = "payment"


class Purpose(StrEnum):
    """Why we hold something, in the words that the person reads in the privacy centre."""

    SIGN_IN = "sign_in"
    DELIVERY = "delivery"
    FINDING = "finding"
    PAYMENT = "payment"
    AFTER_SALES = "after_sales"
    COMPLAINTS = "complaints"
    REVIEWS = "reviews"
    LETTERS = "letters"
    SHOP = "shop"
    SECURITY = "security"
    RIGHTS = "rights"


PURPOSE_WORDS: dict[Purpose, str] = {
    Purpose.SIGN_IN: N_("To know that it is you"),
    Purpose.DELIVERY: N_("To bring you what you bought"),
    Purpose.FINDING: N_("To find goods again for you"),
    Purpose.PAYMENT: N_("To take and return money"),
    Purpose.AFTER_SALES: N_("To handle returns and refunds"),
    Purpose.COMPLAINTS: N_("To decide complaints"),
    Purpose.REVIEWS: N_("To show reviews"),
    Purpose.LETTERS: N_("To write to you"),
    Purpose.SHOP: N_("To run a shop"),
    Purpose.SECURITY: N_("To keep the account safe"),
    Purpose.RIGHTS: N_("To carry out your privacy rights"),
}


class Basis(StrEnum):
    """The legal ground of holding it (PIPL art. 13, GDPR art. 6)."""

    CONTRACT = "contract"
    CONSENT = "consent"
    LEGAL_DUTY = "legal_duty"
    LEGITIMATE_INTEREST = "legitimate_interest"


class SeenBy(StrEnum):
    """Who may read it, besides the person."""

    MERCHANT = "merchant"
    CARRIER = "carrier"
    REVIEWER = "reviewer"
    OFFICER = "officer"
    EVERYONE = "everyone"


class AtErasure(StrEnum):
    """What becomes of a column when the person is erased."""

    DELETE_ROW = "delete_row"
    BLANK = "blank"
    SHRED = "shred"
    KEEP = "keep"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Keeping:
    """A duty to keep: the rule of the law pack, and the look-up of the instant from which it counts.

    While that instant is empty (an order that runs on), erasure of the row waits. Where `owed` names an
    instant that is empty (an order that was never paid), no duty ever arose and the column is shredded.
    """

    rule_id: str
    since: str
    owed: str = ""


@dataclass(frozen=True, slots=True)
class PersonalField:
    """One column that says something about a person.

    `column` is "app.Model.field"; `subject` the look-up from its row to the person's subject id; `keeping`
    is named exactly when `erasure` is KEEP; `why` tells what STAYS and why that is nobody any more, or why a
    column that matters stands unsealed. A kept relation to
    a stored file keeps its name and its bytes.
    """

    column: str
    sensitivity: Sensitivity
    purpose: Purpose
    basis: Basis
    seen_by: tuple[SeenBy, ...] = ()
    erasure: AtErasure = AtErasure.SHRED
    keeping: Keeping | None = None
    subject: str = "subject_id"
    why: str = ""

    def __post_init__(self) -> None:
        if (self.erasure is AtErasure.KEEP) != (self.keeping is not None):
            raise ValueError(f"{self.column}: name the keeping rule exactly when it is kept")
        if self.erasure is AtErasure.STAYS and not self.why:
            raise ValueError(f"{self.column}: say why it may stay")

    @property
    def model(self) -> str:
        return self.column.rpartition(".")[0]

    @property
    def name(self) -> str:
        return self.column.rpartition(".")[2]
