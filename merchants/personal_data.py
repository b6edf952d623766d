"""What this app holds about people, for the privacy inventory: shops, and who acts for them."""

from __future__ import annotations

from kernel.errors import N_
from merchants import brand_data, sanction_data, webhook_data
from privacy.classification import AtErasure, Basis, Keeping, PersonalField, Purpose, SeenBy, Sensitivity

# Platforms keep a shop's identity after it left; an applicant who was never admitted has not left.
_IDENTITY = Keeping("cn.identity.retention", since="closed_at", owed="since")
_OF_A_SHOP = Keeping("cn.identity.retention", since="merchant__closed_at", owed="merchant__since")
_DECIDED = "what the platform decided about a business and why; it has to stand up in an appeal"


def _identity(column: str) -> PersonalField:
    """What the law makes every shop show; a sole trader's own name and place stand there too."""
    return PersonalField(
        column,
        Sensitivity.PUBLIC,
        Purpose.SHOP,
        Basis.LEGAL_DUTY,
        (SeenBy.EVERYONE,),
        AtErasure.KEEP,
        _IDENTITY,
        why="public by law while it trades, then kept for the authorities",
    )


def _pseudonym(column: str, *, subject: str) -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.SHOP,
        Basis.LEGAL_DUTY,
        (SeenBy.MERCHANT, SeenBy.REVIEWER),
        AtErasure.STAYS,
        subject=subject,
        why="a pseudonym of who acted for the shop; without the subject's key it leads to nobody",
    )


def _document(column: str, *, subject: str = "subject_id", why: str = "") -> PersonalField:
    """What a shop showed of itself: only the platform's desk reads it, with a line each time."""
    return PersonalField(
        column,
        Sensitivity.SENSITIVE,
        Purpose.SHOP,
        Basis.LEGAL_DUTY,
        (SeenBy.REVIEWER,),
        AtErasure.KEEP,
        _OF_A_SHOP,
        subject=subject,
        why=why,
    )


def _decided(column: str, *, subject: str = "merchant__subject_id") -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.SHOP,
        Basis.LEGAL_DUTY,
        (SeenBy.MERCHANT, SeenBy.REVIEWER),
        AtErasure.STAYS,
        subject=subject,
        why=_DECIDED,
    )


def _account(column: str) -> PersonalField:
    """Where a shop's money goes."""
    return PersonalField(
        column,
        Sensitivity.PAYMENT,
        Purpose.SHOP,
        Basis.CONTRACT,
        (SeenBy.REVIEWER,),
        AtErasure.KEEP,
        _OF_A_SHOP,
    )


_BEHIND = "the column holds a number; the file behind it is sealed under the shop's key"

