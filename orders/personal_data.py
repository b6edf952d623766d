"""What this app holds about people, for the privacy inventory."""

from __future__ import annotations

from orders.personal_words import WORDS as WORDS
from privacy.classification import (
    AtErasure,
    Basis,
    Keeping,
    PersonalField,
    Purpose,
    SeenBy,
    Sensitivity,
)

# An order that nobody paid is no trade: nothing of it has to be kept.
_TRADE = Keeping("cn.trade.retention", since="closed_at", owed="paid_at")
_OF_RETURN = Keeping("cn.trade.retention", since="order__closed_at", owed="order__paid_at")
_OF_VISIT = Keeping("cn.trade.retention", since="label__order__closed_at", owed="label__order__paid_at")
_OF_INVOICE = Keeping("cn.trade.retention", since="order__closed_at", owed="order__paid_at")
_OF_PAPER = Keeping("cn.trade.retention", since="invoice__order__closed_at", owed="invoice__order__paid_at")
_OF_MESSAGE = Keeping("cn.trade.retention", since="thread__order__closed_at", owed="thread__order__paid_at")
_OF_MESSAGE_FILE = Keeping(
    "cn.trade.retention",
    since="message__thread__order__closed_at",
    owed="message__thread__order__paid_at",
)
_NOBODY = "a pseudonym in the record of a trade; without the subject's key it leads to nobody"


def _delivery(column: str, *seen_by: SeenBy) -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.DELIVERY,
        Basis.CONTRACT,
        (SeenBy.MERCHANT, *seen_by),
        AtErasure.KEEP,
        _TRADE,
    )


def _visit(column: str) -> PersonalField:
    """Where a carrier fetches goods; emptied as soon as the visit is over."""
    told = (Sensitivity.GENERAL, Purpose.DELIVERY, Basis.CONTRACT, (SeenBy.CARRIER,))
    return PersonalField(column, *told, AtErasure.KEEP, _OF_VISIT)


def _carriers_number(column: str) -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.DELIVERY,
        Basis.CONTRACT,
        (SeenBy.MERCHANT, SeenBy.CARRIER, SeenBy.REVIEWER),
        AtErasure.STAYS,
        subject="order__subject_id",
        why="the carrier's number of a parcel, of the trade's record; nothing here leads from it to a name",
    )


def _kept_by_the_buyer(column: str) -> PersonalField:
    """The address book: nobody else reads it, and no law keeps it."""
    return PersonalField(
        column, Sensitivity.GENERAL, Purpose.DELIVERY, Basis.CONTRACT, erasure=AtErasure.DELETE_ROW
    )


def _for_staff(column: str, *, owner: str, **more: str) -> PersonalField:
    """What one side shows to staff alone: for a claim on a cover, or of a message of the other side."""
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.AFTER_SALES,
        Basis.CONTRACT,
        (SeenBy.REVIEWER,),
        AtErasure.KEEP,
        Keeping("cn.trade.retention", since=f"{owner}__closed_at", owed=f"{owner}__paid_at"),
        **more,
    )


def _return(column: str) -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.AFTER_SALES,
        Basis.CONTRACT,
        (SeenBy.MERCHANT, SeenBy.REVIEWER),
        AtErasure.KEEP,
        _OF_RETURN,
    )


def _kept_title(column: str) -> PersonalField:
    """What a person keeps for the next invoice: nobody else reads it, and no law keeps it."""
    return PersonalField(
        column, Sensitivity.GENERAL, Purpose.PAYMENT, Basis.CONTRACT, erasure=AtErasure.DELETE_ROW
    )


def _on_invoice(column: str, *, keeping: Keeping = _OF_INVOICE, **more: str) -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.PAYMENT,
        Basis.LEGAL_DUTY,
        (SeenBy.MERCHANT, SeenBy.REVIEWER),
        AtErasure.KEEP,
        keeping,
        **more,
    )


def _message(column: str, *, keeping: Keeping, subject: str, why: str = "") -> PersonalField:
    """Free words about an order: its after-sales record, which ECL 31 keeps."""
    return PersonalField(
        column,
        Sensitivity.SENSITIVE,
        Purpose.AFTER_SALES,
        Basis.CONTRACT,
        (SeenBy.MERCHANT, SeenBy.REVIEWER),
        AtErasure.KEEP,
        keeping,
        subject=subject,
        why=why,
    )


