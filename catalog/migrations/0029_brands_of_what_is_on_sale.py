"""What is on sale says its brand in a column, and shelves hear of the papers that badges stand on."""

import unicodedata

from django.db import migrations

BATCH = 1_000


def fold(name):
    """As merchants.brand_names folds today; publishing writes it from now on."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(each for each in plain if each.isalnum())[:80]


def fill(apps, schema_editor):
    """In batches, each its own transaction, so that nobody waits; run again it goes on where it stopped."""
    with schema_editor.connection.cursor() as cursor:
        last = "00000000-0000-0000-0000-000000000000"
        while True:
            cursor.execute(
                "SELECT l.id, r.content->'attributes'->>'brand' FROM catalog_listing l"
                " JOIN catalog_listingrevision r ON r.id = l.live_revision_id"
                " WHERE l.id > %s AND l.brand_key = '' ORDER BY l.id LIMIT %s",
                [last, BATCH],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            last = rows[-1][0]
            named = [(key, fold(brand)) for key, brand in rows if brand]
            cursor.execute(
                "UPDATE catalog_listing l SET brand_key = n.brand"
                " FROM unnest(%s::uuid[], %s::text[]) AS n (id, brand) WHERE l.id = n.id",
                [[key for key, _ in named], [brand for _, brand in named]],
            )


TRIGGERS = """
CREATE TRIGGER marks_shelf AFTER INSERT OR UPDATE ON merchants_brandclaim
    FOR EACH ROW EXECUTE FUNCTION catalog_mark_all();
CREATE TRIGGER marks_shelf AFTER INSERT ON merchants_brandlink
    FOR EACH ROW EXECUTE FUNCTION catalog_mark_all();
CREATE TRIGGER marks_shelf AFTER INSERT ON merchants_brandpaper
    FOR EACH ROW EXECUTE FUNCTION catalog_mark_all();
CREATE TRIGGER marks_shelf AFTER UPDATE OF state, valid_from, valid_until ON merchants_document
    FOR EACH ROW WHEN (NEW.kind IN ('trademark', 'brand_authorisation'))
    EXECUTE FUNCTION catalog_mark_all();
"""
BACK = """
DROP TRIGGER marks_shelf ON merchants_brandclaim;
DROP TRIGGER marks_shelf ON merchants_brandlink;
DROP TRIGGER marks_shelf ON merchants_brandpaper;
DROP TRIGGER marks_shelf ON merchants_document;
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("catalog", "0028_the_brand_that_it_states"),
        ("merchants", "0016_brands_and_their_chains"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(TRIGGERS, BACK),
    ]
