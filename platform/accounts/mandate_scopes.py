"""What a mandate can name. Where money goes is in no scope: that stays with the person."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    ORDERS = "orders", _("See orders")
    BUY = "buy", _("Buy and pay")
    RETURNS = "returns", _("Send things back")
    COMPLAINTS = "complaints", _("Lead complaints")
    PRIVACY = "privacy", _("Ask privacy questions")


# For doors that no mandate opens: reviews are one's own word.
NONE = "none"


class Kinship(models.TextChoices):
    FAMILY = "family", _("Family")
    LAWYER = "lawyer", _("Lawyer")
    CONSUMER_GROUP = "consumer_group", _("Consumer association")
    OTHER = "other", _("Somebody else I trust")
