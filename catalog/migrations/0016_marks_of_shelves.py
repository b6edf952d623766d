"""A mark in the very transaction that changes what a shelf shows: what kept shelf pages are known by.

The functions run as the owner, so that a step of the portal marks shelves without any right to the table.
"""

from django.db import migrations, models

# Random numbers, not counts: their sum never comes back, not even after a rollback or a restored backup.
TABLE = """
ALTER TABLE catalog_shelfmark
    ALTER COLUMN number SET DEFAULT hashtextextended(gen_random_uuid()::text, 0);
"""

FUNCTIONS = """
CREATE FUNCTION catalog_mark_listing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    unseen text[] := '{draft, draft_saved_at, working_title}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state = 'live' THEN
            INSERT INTO public.catalog_shelfmark (shelf) VALUES (NEW.category_id);
        END IF;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO public.catalog_shelfmark (shelf) VALUES (OLD.category_id);
    ELSIF (OLD.state = 'live' OR NEW.state = 'live')
            AND to_jsonb(OLD) - unseen IS DISTINCT FROM to_jsonb(NEW) - unseen THEN
        INSERT INTO public.catalog_shelfmark (shelf)
        SELECT DISTINCT each FROM unnest(ARRAY[OLD.category_id, NEW.category_id]) AS each;
    END IF;
    RETURN NULL;
END $$;

-- For any table with a listing_id: the shelf of that listing, whether it is on sale yet or not, since a
-- publication may be on its way in another transaction.
CREATE FUNCTION catalog_mark_by_listing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    wanted uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.listing_id ELSE NEW.listing_id END;
BEGIN
    INSERT INTO public.catalog_shelfmark (shelf)
    SELECT category_id FROM public.catalog_listing WHERE id = wanted;
    RETURN NULL;
END $$;

-- For what stands on every shelf.
CREATE FUNCTION catalog_mark_all() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO public.catalog_shelfmark (shelf) VALUES ('');
    RETURN NULL;
END $$;

-- Whether a shop's goods are shown at all touches every shelf: one of its publications may be on its way.
-- A new grade, score or name touches the shelves where it sells.
CREATE FUNCTION catalog_mark_shop() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    unseen text[] := '{contact_name, contact_phone, payout_delay_days, credit_facts, grade_since}';
BEGIN
    IF (OLD.state, OLD.hidden, OLD.place) IS DISTINCT FROM (NEW.state, NEW.hidden, NEW.place) THEN
        INSERT INTO public.catalog_shelfmark (shelf) VALUES ('');
    ELSIF to_jsonb(OLD) - unseen IS DISTINCT FROM to_jsonb(NEW) - unseen THEN
        INSERT INTO public.catalog_shelfmark (shelf)
        SELECT DISTINCT category_id FROM public.catalog_listing WHERE merchant_id = NEW.id AND state = 'live';
    END IF;
    RETURN NULL;
END $$;
"""

# A held piece shows nowhere while another is left; the number sold moves the standard order.
TRIGGERS = """
CREATE TRIGGER marks_shelf AFTER INSERT OR UPDATE OR DELETE ON catalog_listing
    FOR EACH ROW EXECUTE FUNCTION catalog_mark_listing();
CREATE TRIGGER marks_shelf AFTER INSERT OR DELETE ON catalog_stock
    FOR EACH ROW EXECUTE FUNCTION catalog_mark_by_listing();
CREATE TRIGGER marks_shelf_when_changed AFTER UPDATE ON catalog_stock FOR EACH ROW
    WHEN ((OLD.on_hand > OLD.reserved) IS DISTINCT FROM (NEW.on_hand > NEW.reserved) OR OLD.sold <> NEW.sold)
    EXECUTE FUNCTION catalog_mark_by_listing();
CREATE TRIGGER marks_shelf AFTER INSERT OR UPDATE OR DELETE ON catalog_variant
    FOR EACH ROW EXECUTE FUNCTION catalog_mark_by_listing();
CREATE TRIGGER marks_shelf AFTER INSERT OR UPDATE OR DELETE ON catalog_reduction
    FOR EACH ROW EXECUTE FUNCTION catalog_mark_by_listing();
CREATE TRIGGER marks_shelf AFTER INSERT OR UPDATE OR DELETE ON catalog_category
    FOR EACH ROW EXECUTE FUNCTION catalog_mark_all();
CREATE TRIGGER marks_shelf AFTER INSERT OR UPDATE OR DELETE ON catalog_department
    FOR EACH ROW EXECUTE FUNCTION catalog_mark_all();
CREATE TRIGGER marks_shelf AFTER UPDATE ON merchants_merchant
    FOR EACH ROW EXECUTE FUNCTION catalog_mark_shop();
"""

BACK = """
DROP FUNCTION catalog_mark_listing(), catalog_mark_by_listing(), catalog_mark_all(), catalog_mark_shop() CASCADE
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0015_bulk_changes"),
        ("merchants", "0010_identity_and_petty_trade"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShelfMark",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("shelf", models.CharField(blank=True, max_length=40)),
                ("number", models.DecimalField(decimal_places=0, max_digits=40)),
            ],
            options={"indexes": [models.Index(fields=["shelf"], name="shelf_mark_by_shelf")]},
        ),
        migrations.AddIndex(
            "reduction",
            models.Index(
                condition=models.Q(state="running"), fields=["ends_at"], name="reduction_running_by_end"
            ),
        ),
        migrations.RunSQL(TABLE, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS, BACK),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