FIELDS: tuple[PersonalField, ...] = (
    _document("merchants.Document.number"),
    _document("merchants.Document.file", subject="file__subject_id", why=_BEHIND),
    _document("merchants.Document.back", subject="back__subject_id", why=_BEHIND),
    PersonalField(
        "merchants.ApplicationTask.answers",
        Sensitivity.SENSITIVE,
        Purpose.SHOP,
        Basis.LEGAL_DUTY,
        (SeenBy.REVIEWER,),
        AtErasure.KEEP,
        Keeping(
            "cn.identity.retention",
            since="application__merchant__closed_at",
            owed="application__merchant__since",
        ),
    ),
    _decided("merchants.ApplicationTask.reason", subject="subject_id"),
    _pseudonym("merchants.Application.applicant_id", subject="applicant_id"),
    _document("merchants.Check.masked"),
    _account("merchants.PayoutAccount.holder"),
    _account("merchants.PayoutAccount.number"),
    _pseudonym("merchants.PayoutAccount.verified_by", subject="verified_by__endswith"),
    PersonalField(
        "merchants.TrainingAttempt.answers",
        Sensitivity.GENERAL,
        Purpose.SHOP,
        Basis.LEGAL_DUTY,
        (SeenBy.REVIEWER,),
        AtErasure.STAYS,
        why="which choices of a quiz a pseudonym took; without the subject's key it leads to nobody",
    ),
    _pseudonym("merchants.TrainingAttempt.subject_id", subject="subject_id"),
    _decided("merchants.Document.reason"),
    PersonalField(
        "merchants.IdentityChange.fields",
        Sensitivity.PUBLIC,
        Purpose.SHOP,
        Basis.LEGAL_DUTY,
        (SeenBy.EVERYONE,),
        AtErasure.KEEP,
        _OF_A_SHOP,
        subject="merchant__subject_id",
        why="public by law while it trades, then kept for the authorities",
    ),
    _decided("merchants.IdentityChange.reason"),
    _pseudonym("merchants.IdentityConfirmation.actor", subject="actor__endswith"),
    _decided("merchants.IdentityConfirmation.reason"),
    _decided("merchants.Application.name_cleared"),
    _decided("merchants.DocumentMove.reason"),
    _pseudonym("merchants.DocumentMove.actor", subject="actor__endswith"),
    PersonalField(
        "merchants.Merchant.contact_name",
        Sensitivity.GENERAL,
        Purpose.SHOP,
        Basis.CONTRACT,
        (SeenBy.REVIEWER,),
        AtErasure.KEEP,
        _IDENTITY,
    ),
    PersonalField(
        "merchants.Merchant.contact_phone",
        Sensitivity.GENERAL,
        Purpose.SHOP,
        Basis.CONTRACT,
        (SeenBy.REVIEWER,),
        AtErasure.KEEP,
        _IDENTITY,
    ),
    _identity("merchants.Merchant.legal_name"),
    _identity("merchants.Merchant.licence_number"),
    _identity("merchants.Merchant.address_public"),
    _identity("merchants.Merchant.contact_public"),
    _identity("merchants.Merchant.display_name"),
    _pseudonym("merchants.Membership.subject_id", subject="subject_id"),
    _pseudonym("merchants.Acceptance.actor", subject="actor__endswith"),
    _pseudonym("merchants.MerchantMove.actor", subject="actor__endswith"),
    PersonalField(
        "merchants.Appeal.text",
        Sensitivity.SENSITIVE,
        Purpose.SHOP,
        Basis.CONTRACT,
        (SeenBy.MERCHANT, SeenBy.REVIEWER),
        AtErasure.KEEP,
        Keeping("cn.identity.retention", since="merchant__closed_at", owed="merchant__since"),
    ),
    PersonalField(
        "merchants.AppealFile.file",
        Sensitivity.SENSITIVE,
        Purpose.SHOP,
        Basis.CONTRACT,
        (SeenBy.MERCHANT, SeenBy.REVIEWER),
        AtErasure.KEEP,
        Keeping("cn.identity.retention", since="appeal__merchant__closed_at", owed="appeal__merchant__since"),
        subject="file__subject_id",
        why="the column holds a number; the file behind it is sealed under the shop's key",
    ),
    PersonalField(
        "merchants.Appeal.reasons",
        Sensitivity.GENERAL,
        Purpose.SHOP,
        Basis.LEGAL_DUTY,
        (SeenBy.MERCHANT, SeenBy.REVIEWER),
        AtErasure.STAYS,
        subject="subject_id",
        why="what the platform decided about a business and why; it has to stand up before a court",
    ),
    *(
        PersonalField(
            f"merchants.Penalty.{column}",
            Sensitivity.PUBLIC,
            Purpose.SHOP,
            Basis.LEGAL_DUTY,
            (SeenBy.EVERYONE,),
            AtErasure.STAYS,
            subject="subject_id",
            why="sanctions against a business are published by law, and stay on record with their reasons",
        )
        for column in ("facts", "reasons", "why_ended")
    ),
    PersonalField(
        "merchants.Penalty.answer",
        Sensitivity.SENSITIVE,
        Purpose.SHOP,
        Basis.CONTRACT,
        (SeenBy.MERCHANT, SeenBy.REVIEWER),
        AtErasure.KEEP,
        Keeping("cn.identity.retention", since="merchant__closed_at", owed="merchant__since"),
    ),
    PersonalField(
        "merchants.Invitation.contact",
        Sensitivity.GENERAL,
        Purpose.SHOP,
        Basis.CONTRACT,
        (SeenBy.MERCHANT,),
        AtErasure.KEEP,
        Keeping("cn.identity.retention", since="merchant__closed_at", owed="merchant__since"),
    ),
    _pseudonym("merchants.Invitation.subject_id", subject="subject_id"),
    _pseudonym("merchants.Invitation.stands_for", subject="membership__subject_id"),
    _pseudonym("merchants.Invitation.invited_by", subject="invited_by__endswith"),
    _pseudonym("merchants.Penalty.subject_id", subject="subject_id"),
    _pseudonym("merchants.Penalty.imposed_by", subject="imposed_by"),
    _pseudonym("merchants.Penalty.confirmed_by", subject="confirmed_by"),
    _pseudonym("merchants.Appeal.subject_id", subject="subject_id"),
    _pseudonym("merchants.Appeal.filed_by", subject="filed_by__endswith"),
    _pseudonym("merchants.BrandClaim.claimed_by", subject="claimed_by__endswith"),
    _pseudonym("merchants.Appeal.decided_by", subject="decided_by"),
    _pseudonym("merchants.Appeal.deciders", subject="decided_by"),
    _decided("merchants.MerchantMove.reason"),
    *sanction_data.FIELDS,
)
NOT_PERSONAL: dict[str, str] = {
    "merchants.Application.name_like": "a public name of another shop or brand",
    **sanction_data.NOT_PERSONAL,
    **brand_data.NOT_PERSONAL,
    **webhook_data.NOT_PERSONAL,
    "merchants.Merchant.slug": "the shop's place in addresses, chosen by it and public",
    "merchants.Merchant.promises": "what the shop promises on its goods, public",
    "merchants.Merchant.place": "a place of law",
    "merchants.*.state": "a code of ours",
    "merchants.Merchant.grade": "what conduct as a shop added up to, public",
    "merchants.Merchant.grade_rule_id": "a rule",
    "merchants.Merchant.credit_facts": "counts and shares of a shop's conduct",
    "merchants.Membership.capabilities": "codes of ours",
    "merchants.Acceptance.text_key": "the name of a text",
    "merchants.Acceptance.text_version": "a version",
    "merchants.MerchantMove.name": "the name of a move",
    "merchants.Merchant.declaration": "a code of ours",
    "merchants.Application.deposit_currency": "a currency",
    "merchants.ApplicationTask.name": "a code of ours",
    "merchants.Check.what": "a code of ours",
    "merchants.Check.kind": "a code of ours",
    "merchants.Check.verifier": "the name of a register",
    "merchants.Check.result": "a code of ours",
    "merchants.PayoutAccount.bank": "the name of a bank",
    "merchants.*.channel": "a code of ours",
    "merchants.TrainingAttempt.course": "the name of a course",
    "merchants.TrainingAttempt.version": "a version",
    "merchants.Document.kind": "a code of ours",
    "merchants.Document.number_digest": "a keyed digest of a document's number",
    "merchants.Document.issuer": "the authority or brand that issued a document",
    "merchants.DocumentMove.name": "the name of a move",
    "merchants.*.from_state": "a code of ours",
    "merchants.*.to_state": "a code of ours",
    "merchants.MerchantMove.rule_id": "a rule",
    "merchants.Appeal.about": "a code of ours",
    "merchants.Invitation.digest": "a keyed digest of a link",
    "merchants.Invitation.capabilities": "codes of ours",
    "merchants.Penalty.rule_id": "a rule",
    "merchants.Penalty.step": "a code of ours",
    "merchants.Penalty.ladder": "a version of a policy",
}
# What the person calls it.
WORDS: dict[str, str] = {
    **sanction_data.WORDS,
    "merchants.ApplicationTask.answers": N_("What you wrote in the application to sell"),
    "merchants.Check.masked": N_("The end of a number that a register was asked about"),
    "merchants.PayoutAccount.holder": N_("Whose account the shop is paid to"),
    "merchants.PayoutAccount.number": N_("The account that the shop is paid to"),
    "merchants.TrainingAttempt.answers": N_("Your answers in a training quiz"),
    "merchants.Document.number": N_("The number of a document of the shop"),
    "merchants.Document.file": N_("A document of the shop"),
    "merchants.Document.back": N_("The back of a document of the shop"),
    "merchants.Merchant.contact_name": N_("The shop's contact person"),
    "merchants.Merchant.contact_phone": N_("The contact person's telephone"),
    "merchants.Invitation.contact": N_("Who was invited to act for the shop"),
    "merchants.Penalty.answer": N_("What the shop answered to a penalty"),
    "merchants.Penalty.facts": N_("What was found against the shop"),
    "merchants.Penalty.reasons": N_("Why the shop was punished"),
    "merchants.Penalty.why_ended": N_("Why a penalty ended"),
    "merchants.Appeal.text": N_("What the shop wrote in its appeal"),
    "merchants.AppealFile.file": N_("Files that the shop showed with an appeal"),
}
