"""The draft behind the three pages of filing: every step is kept, nothing is lost by going back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts import linking
from complaints import limits, saying
from complaints.grounds import Wish
from complaints.intake import Story, open_complaint
from complaints.models import Complaint, ComplaintDraft
from kernel.actor import Actor
from kernel.errors import N_, DomainError, NotFound
from kernel.money import Money
from orders.models import Order
from privacy.models import FileState, StoredFile


class DraftIncomplete(DomainError):
    code = "draft_incomplete"
    message = N_("First tell what happened and what you want; then check and file it.")
    status = 422


STORY_KEYS = ("category", "wish", "text", "asked_minor", "line_id", "field")


def draft_of(*, order: Order, actor: Actor) -> ComplaintDraft | None:
    """The person's own draft for this order."""
    if actor.subject_id is None:
        return None
    return ComplaintDraft.objects.filter(order=order, subject_id=actor.subject_id).first()


def story_of(draft: ComplaintDraft | None) -> dict[str, str]:
    """What was told so far, by form field."""
    return dict(json.loads(draft.story)) if draft is not None else {}


@transaction.atomic
def keep_story(*, order_id: UUID, told: Mapping[str, str], actor: Actor, at: datetime) -> ComplaintDraft:
    """Keep the first page as it was filled in."""
    draft = _own(order_id, actor, at)
    draft.story = json.dumps({key: told.get(key, "") for key in STORY_KEYS}, ensure_ascii=False)
    draft.saved_at = at
    draft.save()
    return draft


@transaction.atomic
def keep_files(
    *, order_id: UUID, uploads: Sequence[UploadedFile[bytes]], actor: Actor, at: datetime
) -> ComplaintDraft:
    """Add files to the draft; they are examined meanwhile.

    :raises TooManyFiles, FileTooLarge, FileTypeRefused, FileEmpty: nothing is added then
    """
    draft = _own(order_id, actor, at)
    if len(draft.file_ids) + len(uploads) > limits.FILES_LIMIT:
        raise limits.TooManyFiles(limit=limits.FILES_LIMIT)
    stored = saying.receive_all(uploads, subject_id=draft.subject_id, actor=actor, at=at)
    draft.file_ids = [*draft.file_ids, *(one.pk for one in stored)]
    draft.saved_at = at
    draft.save()
    return draft


@transaction.atomic
def drop_file(*, order_id: UUID, file_id: UUID, actor: Actor, at: datetime) -> None:
    """Take a file out of the draft again; a foreign one changes nothing."""
    draft = _own(order_id, actor, at)
    draft.file_ids = [one for one in draft.file_ids if one != file_id]
    draft.saved_at = at
    draft.save()


def files_of(draft: ComplaintDraft | None) -> list[StoredFile]:
    """The draft's files in the order they came, refused ones included."""
    if draft is None:
        return []
    known = {one.pk: one for one in StoredFile.objects.filter(pk__in=draft.file_ids)}
    return [known[file_id] for file_id in draft.file_ids if file_id in known]


@transaction.atomic
def file_draft(*, order_id: UUID, actor: Actor, at: datetime) -> Complaint:
    """Turn the draft into an open complaint.

    :raises DraftIncomplete: before the first page was filled in; and all that `open_complaint` raises
    """
    draft = _own(order_id, actor, at)
    told = story_of(draft) if draft.story else {}
    if not told.get("category"):
        raise DraftIncomplete()
    shown = [one for one in files_of(draft) if one.state != FileState.REFUSED]
    complaint = open_complaint(order_id=order_id, story=as_story(told), shown=shown, actor=actor, at=at)
    draft.delete()
    return complaint


def as_story(told: Mapping[str, str]) -> Story:
    # A sum typed beside another wish and left there asks for nothing.
    asked = told.get("asked_minor") if told.get("wish") == Wish.PART_REFUND else ""
    line = told.get("line_id")
    return Story(
        category=told.get("category", ""),
        wish=told.get("wish", ""),
        text=told.get("text", ""),
        asked=Money(int(asked)) if asked else None,
        line_id=UUID(line) if line else None,
        field=told.get("field", ""),
    )


def _own(order_id: UUID, actor: Actor, at: datetime) -> ComplaintDraft:
    """The person's draft, locked; a new empty one if there is none. :raises NotFound: foreign order"""
    order = Order.objects.locked(order_id)
    if actor.subject_id is None or not linking.same_person(actor.subject_id, order.subject_id):
        raise NotFound()
    found = ComplaintDraft.objects.filter(order=order, subject_id=actor.subject_id).first()
    if found is not None:
        return found
    draft = ComplaintDraft(order=order, subject_id=actor.subject_id, saved_at=at)
    draft.story = "{}"
    draft.save(force_insert=True)
    return draft
