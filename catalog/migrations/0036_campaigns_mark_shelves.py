"""A campaign's price stands on the cards of a shelf: what changes it marks the shelf, as a reduction does."""

from django.db import migrations

MARK = """
CREATE TRIGGER marks_shelf AFTER INSERT OR UPDATE OR DELETE ON catalog_campaignprice
    FOR EACH ROW EXECUTE FUNCTION catalog_mark_by_listing();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0035_places_paid_with_points")]

    operations = [
        migrations.RunSQL(MARK, "DROP TRIGGER marks_shelf ON catalog_campaignprice"),
    ]
