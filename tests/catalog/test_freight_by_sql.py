"""What the database itself refuses about freight templates, whoever writes."""

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.models import FreightTemplate
from tests.builders.freight import a_template
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db


def refused(constraint, sql, params):
    attack = pytest.raises(IntegrityError, match=constraint)
    with attack, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_listing_uses_no_other_shop_s_template():
    theirs, listing = a_template(a_merchant()), a_listing()
    refused(
        "listing_uses_its_own_shops_freight_template",
        "UPDATE catalog_listing SET freight_template_id = %s WHERE id = %s",
        [theirs.pk, listing.pk],
    )


def test_a_template_in_use_stays():
    shop = a_merchant()
    template = a_template(shop)
    a_listing(merchant=shop, freight_template=str(template.pk))
    sql = "UPDATE catalog_freighttemplate SET removed_at = now() WHERE id = %s"
    refused("still use this freight template", sql, [template.pk])


def test_a_removed_template_is_taken_up_by_nobody():
    listing = a_listing()
    template = a_template(listing.merchant)
    FreightTemplate.objects.filter(pk=template.pk).update(removed_at=listing.created_at)
    sql = "UPDATE catalog_listing SET freight_template_id = %s WHERE id = %s"
    refused("was removed", sql, [template.pk, listing.pk])


@pytest.mark.parametrize(
    ("constraint", "column", "value"),
    [
        ("freight_template_has_a_name", "name", ""),
        ("freight_template_kind_is_known", "by", "mood"),
        ("freight_template_says_something", "zones", "[]"),
    ],
)
def test_what_a_template_has_to_say(constraint, column, value):
    template = a_template(a_merchant())
    refused(
        constraint,
        f"UPDATE catalog_freighttemplate SET {column} = %s WHERE id = %s",
        [value, template.pk],
    )


def test_a_name_stands_for_one_template():
    shop = a_merchant()
    first, second = a_template(shop, name="甲"), a_template(shop, name="乙")
    sql = "UPDATE catalog_freighttemplate SET name = %s WHERE id = %s"
    refused("freight_template_name_once_per_merchant", sql, [first.name, second.pk])


def test_an_order_goes_to_a_place():
    from tests.builders.orders import an_order

    sql = "UPDATE orders_order SET destination = %s WHERE id = %s"
    refused("an_order_goes_to_a_place", sql, ["home", an_order().pk])
