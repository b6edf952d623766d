"""Where categories stand in the tree, and how their schemas change."""

from __future__ import annotations

from django.db import models


class Department(models.Model):
    """A branch of the category tree: it holds categories, never listings, so it owes no facts itself."""

    slug = models.SlugField(primary_key=True, max_length=40)
    names = models.JSONField()
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.names.get("zh-hans", self.slug))
