"""The migrations that gave every listing a variant: what was there is filled in, once."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection

from catalog.models import Variant
from tests.builders.shops import a_listing

EDITOR = SimpleNamespace(connection=connection)


@pytest.mark.django_db
def test_every_listing_gets_the_variant_with_its_id():
    live, draft = a_listing(code="A-1"), a_listing(code="B-1", live=False)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE catalog_stock DROP CONSTRAINT stock_is_of_its_listings_variant")
        cursor.execute(
            "ALTER TABLE catalog_stockchange DROP CONSTRAINT stockchange_is_of_its_listings_variant"
        )
        cursor.execute(
            "ALTER TABLE catalog_pricehistory DROP CONSTRAINT pricehistory_is_of_its_listings_variant"
        )
        cursor.execute("DELETE FROM catalog_variant")
    for _ in range(2):
        import_module("catalog.migrations.0005_variants").fill(None, EDITOR)
    assert set(Variant.objects.values_list("pk", "listing_id", "sku", "state", "choice_key")) == {
        (live.pk, live.pk, "A-1", "active", ""),
        (draft.pk, draft.pk, "B-1", "draft", ""),
    }


@pytest.mark.django_db
def test_stock_history_and_prices_stand_for_it():
    listing, tables = a_listing(stock=3), ("stockchange", "pricehistory")
    migration = import_module("catalog.migrations.0006_stock_by_variant")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE catalog_{table} ALTER COLUMN variant_id DROP NOT NULL")
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [migration.HISTORY])
        cursor.execute("UPDATE catalog_stockchange SET variant_id = NULL")
        cursor.execute("UPDATE catalog_pricehistory SET variant_id = NULL")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        migration.fill(None, EDITOR)
        for table in tables:
            cursor.execute(f"SELECT variant_id FROM catalog_{table}")
            assert cursor.fetchall() == [(listing.pk,)]
        cursor.execute("SELECT current_setting('pgtrigger.ignore')")
        assert cursor.fetchone() == ("{}",)
