"""What this room and the rooms beneath it hold about people; those can't import the words themselves."""

from __future__ import annotations

from kernel.errors import N_
from privacy import breach_data, guarded_data
from privacy.classification import AtErasure, Basis, PersonalField, Purpose, SeenBy, Sensitivity

_ACTED = "a pseudonym of who acted; without the subject's key it leads to nobody"


def _actor(
    column: str, purpose: Purpose, *, seen_by: tuple[SeenBy, ...] = (SeenBy.OFFICER,)
) -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        purpose,
        Basis.LEGAL_DUTY,
        seen_by,
        AtErasure.STAYS,
        subject=f"{column.rpartition('.')[2]}__endswith",
        why=_ACTED,
    )


_BENEATH = (
    PersonalField(
        "web.IdempotencyKey.scope",
        Sensitivity.GENERAL,
        Purpose.SECURITY,
        Basis.LEGITIMATE_INTEREST,
        erasure=AtErasure.DELETE_ROW,
        subject="scope__endswith",
    ),
    _actor("deadlines.DeadlineChange.actor", Purpose.COMPLAINTS, seen_by=(SeenBy.REVIEWER,)),
    PersonalField(
        "rulebook.RuleComment.body",
        Sensitivity.PUBLIC,
        Purpose.RIGHTS,
        Basis.LEGAL_DUTY,
        (SeenBy.EVERYONE,),
        AtErasure.STAYS,
        subject="actor__endswith",
        why="said in public about a draft of a platform rule, which the law has us publish and keep with the"
        " rule for three years; nobody's name stands beside it",
    ),
    _actor("rulebook.RuleComment.actor", Purpose.RIGHTS),
    _actor("rulebook.Proposal.proposed_by", Purpose.SECURITY),
    _actor("rulebook.Proposal.decided_by", Purpose.SECURITY),
    _actor("rulebook.PackVersion.loaded_by", Purpose.SECURITY),
    _actor("rulebook.CalendarVersion.loaded_by", Purpose.SECURITY),
    _actor("rulebook.Policy.loaded_by", Purpose.SECURITY),
    _actor("rulebook.RuleText.loaded_by", Purpose.SECURITY),
)
_OWN = (
    PersonalField(
        "privacy.Subject.locale",
        Sensitivity.GENERAL,
        Purpose.LETTERS,
        Basis.CONTRACT,
        erasure=AtErasure.STAYS,
        subject="pk",
        why="one of three languages, on a row that is the proof of erasure and names nobody",
    ),
    PersonalField(
        "privacy.SubjectKey.wrapped",
        Sensitivity.SENSITIVE,
        Purpose.RIGHTS,
        Basis.LEGAL_DUTY,
        erasure=AtErasure.SHRED,
        why="the key itself: wrapped by the master key, which lies outside the database and its backups",
    ),
    PersonalField(
        "privacy.StoredFile.name",
        Sensitivity.GENERAL,
        Purpose.COMPLAINTS,
        Basis.CONTRACT,
        (SeenBy.MERCHANT, SeenBy.REVIEWER),
        AtErasure.SHRED,
    ),
    PersonalField(
        "privacy.StoredFile.path",
        Sensitivity.SENSITIVE,
        Purpose.COMPLAINTS,
        Basis.CONTRACT,
        (SeenBy.MERCHANT, SeenBy.REVIEWER),
        AtErasure.SHRED,
        why="the column holds a number; the bytes behind it are sealed under the person's key",
    ),
    PersonalField(
        "privacy.StoredFile.shown_path",
        Sensitivity.SENSITIVE,
        Purpose.COMPLAINTS,
        Basis.CONTRACT,
        (SeenBy.MERCHANT, SeenBy.REVIEWER),
        AtErasure.SHRED,
        why="the column holds a number; the bytes behind it are sealed under the person's key",
    ),
    PersonalField(
        "privacy.StoredFile.sha256",
        Sensitivity.GENERAL,
        Purpose.COMPLAINTS,
        Basis.LEGITIMATE_INTEREST,
        (SeenBy.REVIEWER,),
        AtErasure.BLANK,
    ),
    PersonalField(
        "privacy.AccessRecord.subject_id",
        Sensitivity.GENERAL,
        Purpose.SECURITY,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.STAYS,
        why="that somebody looked has to stay provable; it says which columns, never what stood in them",
    ),
    _actor("privacy.AccessRecord.actor", Purpose.SECURITY),
    PersonalField(
        "privacy.AccessRecord.merchant_id",
        Sensitivity.GENERAL,
        Purpose.SECURITY,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.STAYS,
        why="which shop looked: the answer to the person's question who did",
    ),
    _actor("privacy.LookUp.actor", Purpose.SECURITY),
    PersonalField(
        "privacy.LookUp.digest",
        Sensitivity.GENERAL,
        Purpose.SECURITY,
        Basis.LEGITIMATE_INTEREST,
        (SeenBy.OFFICER,),
        AtErasure.STAYS,
        why="keyed anew for each reader and day: it shows a thing searched twice and leads to nobody",
    ),
    _actor("privacy.Export.actor", Purpose.SECURITY),
    _actor("privacy.AccessAlarm.actor", Purpose.SECURITY),
    PersonalField(
        "privacy.ConsentEvent.subject",
        Sensitivity.GENERAL,
        Purpose.RIGHTS,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.STAYS,
        why="that consent was asked for and answered has to stay provable; a pseudonym without its key",
    ),
    PersonalField(
        "privacy.ConsentEvent.language",
        Sensitivity.GENERAL,
        Purpose.RIGHTS,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.STAYS,
        why="the language in which the question was asked, one of three",
    ),
    _actor("privacy.ConsentEvent.actor", Purpose.RIGHTS),
    _actor("privacy.Restoration.books_by", Purpose.SECURITY),
    PersonalField(
        "privacy.Tombstone.subject_id",
        Sensitivity.GENERAL,
        Purpose.RIGHTS,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.STAYS,
        why="a restored backup must not bring an erased person back; a pseudonym without its key",
    ),
)


