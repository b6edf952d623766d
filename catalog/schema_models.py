"""Where categories stand in the tree, and how what they demand is changed by two people."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kernel.ids import new_id
from merchants.models import history


class Department(models.Model):
    """A branch of the category tree: it holds categories, never listings, so it owes no facts itself."""

    slug = models.SlugField(primary_key=True, max_length=40)
    names = models.JSONField()
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.names.get("zh-hans", self.slug))


class Category(models.Model):
    """A kind of goods with its own disclosure schema; reference data, so its slug is its key."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="categories", null=True)

    slug = models.SlugField(primary_key=True, max_length=40)
    names = models.JSONField()
    schema = models.JSONField()
    schema_version = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return str(self.names.get("zh-hans", self.slug))


class CategorySchema(models.Model):
    """Every version of a category's schema, so that an old revision keeps its labels and duties."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    schema = models.JSONField()
    loaded_at = models.DateTimeField()
    by_staff = models.BooleanField(default=False)

    append_only = True

    class Meta:
        triggers = [history("category_schema_is_append_only")]
        constraints = [
            models.UniqueConstraint(name="category_schema_once_per_version", fields=["category", "version"])
        ]

    def __str__(self) -> str:
        return f"{self.category_id} v{self.version}"


class SchemaChange(models.Model):
    """A new version of a category's schema: written by one person, put in force by another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    category = models.ForeignKey("catalog.Category", on_delete=models.PROTECT, related_name="+")
    from_version = models.PositiveIntegerField()
    version = models.PositiveIntegerField(null=True, blank=True)
    schema = models.JSONField()
    reason = models.TextField(max_length=2000, blank=True, default="")
    grace_days = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, default="draft")
    begun_by = models.UUIDField()
    begun_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="schema_change_state_is_known",
                condition=Q(state__in=["draft", "proposed", "in_force", "refused"]),
            ),
            models.CheckConstraint(
                name="schema_change_takes_two_people",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("begun_by")),
            ),
            models.CheckConstraint(
                name="schema_change_in_force_was_decided",
                condition=~Q(state="in_force")
                | (Q(decided_by__isnull=False, version__isnull=False) & ~Q(reason="")),
            ),
            models.UniqueConstraint(
                name="schema_change_one_at_a_time",
                fields=["category"],
                condition=Q(state__in=["draft", "proposed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category_id} from v{self.from_version}"


class SchemaNotice(models.Model):
    """Told to a shop: what it sells falls short of a new version, and until when it may stay."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    change = models.ForeignKey(SchemaChange, on_delete=models.PROTECT, related_name="notices")
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    listings = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    told_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    tenant = "merchant"

    class Meta:
        constraints = [
            models.UniqueConstraint(name="schema_notice_once_per_shop", fields=["change", "merchant"]),
            models.CheckConstraint(name="schema_notice_is_about_listings", condition=Q(listings__gt=0)),
            models.CheckConstraint(name="schema_notice_gives_time", condition=Q(due_at__gt=F("told_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.change_id} → {self.merchant_id}"