def _pseudonym(column: str, *, subject: str = "subject_id") -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.DELIVERY,
        Basis.LEGAL_DUTY,
        (SeenBy.REVIEWER,),
        AtErasure.STAYS,
        subject=subject,
        why=_NOBODY,
    )


FIELDS: tuple[PersonalField, ...] = (
    PersonalField(
        "orders.CartLine.subject",
        Sensitivity.GENERAL,
        Purpose.DELIVERY,
        Basis.CONTRACT,
        erasure=AtErasure.DELETE_ROW,
    ),
    _kept_by_the_buyer("orders.Address.subject"),
    _kept_by_the_buyer("orders.Address.label"),
    _kept_by_the_buyer("orders.Address.recipient"),
    _kept_by_the_buyer("orders.Address.phone"),
    _kept_by_the_buyer("orders.Address.address"),
    _kept_by_the_buyer("orders.PointCode.subject"),
    _kept_by_the_buyer("orders.PointCode.code"),
    _pseudonym("orders.Purchase.subject"),
    _pseudonym("orders.Order.subject"),
    _delivery("orders.Order.recipient", SeenBy.CARRIER),
    _delivery("orders.Order.phone", SeenBy.CARRIER),
    _delivery("orders.Order.address", SeenBy.CARRIER),
    _delivery("orders.Order.note"),
    _kept_title("orders.InvoiceTitle.subject"),
    _kept_title("orders.InvoiceTitle.title"),
    _kept_title("orders.InvoiceTitle.tax_number"),
    _pseudonym("orders.Invoice.subject"),
    _on_invoice("orders.Invoice.title"),
    _on_invoice("orders.Invoice.tax_number"),
    _on_invoice(
        "orders.InvoicePaper.file",
        keeping=_OF_PAPER,
        subject="invoice__subject_id",
        why="the column holds a number; the file behind it is sealed under the person's key",
    ),
    _pseudonym("orders.MessageThread.subject"),
    _pseudonym("orders.OrderMessage.author_subject_id", subject="author_subject_id"),
    _pseudonym("orders.OrderMessage.actor", subject="actor__endswith"),
    _message("orders.OrderMessage.text", keeping=_OF_MESSAGE, subject="author_subject_id"),
    _message(
        "orders.MessageFile.file",
        keeping=_OF_MESSAGE_FILE,
        subject="file__subject_id",
        why="the column holds a number; the file behind it is sealed under the person's key",
    ),
    _pseudonym("orders.MessageReport.subject"),
    _for_staff("orders.MessageReport.words", owner="message__thread__order"),
    _pseudonym("orders.MessageReport.decided_by", subject="decided_by__endswith"),
    _pseudonym("orders.MessageLook.actor", subject="actor__endswith"),
    _pseudonym("orders.Return.subject"),
    _return("orders.Return.note"),
    _return("orders.Return.refusal"),
    _pseudonym("orders.OrderMove.actor", subject="actor__endswith"),
    _pseudonym("orders.VoucherUse.used_by", subject="used_by__endswith"),
    _pseudonym("orders.Appointment.ended_by", subject="ended_by__endswith"),
    _pseudonym("orders.Promotion.made_by", subject="made_by__endswith"),
    _pseudonym("orders.Coupon.subject"),
    _pseudonym("orders.CampaignClaim.subject"),
    _pseudonym("orders.CampaignEntry.applied_by", subject="applied_by__endswith"),
    _pseudonym("orders.CampaignEntry.decided_by", subject="decided_by__endswith"),
    _pseudonym("orders.Campaign.made_by", subject="made_by__endswith"),
    _pseudonym("orders.Collection.subject"),
    _visit("orders.Collection.contact"),
    _visit("orders.Collection.phone"),
    _visit("orders.Collection.address"),
    _carriers_number("orders.ReturnLabel.tracking_number"),
    _pseudonym("orders.ReturnMove.actor", subject="actor__endswith"),
    _pseudonym("orders.FaultClaim.subject"),
    _return("orders.FaultClaim.fault"),
    _return("orders.FaultClaim.refusal"),
    _pseudonym("orders.ClaimMove.actor", subject="actor__endswith"),
    PersonalField(
        "orders.ClaimPhoto.file",
        Sensitivity.GENERAL,
        Purpose.AFTER_SALES,
        Basis.CONTRACT,
        (SeenBy.MERCHANT, SeenBy.REVIEWER),
        AtErasure.KEEP,
        Keeping("cn.trade.retention", since="claim__order__closed_at", owed="claim__order__paid_at"),
        subject="file__subject_id",
        why="the column holds a number; the file behind it is sealed under the person's key",
    ),
    _pseudonym("orders.OrderCover.subject"),
    _pseudonym("orders.CoverClaim.subject"),
    _for_staff("orders.CoverClaim.story", owner="cover__order"),
    _for_staff(
        "orders.CoverPhoto.file",
        owner="claim__cover__order",
        subject="file__subject_id",
        why="the column holds a number; the file behind it is sealed under the person's key",
    ),
    _carriers_number("orders.Shipment.tracking_number"),
)
_CODE = "a code of ours"
NOT_PERSONAL: dict[str, str] = {
    "orders.*.number": "a number of ours",
    "orders.PromiseRecord.key": _CODE,
    "orders.PromiseRecord.outcome": _CODE,
    "orders.PromiseRecord.rule_id": "a rule",
    "orders.*.state": _CODE,
    "orders.*.place": "a place of law",
    "orders.Slot.place": "where a shop renders its services, for everybody",
    "orders.Address.destination": "the province or country of an address; millions share it",
    "orders.Order.destination": "the province or country that a sum was reckoned for; millions share it",
    "orders.*.currency": "a currency",
    "orders.*.pack_version": "a version",
    "orders.*.calendar_version": "a version",
    "orders.OrderHold.reason": _CODE,
    "orders.Invoice.refusal": _CODE,
    "orders.OrderMessage.seat": _CODE,
    "orders.MessageReport.seat": _CODE,
    "orders.MessageReport.cause": _CODE,
    "orders.MessageReport.reason": "why a message was hidden or not, for both sides",
    "orders.MessageLook.reason": "why somebody of the platform read a message",
    "orders.OrderMessage.warned": "rules of ours that a message met",
    "orders.InvoicePaper.cause": "what a refund was for, by ids of ours",
    "orders.*.names": "what a shop or the platform calls its offer, for everybody",
    "orders.Campaign.rules": "its rules, for everybody",
    "orders.Campaign.least_grade": _CODE,
    "orders.*.categories": "categories of the catalogue",
    "orders.Campaign.stopped_why": "why the platform stopped its campaign, for everybody",
    "orders.CampaignEntry.reasons": "what staff or a condition said about a shop's goods, to the shop",
    "orders.LineDiscount.funder": _CODE,
    "orders.OrderLine.exclusion": _CODE,
    "orders.Return.reckoning": "sums of ours",
    "orders.OrderLine.tax": "codes of ours, a rate and a sum",
    "orders.OrderLine.promises": "what the shop promised, by its versions",
    "orders.OrderLine.confirmed_wording": "a sentence of ours that the buyer said yes to",
    "orders.*.name": "the name of a move",
    "orders.*.from_state": _CODE,
    "orders.*.to_state": _CODE,
    "orders.*.kind": _CODE,
    "orders.Order.seller_kind": _CODE,
    "orders.Order.delivery": _CODE,
    "orders.Order.point_told": "a shop's service point as it was told",
    "orders.PointCode.digest": "a keyed digest of a code that is shown once",
    "orders.ServicePoint.address": "where a shop meets its buyers, for everybody",
    "orders.ServicePoint.hours": "opening hours, for everybody",
    "orders.ServicePoint.listings": "ids of offers",
    "orders.ServicePoint.offers": _CODE,
    "orders.*.rule_id": "a rule",
    "orders.*.postage_payer": _CODE,
    "orders.*.carrier": "the name of a carrier",
    "orders.ReturnLabel.cause": _CODE,
    "orders.Collection.cause": _CODE,
    "orders.Shipment.fate": _CODE,
    "orders.Shipment.claim_way": _CODE,
    "orders.FaultClaim.remedy": _CODE,
    "orders.OrderCover.product": _CODE,
    "orders.OrderCover.insurer": "the name of an insurer",
    "orders.OrderCover.terms": "an insurer's terms, the same for everybody, and its numbers",
    "orders.CoverClaim.cause": _CODE,
    "orders.CoverClaim.facts": "codes, instants and numbers of ours about parcels, returns and cases",
    "orders.CoverClaim.refusal": _CODE,
    "orders.CoverClaim.transfer": "the insurer's number of a transfer",
    "orders.InsurerCall.last_answer": "the status of an answer and a code of ours",
    "orders.CarrierCall.last_answer": "the status of an answer and how many events it held",
    "orders.Scan.event_id": "the carrier's number of a scan",
}
