"""Making and finding subjects."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from privacy import keys
from privacy.models import Subject


@transaction.atomic
def create_subject(*, locale: str, at: datetime) -> Subject:
    """A new subject with a data key of its own; `locale` is zh-hans, zh-hant or en."""
    subject = Subject.objects.create(locale=locale, created_at=at)
    keys.create(subject_id=subject.pk, at=at)
    return subject
