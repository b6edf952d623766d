"""Freight templates for tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from catalog import freight_templates
from catalog.models import FreightTemplate
from kernel.actor import Actor
from kernel.ids import new_id
from tests.builders.shops import LISTED

EAST = {"places": ["CN-SH", "CN-ZJ"], "first": 1, "first_minor": 600, "further": 1, "further_minor": 200}
WEST = {"places": ["CN-XJ"], "first": 1, "first_minor": 2000, "further": 1, "further_minor": 1500}


def a_template(
    merchant: Any,
    *,
    name: str = "陶器快递",
    by: str = "piece",
    zones: Any = (EAST, WEST),
    at: datetime = LISTED,
) -> FreightTemplate:
    """Six yuan to Shanghai and Zhejiang, twenty to Xinjiang, nowhere else."""
    written = freight_templates.Written(name, by, list(zones))
    actor = Actor.member(new_id(), merchant.pk)
    return freight_templates.create(merchant_id=merchant.pk, written=written, actor=actor, at=at)
