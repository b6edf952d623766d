"""Reports of illegal offers, sent through the use case; with a picture unless said otherwise."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from catalog import reports
from catalog.models import ListingReport
from kernel.actor import Actor
from outbox import relay
from privacy.subjects import create_subject
from tests.builders.shops import LISTED
from tests.privacy.pictures import a_jpeg_upload

WORDS = "电池没有 3C 标志，充电时冒烟，我拍了照片。"


def a_report(
    listing: Any, *, subject_id: UUID | None = None, at: datetime = LISTED, **changes: Any
) -> ListingReport:
    facts = {"cause": "unsafe", "words": WORDS, "file": a_jpeg_upload("smoke.jpg"), **changes}
    reporter = subject_id or create_subject(locale="zh-hans", at=at).pk
    made = reports.report(
        listing_id=listing.pk, told=reports.Told(**facts), actor=Actor.buyer(reporter), at=at
    )
    relay.drain_all()
    return made
