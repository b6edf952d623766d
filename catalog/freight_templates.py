"""A shop's freight templates: written, changed for the listings that use them, and given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from catalog import freight, publishing
from catalog.drafts import with_freight
from catalog.lifecycle import ListingState
from catalog.models import FreightTemplate, Listing
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from merchants.models import Merchant

NAME_LENGTH, MOST = 40, 50
# How many of its templates a refusal names.
NAMED = 10
# So many listings get a changed freight at one press; the page says how many are left.
AT_ONCE = 100


class FreightNameRefused(Invalid):
    code = "freight_name_refused"
    message = N_("Give the freight template a name of at most %(limit)s characters.")


class FreightNameTaken(DomainError):
    code = "freight_name_taken"
    message = N_("You already have a freight template called “%(name)s”. Choose another name.")


class TooManyTemplates(DomainError):
    code = "too_many_freight_templates"
    message = N_("A shop has at most %(limit)s freight templates. Change one that you have.")


class TemplateInUse(DomainError):
    code = "freight_template_in_use"
    message = N_(
        "“%(name)s” stays: %(count)s listings use it. Give them another freight first, then delete it."
    )


class NoSuchTemplate(Invalid):
    code = "no_such_freight_template"
    message = N_(
        "Your shop has no freight template “%(name)s”. It has: %(known)s. Write one of these, or make it"
        " first under “Freight templates”."
    )


class NoTemplateYet(NoSuchTemplate):
    code = "no_freight_template_yet"
    message = N_(
        "Your shop has no freight template “%(name)s”, nor any other. Make it first under “Freight"
        " templates”, or write a fixed freight."
    )


@dataclass(frozen=True, slots=True)
class Written:
    """What a person wrote; `zones` as `freight.checked_zones` reads them, `never` as `checked_never`,
    `express_days` and `express` as `checked_express`."""

    name: str
    by: str
    zones: Sequence[Mapping[str, Any]]
    never: Sequence[str] = ()
    express_days: int | None = None
    express: Sequence[Mapping[str, Any]] = ()

    def checked(self) -> dict[str, Any]:
        name = " ".join(self.name.split())
        if not 0 < len(name) <= NAME_LENGTH or any(ord(each) < 32 for each in name):
            raise FreightNameRefused(limit=NAME_LENGTH, field="name")
        if self.by not in freight.KINDS:
            raise freight.FreightRefused(field="by")
        never = freight.checked_never(self.never)
        zones = freight.checked_zones(self.zones, never)
        express = freight.checked_express(self.express_days, self.express, never)
        return {"name": name, "by": self.by, "zones": zones, "never": never, "express": express}


@transaction.atomic
def create(*, merchant_id: UUID, written: Written, actor: Actor, at: datetime) -> FreightTemplate:
    """A new template of the shop.

    :raises FreightRefused, ExpressDaysRefused, PlaceTwice, FreightNameRefused: with the field
    :raises FreightNameTaken:
    :raises TooManyTemplates:
    """
    told, merchant = written.checked(), Merchant.objects.locked(merchant_id)
    if FreightTemplate.objects.of_merchant(merchant_id).count() >= MOST:
        raise TooManyTemplates(limit=MOST)
    return _save(FreightTemplate(merchant=merchant), told, at)


@transaction.atomic
def change(*, template_id: UUID, written: Written, actor: Actor, at: datetime) -> FreightTemplate:
    """Change it; drafts that use it follow at once, what is on sale when it is put on sale again.

    :raises NotFound: :raises FreightRefused, PlaceTwice, FreightNameRefused, FreightNameTaken:
    """
    told, template = written.checked(), FreightTemplate.objects.locked(template_id)
    if any(told[key] != getattr(template, key) for key in ("by", "zones", "express")):
        template.version += 1
    _save(template, told, at)
    listings = list(Listing.objects.using_template(template.pk).select_for_update(of=("self",), no_key=True))
    for listing in listings:
        listing.draft = with_freight({**listing.draft, "freight": template.terms})
    Listing.objects.bulk_update(listings, ["draft"], batch_size=200)
    return template


def _save(template: FreightTemplate, told: Mapping[str, Any], at: datetime) -> FreightTemplate:
    for name in ("name", "by", "zones", "never", "express"):
        setattr(template, name, told[name])
    template.changed_at = at
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as error:
        if "freight_template_name_once_per_merchant" not in str(error):
            raise
        raise FreightNameTaken(name=template.name, field="name") from error
    return template


@transaction.atomic
def remove(*, template_id: UUID, actor: Actor, at: datetime) -> None:
    """Give it up; what was sold under it keeps what it froze.

    :raises NotFound: :raises TemplateInUse: a listing still names it
    """
    template = FreightTemplate.objects.locked(template_id)
    used = Listing.objects.using_template(template.pk).count()
    if used:
        raise TemplateInUse(name=template.name, count=used)
    template.removed_at = at
    template.save(update_fields=["removed_at"])


Known = dict[tuple[UUID, str], FreightTemplate]


def in_changes(merchant_id: UUID, changes: Mapping[str, Any], known: Known | None = None) -> dict[str, Any]:
    """`changes` with the terms of the template that they name by id or name; None or "" takes it away.

    `known` are templates that rows before have named; it grows.

    :raises NoSuchTemplate: another shop's, removed or absent
    """
    if "freight_template" not in changes:
        return dict(changes)
    told = {key: value for key, value in changes.items() if key != "freight_template"}
    wanted = str(changes["freight_template"] or "").strip()
    if not wanted:
        return {**told, "freight": None}
    known = {} if known is None else known
    found = known.get((merchant_id, wanted)) or named(merchant_id, wanted)
    known[merchant_id, wanted] = found
    return {**told, "freight": found.terms}


def named(merchant_id: UUID, wanted: str) -> FreightTemplate:
    """:raises NoSuchTemplate: :raises NoTemplateYet:"""
    rows = FreightTemplate.objects.of_merchant(merchant_id)
    try:
        found = rows.filter(pk=UUID(wanted)).first()
    except ValueError:
        found = rows.filter(name=" ".join(wanted.split())).first()
    if found is None:
        raise _unknown(wanted[:NAME_LENGTH], [each.name for each in rows.order_by("name")[: NAMED + 1]])
    return found


def _unknown(name: str, known: Sequence[str]) -> NoSuchTemplate:
    if not known:
        return NoTemplateYet(name=name, field="freight_template")
    said = ", ".join(known[:NAMED]) + (" …" if len(known) > NAMED else "")
    return NoSuchTemplate(name=name, known=said, field="freight_template")


def outdated(template: FreightTemplate) -> list[UUID]:
    """What is on sale with a freight that the template no longer says."""
    rows = Listing.objects.using_template(template.pk).filter(state=ListingState.LIVE)
    rows = rows.exclude(
        live_revision__content__freight__template=str(template.pk),
        live_revision__content__freight__version=template.version,
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def put_on_sale(*, template: FreightTemplate, actor: Actor, at: datetime) -> tuple[int, int]:
    """Publish the changed freight of what is on sale, and nothing else of its draft: (done, refused)."""
    done = refused = 0
    for listing_id in outdated(template)[:AT_ONCE]:
        try:
            _publish(listing_id, template, actor=actor, at=at)
            done += 1
        except DomainError:
            refused += 1
    return done, refused


@transaction.atomic
def _publish(listing_id: UUID, template: FreightTemplate, *, actor: Actor, at: datetime) -> None:
    listing = Listing.objects.select_related("live_revision").get(pk=listing_id)
    said = listing.live_revision.content if listing.live_revision else {}
    draft = with_freight({**said, "freight": template.terms})
    publishing.publish(listing_id=listing_id, draft=draft, actor=actor, at=at)
