"""Quizzes that people of shops and of the platform took."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kernel.ids import new_id
from merchants.models.shops import history


class TrainingAttempt(models.Model):
    """One try at a course's quiz: what was answered, and until when a pass counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_id = models.UUIDField()
    course = models.CharField(max_length=20)
    version = models.CharField(max_length=20)
    answers = models.JSONField(default=dict)
    right = models.PositiveSmallIntegerField()
    asked = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    valid_until = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()

    append_only = True

    class Meta:
        triggers = [history("training_attempt_is_append_only")]
        constraints = [
            models.CheckConstraint(
                name="training_right_answers_are_at_most_all",
                condition=Q(asked__gt=0) & Q(right__lte=F("asked")),
            ),
            models.CheckConstraint(
                name="training_passed_counts_until",
                condition=Q(passed=True, valid_until__isnull=False)
                | Q(passed=False, valid_until__isnull=True),
            ),
        ]
        indexes = [models.Index(name="training_of_a_person", fields=["subject_id", "course", "-at"])]

    def __str__(self) -> str:
        return f"{self.course} {self.version}: {self.right}/{self.asked}"
