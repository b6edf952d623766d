"""Whatever belongs to a shop says so, and the portal's list of tables names real ones."""

from django.apps import apps

from config import policies
from config.portal_rights import RIGHTS, SHARED
from merchants.models import Merchant

# Why a row that points to a shop, or to something of one, is nothing the portal reads.
NOT_A_SHOP_S = {
    "orders.CartLine": "a buyer's, about a listing",
    "catalog.WishLine": "a buyer's, about a listing",
    "catalog.ListingReport": "a reporter's, about a listing; the shop reads the decision's reasons only",
    "catalog.StockAlert": "a buyer's, about a listing; a shop doesn't see who waits",
    "orders.Funding": "the platform's money for an order; its terms are read under the platform's role",
    "orders.CarrierCall": "a question of the platform's to a carrier; no page of the portal reads it",
    "orders.OrderCover": "between a buyer and an insurer; a shop doesn't see what its buyers insure",
    "orders.MessageLook": "who of the platform read a reported message, and why",
    "orders.CoverProof": "the platform's note for an insurer, out of a decided case",
    "complaints.ComplaintDraft": "a buyer's, not sent yet",
    "catalog.SerialAlarm": "staff's, about a code that says two things; the shop reads what they decide",
    "payments.Tender": "a payer's: which card or points paid is none of a shop's business",
    "oversight.Report": "a reporter's; a shop never learns who reported it",
    "oversight.Look": "who of the platform read a report, and why",
    "credit.Waiting": "a note of the nightly grading",
}


def of_a_shop(model):
    """Whether a foreign key leads to a merchant, or to a row that says to whom it belongs."""
    return any(
        field.related_model is Merchant or hasattr(field.related_model, "tenant")
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is not None
    )


def test_every_model_that_points_into_a_shop_says_through_what():
    loose = {
        model._meta.label
        for model in apps.get_models()
        if of_a_shop(model) and not hasattr(model, "tenant") and model._meta.db_table not in SHARED
    }
    assert loose == set(NOT_A_SHOP_S)


def test_every_path_ends_at_a_shop():
    for model in apps.get_models():
        steps = 0
        while model is not Merchant and hasattr(model, "tenant"):
            field = model._meta.get_field(model.tenant)
            if field.related_model is None or field.related_model is Merchant:
                break
            model, steps = field.related_model, steps + 1
            assert hasattr(model, "tenant") and steps < 5, model._meta.label


def test_every_table_of_the_portal_is_narrowed_or_nobody_s():
    """What is readable without a policy belongs to no person and no shop."""
    tables = {model._meta.db_table for model in apps.get_models()}
    assert set(RIGHTS) <= tables and set(SHARED) <= tables
    open_ones = {table for table in RIGHTS if table not in policies.conditions()}
    assert open_ones == {
        "catalog_category", "catalog_categoryschema", "catalog_department", "catalog_schemachange",
        "evidence_leaf", "outbox_message", "merchants_brand", "orders_campaign",
        "outbox_platformclock", "privacy_keynotice", "rulebook_calendarversion", "rulebook_packversion",
        "rulebook_policy", "rulebook_ruletext",
    }  # fmt: skip
