"""What this app holds about people: nothing but pseudonyms of who acted."""

from __future__ import annotations

from privacy.classification import AtErasure, Basis, PersonalField, Purpose, SeenBy, Sensitivity


def _key_of(column: str) -> str:
    """An actor is written with its kind before the id; who wrote or decided is the id alone."""
    name = column.rpartition(".")[2]
    return name if column.startswith("catalog.SchemaChange.") else f"{name}__endswith"


def _acted(column: str) -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.SHOP,
        Basis.LEGAL_DUTY,
        (SeenBy.MERCHANT, SeenBy.REVIEWER),
        AtErasure.STAYS,
        subject=_key_of(column),
        why="a pseudonym of who changed the offer; without the subject's key it leads to nobody",
    )


def _asked_for(column: str) -> PersonalField:
    """What somebody put aside or waits for: only the person sees it, and it goes with them."""
    return PersonalField(
        column, Sensitivity.GENERAL, Purpose.FINDING, Basis.CONSENT, erasure=AtErasure.DELETE_ROW
    )


FIELDS: tuple[PersonalField, ...] = (
    _asked_for("catalog.WishLine.subject"),
    _asked_for("catalog.StockAlert.subject"),
    *(
        PersonalField(
            f"catalog.ListingReport.{name}",
            Sensitivity.GENERAL,
            Purpose.RIGHTS,
            Basis.LEGAL_DUTY,
            (SeenBy.REVIEWER,),
            AtErasure.SHRED,
        )
        for name in ("words", "contact")
    ),
    PersonalField(
        "catalog.ListingReport.subject",
        Sensitivity.GENERAL,
        Purpose.RIGHTS,
        Basis.LEGAL_DUTY,
        (SeenBy.REVIEWER,),
        AtErasure.STAYS,
        why="a pseudonym of who reported; without the subject's key it leads to nobody, and the answer stays",
    ),
    _acted("catalog.ListingReport.decided_by"),
    _acted("catalog.ListingRevision.published_by"),
    _acted("catalog.ListingMove.actor"),
    _acted("catalog.SetRevision.published_by"),
    _acted("catalog.BulkChange.actor"),
    _acted("catalog.StockChange.actor"),
    _acted("catalog.Placement.booked_by"),
    _acted("catalog.Placement.decided_by"),
    _acted("catalog.Certificate.handed_in_by"),
    _acted("catalog.Certificate.decided_by"),
    _acted("catalog.SerialBatch.made_by"),
    _acted("catalog.SerialAlarm.closed_by"),
    _acted("catalog.Evaluation.entered_by"),
    _acted("catalog.Evaluation.ended_by"),
    _acted("catalog.SchemaChange.begun_by"),
    _acted("catalog.SchemaChange.decided_by"),
    _acted("catalog.Submission.submitted_by"),
    _acted("catalog.SubmissionMove.actor"),
    _acted("catalog.ShopPromise.chosen_by"),
    _acted("catalog.ShopPromise.withdrawn_by"),
)
_GOODS = "what a shop says about its goods, public"
_GOODS_TESTED = "what a testing body published about goods"
NOT_PERSONAL: dict[str, str] = {
    "catalog.ShopPromise.key": "a code of ours",
    "catalog.ShopPromise.categories": "names of categories",
    "catalog.Department.slug": "the name of a department",
    "catalog.Department.names": "the name of a department",
    "catalog.PaperNotice.kind": "the kind of a document, not a document",
    "catalog.PaperNotice.duty": "the name of a rule",
    "catalog.Category.slug": "the name of a category",
    "catalog.Category.names": "the name of a category",
    "catalog.*.schema": "which facts a category asks for",
    "catalog.Certificate.scheme": "a code of ours",
    "catalog.Listing.brand_key": "the brand of goods, to compare by",
    "catalog.SerialBatch.source": "a code of ours",
    "catalog.SerialCode.digest": "a keyed digest of goods' serial code",
    "catalog.SerialCode.tail": "the end of goods' serial code",
    "catalog.SerialCheck.place": "a keyed digest of a network and a day; it leads to nobody",
    "catalog.SerialAlarm.kind": "a code of ours",
    "catalog.SerialAlarm.reason": "what staff found out about a serial code",
    "catalog.Certificate.number": "the number of a product's certificate",
    "catalog.Certificate.issuer": "who issues certificates",
    "catalog.Certificate.check_url": "where a certificate can be looked up",
    "catalog.Certificate.reason": "why a certificate was refused",
    "catalog.Evaluation.evaluator": "a testing body",
    "catalog.Evaluation.evaluator_kind": "a code of ours",
    "catalog.Evaluation.result": _GOODS_TESTED,
    "catalog.Evaluation.method": _GOODS_TESTED,
    "catalog.Evaluation.scope": _GOODS_TESTED,
    "catalog.Evaluation.confirms": _GOODS_TESTED,
    "catalog.Evaluation.source_url": _GOODS_TESTED,
    "catalog.Evaluation.ended_why": _GOODS_TESTED,
    "catalog.SchemaChange.reason": "why a category asks for something else",
    "catalog.ShelfMark.shelf": "the name of a category",
    "catalog.SetRevision.content": "a set's name and its members, public",
    "catalog.SetRevision.commitment": "a commitment of the evidence log",
    "catalog.FreightTemplate.name": "what a shop calls a table of freight",
    "catalog.FreightTemplate.by": "a code of ours",
    "catalog.FreightTemplate.zones": "places and sums",
    "catalog.FreightTemplate.express": "days, places and sums",
    "catalog.FreightTemplate.never": "codes of places",
    "catalog.Listing.shelf_price_to": "sums by province",
    "catalog.Listing.code": "the shop's own number of its goods",
    "catalog.Listing.barcode": "the number of a product",
    "catalog.Variant.sku": "the shop's own number of its goods",
    "catalog.Variant.choice_key": "which of the shop's options",
    "catalog.*.state": "a code of ours",
    "catalog.Listing.draft": _GOODS,
    "catalog.Listing.working_title": _GOODS,
    "catalog.Listing.title_key": _GOODS,
    "catalog.Listing.search": _GOODS,
    "catalog.Listing.ships_from": "a code of ours",
    "catalog.Listing.origin": _GOODS,
    "catalog.Listing.excludes_return": "a code of ours",
    "catalog.ListingRevision.content": _GOODS,
    "catalog.ListingRevision.commitment": "a digest of what was published",
    "catalog.ListingRevision.pack_version": "a version",
    "catalog.*.currency": "a currency",
    "catalog.Picture.name": "what a shop called the file of a picture of its goods",
    "catalog.Picture.digest": "a digest of a public picture",
    "catalog.ImportRun.name": "what a shop called a file of its goods",
    "catalog.ImportRun.encoding": "an encoding",
    "catalog.ImportRun.language": "a language",
    "catalog.ImportRun.header": "the names of a file's columns",
    "catalog.ImportRun.picture_problems": "which pictures of goods can't be taken",
    "catalog.ImportRun.columns": "the names of a file's columns and of ours",
    "catalog.ImportRun.category": "the name of a category",
    "catalog.ImportRun.refusal": "a code of ours",
    "catalog.BulkChange.language": "a language",
    "catalog.BulkChange.lines": "prices and counts of goods, and why some were refused",
    "catalog.ImportLine.code": "the shop's own number of its goods",
    "catalog.ImportLine.sku": "the shop's own number of its goods",
    "catalog.ImportLine.barcode": "the number of an article",
    "catalog.ImportLine.result": "a code of ours",
    "catalog.ImportLine.gaps": "which facts an offer lacks",
    "catalog.ImportLine.problems": "which cells about goods can't be read",
    "catalog.ListingMove.name": "the name of a move",
    "catalog.*.from_state": "a code of ours",
    "catalog.*.to_state": "a code of ours",
    "catalog.ListingMove.reason": "what is wrong with an offer",
    "catalog.ListingMove.rule_id": "a rule",
    "catalog.DealVoid.cause": "a code of ours",
    "catalog.Reduction.basis": "a code of ours",
    "catalog.CampaignPrice.names": "what the platform calls its campaign, for everybody",
    "catalog.CampaignPrice.ceilings": "sums of ours",
    "catalog.CampaignPrice.rule_id": "a rule",
    "catalog.Reduction.rule_id": "a rule",
    "catalog.Reduction.pack_version": "a version",
    "catalog.Reduction.ended_why": "a code of ours",
    "catalog.Submission.draft": _GOODS,
    "catalog.Submission.content_hash": "a digest of what was handed in",
    "catalog.Submission.findings": "which words of an offer break which rule",
    "catalog.Submission.risks": "codes of ours",
    "catalog.SubmissionMove.name": "the name of a move",
    "catalog.SubmissionMove.reason": "what is wrong or right with an offer, said by staff or shop",
    "catalog.SubmissionMove.rule_id": "a rule",
    "catalog.SubmissionMove.field": "the name of a field",
    "catalog.ListingReport.number": "the number of a report",
    "catalog.ListingReport.cause": "a code of ours",
    "catalog.ListingReport.law": "a law or standard that an offer may break",
    "catalog.ListingReport.reason": "why an offer was taken down or not",
    "catalog.ListingReport.rule_id": "a rule",
    "catalog.Placement.reason": "why goods have no paid place",
    "catalog.StockAlert.language": "a language",
    "catalog.StockChange.reason": "a code of ours",
}
