"""To whom an invoice is made out: checked, sealed, and kept for the next one if the person wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import linking
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from merchants import numbers
from orders.invoice_states import MOST_TITLES, TITLE_LENGTH, TitleKind
from orders.models import InvoiceTitle
from privacy.models import Subject


class TitleMissing(Invalid):
    code = "invoice_title_missing"
    message = N_("Enter the name that the invoice is made out to, with at most %(most)s characters.")


class TaxNumberWrong(Invalid):
    code = "invoice_tax_number_wrong"
    message = N_(
        "This tax number can't be right: 18 characters, the last one worked out from the others."
        " Copy it from the company's licence."
    )


class TitlesFull(DomainError):
    code = "invoice_titles_full"
    message = N_("You keep %(most)s invoice titles already. Delete one that you don't need.")


@dataclass(frozen=True, slots=True)
class Title:
    """`tax_number` is a company's; for a person there is none."""

    kind: TitleKind
    title: str
    tax_number: str = ""

    @classmethod
    def written(cls, kind: str, title: str, tax_number: str = "") -> Title:
        """As typed, in its normal form. :raises TitleMissing, TaxNumberWrong: with the field to change"""
        known = TitleKind.COMPANY if kind == TitleKind.COMPANY else TitleKind.PERSON
        number = numbers.normal(tax_number) if known is TitleKind.COMPANY else ""
        made = cls(known, " ".join(title.split()), number)
        made.check()
        return made

    def check(self) -> None:
        """:raises TitleMissing, TaxNumberWrong: with the field to change"""
        if not self.title or len(self.title) > TITLE_LENGTH:
            raise TitleMissing(field="title", most=TITLE_LENGTH)
        if self.kind is TitleKind.COMPANY and not numbers.is_credit_code(self.tax_number):
            raise TaxNumberWrong(field="tax_number")

    @property
    def cells(self) -> dict[str, str]:
        """As a row keeps them."""
        return {"kind": str(self.kind), "title": self.title, "tax_number": self.tax_number}


@transaction.atomic
def keep(*, title: Title, actor: Actor, at: datetime) -> InvoiceTitle:
    """Keep it for the next invoice; the same one again is found, not doubled.

    :raises NotFound: nobody :raises TitlesFull: and what `Title.check` refuses
    """
    title.check()
    subject_id = _locked(actor)
    mine = titles_of(actor)
    same = next((each for each in mine if _cells(each) == title.cells), None)
    if same is not None:
        return same
    if len(mine) >= MOST_TITLES:
        raise TitlesFull(most=MOST_TITLES)
    taken = {each.seat for each in mine if each.subject_id == subject_id}
    seat = next(number for number in range(1, MOST_TITLES + 1) if number not in taken)
    return InvoiceTitle.objects.create(subject_id=subject_id, seat=seat, changed_at=at, **title.cells)


@transaction.atomic
def give_up(*, title_id: UUID, actor: Actor) -> None:
    """Delete it; invoices that were made out to it stay. :raises NotFound: another person's, or none"""
    _locked(actor)
    title_of(actor, title_id).delete()


def titles_of(actor: Actor) -> Sequence[InvoiceTitle]:
    """The person's own and those of the guest they were, the one kept last first."""
    return list(InvoiceTitle.objects.of_person(actor.subject_id)) if actor.subject_id else []


def title_of(actor: Actor, title_id: UUID) -> InvoiceTitle:
    """:raises NotFound: another person's, or none"""
    found = next((each for each in titles_of(actor) if each.pk == title_id), None)
    if found is None:
        raise NotFound
    return found


def _cells(row: InvoiceTitle) -> dict[str, str]:
    return {"kind": row.kind, "title": row.title, "tax_number": row.tax_number}


def _locked(actor: Actor) -> UUID:
    """The person's row, so that two presses can't take one seat. :raises NotFound:"""
    if actor.subject_id is None:
        raise NotFound
    people = [actor.subject_id, *linking.guests_of(actor.subject_id)]
    list(Subject.objects.filter(pk__in=people).order_by("pk").select_for_update(no_key=True))
    return actor.subject_id
