"""Merchants and members, asked for as the trade would."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import apps as django_apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable

from kernel.errors import NotFound
from merchants.document_lifecycle import DocumentState
from merchants.lifecycle import SELLING, MerchantState

if TYPE_CHECKING:
    from datetime import date

    from merchants.models import Application, BrandClaim, Document, Membership, Merchant


class MerchantQuerySet(models.QuerySet["Merchant"]):
    def locked(self, pk: UUID) -> Merchant:
        """The merchant with its row held until the transaction ends.

        :raises NotFound: when there is none
        """
        row = self.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def selling(self) -> MerchantQuerySet:
        return self.filter(state__in=[str(state) for state in SELLING])

    def known_to_the_public(self) -> MerchantQuerySet:
        """Every shop that was ever admitted: a closed shop's identity stays findable."""
        return self.filter(since__isnull=False)

    def awaiting_decision(self) -> MerchantQuerySet:
        return self.filter(state=MerchantState.APPLIED).order_by("applied_at", "id")

    def get_or_not_found(self, **where: object) -> Merchant:
        row = self.filter(**where).first()
        if row is None:
            raise NotFound
        return row


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of_person(self, subject_id: UUID) -> MembershipQuerySet:
        return self.filter(subject_id=subject_id, ended_at__isnull=True)

    def at_shop(self, slug: str) -> Membership | None:
        return self.select_related("merchant").filter(merchant__slug=slug).first()

    def still_there(self, pk: UUID) -> Membership | None:
        return self.filter(pk=pk, ended_at__isnull=True).first()

    def with_merchant(self) -> MembershipQuerySet:
        return self.select_related("merchant").order_by("merchant__display_name", "id")


class DocumentQuerySet(models.QuerySet["Document"]):
    def locked(self, pk: UUID) -> Document:
        """:raises NotFound: when there is none"""
        row = (
            self.select_for_update(of=("self",), no_key=True).select_related("merchant").filter(pk=pk).first()
        )
        if row is None:
            raise NotFound
        return row

    def of_shop(self, merchant_id: UUID) -> DocumentQuerySet:
        return self.filter(merchant_id=merchant_id).order_by("-handed_in_at", "-id")

    def valid_on(self, day: date) -> DocumentQuerySet:
        """Checked, begun and not run out on that local day."""
        return self.filter(
            models.Q(valid_from__isnull=True) | models.Q(valid_from__lte=day),
            models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=day),
            state=DocumentState.VERIFIED,
        )

    def to_check(self) -> DocumentQuerySet:
        """Handed in, those that wait too long first."""
        waiting = self.filter(state=DocumentState.HANDED_IN)
        return waiting.order_by(models.F("overdue_at").asc(nulls_last=True), "handed_in_at", "id")


class ApplicationQuerySet(models.QuerySet["Application"]):
    def locked(self, pk: UUID) -> Application:
        """The application, its shop's row held first. :raises NotFound: when there is none"""
        row = self.select_related("merchant").filter(pk=pk).first()
        if row is None:
            raise NotFound
        type(row.merchant).objects.locked(row.merchant_id)
        return self.select_for_update(of=("self",), no_key=True).select_related("merchant").get(pk=pk)

    def of_person(self, subject_id: UUID) -> ApplicationQuerySet:
        return self.filter(applicant_id=subject_id).select_related("merchant").order_by("-started_at", "-id")


class BrandClaimQuerySet(models.QuerySet["BrandClaim"]):
    def locked(self, pk: UUID) -> BrandClaim:
        """:raises NotFound:"""
        row = self.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def running(self) -> BrandClaimQuerySet:
        return self.filter(ended_at__isnull=True)

    def whole(self, *, day: date, place: str, category: str | Combinable | None = None) -> BrandClaimQuerySet:
        """Those whose every link is proved and in force on that day, there, and for the category.

        Nothing of it is stored, so nothing of it can be out of date. A category of the statement around
        this one is named as `OuterRef(OuterRef(...))`.
        """
        link = django_apps.get_model("merchants", "BrandLink")._default_manager
        papers = django_apps.get_model("merchants", "BrandPaper")._default_manager
        proved = papers.filter(link=OuterRef("pk"), document__in=_in_force(day))
        covers = Q(Exists(proved), territory__overlap=[place, "*"])
        if category is not None:
            covers &= Q(categories__contains=[category])
        broken = link.filter(claim=OuterRef("pk")).exclude(covers)
        last = link.filter(claim=OuterRef("pk"), position=OuterRef("length") - 1)
        return self.running().filter(Exists(last), ~Exists(broken))


def _in_force(day: date) -> DocumentQuerySet:
    model = django_apps.get_model("merchants", "Document")
    found: DocumentQuerySet = model._default_manager.all()
    return found.valid_on(day)