def _asked(name: str, *, seen_by: tuple[SeenBy, ...] = (SeenBy.OFFICER,)) -> PersonalField:
    """Words of a request and of its answer: they go with the key, the certificate needs none of them."""
    return PersonalField(
        f"privacy.Request.{name}",
        Sensitivity.SENSITIVE,
        Purpose.RIGHTS,
        Basis.LEGAL_DUTY,
        seen_by,
        AtErasure.SHRED,
    )


def _of_request(column: str, why: str, *, subject: str = "subject_id") -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.RIGHTS,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.STAYS,
        subject=subject,
        why=why,
    )


_REQUESTS = (
    _asked("details"),
    _asked("identity_note"),
    _asked("extension"),
    _asked("answer"),
    _asked("refusal"),
    _of_request("privacy.Request.subject", "that a request was answered in time has to stay provable"),
    _of_request("privacy.Request.place", "under whose law the request ran: a country"),
    _of_request("privacy.Request.token", "opens the certificate for whoever holds the link; it names nobody"),
    _of_request("privacy.Subject.place", "a country, beside a pseudonym without its key", subject="pk"),
    _actor("privacy.RequestMove.actor", Purpose.RIGHTS),
    PersonalField(
        "privacy.KeptOpening.reason",
        Sensitivity.GENERAL,
        Purpose.RIGHTS,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.SHRED,
        subject="asked_by",
    ),
    _of_request("privacy.KeptOpening.subject", "that kept data was opened has to stay provable"),
    _of_request("privacy.KeptOpening.reference", "the number of the paper that asked for the data"),
    _of_request("privacy.KeyRotation.subject", "that the keys were made anew; a pseudonym without its key"),
)

FIELDS: tuple[PersonalField, ...] = _BENEATH + _OWN + _REQUESTS + guarded_data.FIELDS + breach_data.FIELDS

_CODE = "a code of ours"
NOT_PERSONAL: dict[str, str] = {
    **breach_data.NOT_PERSONAL,
    **guarded_data.NOT_PERSONAL,
    "web.SecurityCount.what": "a word of ours",
    "web.SecurityCount.route": "the pattern of an address, without what stood in it",
    "web.KeptValue.key": "a digest of a counter's name",
    "web.KeptValue.value": "instants of tries, under digests; gone within hours",
    "web.IdempotencyKey.key": "a random key of a form",
    "web.IdempotencyKey.fingerprint": "a digest of what was sent, swept after 72 hours",
    "web.IdempotencyKey.location": "an address of ours with public numbers; swept after 72 hours",
    "web.IdempotencyKey.error_code": _CODE,
    "outbox.Message.name": "the name of an event",
    "outbox.Message.payload": "ids, codes, sums and instants: events refuse texts about people",
    "outbox.Message.error": "the kind of a failure, never its words",
    "outbox.Receipt.handler": "the name of a function",
    "evidence.Leaf.label": "the name of a fact",
    "evidence.Leaf.commitment": "a salted digest whose salt dies with the person's key",
    "deadlines.Deadline.kind": _CODE,
    "deadlines.Deadline.rule_id": "a rule of the law pack",
    "privacy.SubjectKey.use": _CODE,
    "privacy.SubjectKey.keep_rule_id": "a rule of the law pack",
    "deadlines.Deadline.pack_version": "a version",
    "deadlines.Deadline.calendar_version": "a version",
    "deadlines.Deadline.inputs": "the instants and lengths that the date was counted from",
    "deadlines.DeadlineChange.reason": "why an authority of ours needs longer, shown to both sides; the page"
    " asks to name nobody",
    "rulebook.*.place": "a place of law",
    "rulebook.*.version": "a version",
    "rulebook.*.content_hash": "a digest of a published text",
    "rulebook.*.content": "law and calendars",
    "rulebook.Policy.name": "the name of a policy",
    "rulebook.Policy.value": "service levels of ours",
    "rulebook.Proposal.file_name": "the name of a law pack's file",
    "rulebook.Proposal.text": "a law pack",
    "rulebook.RuleText.slug": "the name of a platform rule",
    "rulebook.RuleText.texts": "platform rules",
    "privacy.StoredFile.media_type": "a kind of file",
    "privacy.StoredFile.refusal": _CODE,
    "privacy.ConsentEvent.number": "a number of ours",
    "privacy.ConsentEvent.sha256": "a digest of a published text",
    "privacy.Restoration.backup_id": "the name of a backup",
    "privacy.Restoration.books_compared_with": "the name of a statement of the payment provider",
    "privacy.Request.number": "a number of ours",
    "privacy.Request.kind": _CODE,
    "privacy.Request.channel": _CODE,
    "privacy.Request.identity": _CODE,
    "privacy.*.state": _CODE,
    "privacy.*.from_state": _CODE,
    "privacy.*.to_state": _CODE,
    "privacy.RequestMove.name": "the name of a move",
    "privacy.Certificate.content": "counts and rules by column, no word about the person",
    "privacy.Certificate.signature": "a signature over that",
    "privacy.Certificate.key_id": "the name of a key",
    "privacy.RetentionRun.counts": "counts",
    "privacy.*.purpose": _CODE,
    "privacy.LookUp.reference": "the number of a case, an order or a request",
    "privacy.LookUp.by": _CODE,
    "privacy.Export.number": "a number of ours",
    "privacy.Export.what": _CODE,
    "privacy.Transfer.recipient": "the public name of a business",
    "privacy.Transfer.country": "the recipient's country",
    "privacy.Transfer.data": "names of kinds of data",
    "privacy.ExportFiling.number": "the number of a filing with the authority",
    "privacy.ExportAlert.threshold": "the name of a figure of the law",
    "privacy.AccessRecord.fields": "names of columns",
}
# What the person calls it.
WORDS: dict[str, str] = {
    "privacy.StoredFile.name": N_("The name of a file"),
    "privacy.StoredFile.path": N_("A file"),
    "privacy.StoredFile.shown_path": N_("A file"),
    "privacy.kept": N_("What the law has us keep"),
    "privacy.KeptOpening.reason": N_("Why you asked to open kept data"),
    "privacy.GuardianLink.proof_refusal": N_("Why your proof wasn't enough"),
    "privacy.Request.details": N_("What you asked us for"),
    "privacy.Request.answer": N_("What we answered"),
}
