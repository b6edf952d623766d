"""Whether a listing can be bought and how often it was sold, kept beside it by triggers on its stock.

Writers of stock wait while existing rows are summed up: some seconds for a million listings.
"""

import django.db.models.deletion
from django.db import migrations, models

# The triggers run as the owner, so that the portal needs no right to the table; nobody else can call the sum.
# A row is held before its stock is summed up, in one order of listings: of two who change two variants of a
# listing at once, the second sees what the first has committed.
FUNCTIONS = """
CREATE FUNCTION catalog_keep_availability(touched uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF touched IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO public.catalog_availability (listing_id, in_stock, sold)
    SELECT DISTINCT each, false, 0 FROM unnest(touched) AS each ORDER BY each ON CONFLICT DO NOTHING;
    PERFORM 1 FROM public.catalog_availability WHERE listing_id = ANY (touched)
      ORDER BY listing_id FOR NO KEY UPDATE;
    UPDATE public.catalog_availability a SET in_stock = now.in_stock, sold = now.sold
      FROM (
        SELECT t.id,
               coalesce(bool_or(v.state = 'active' AND s.on_hand > s.reserved), false) AS in_stock,
               coalesce(sum(s.sold), 0) AS sold
          FROM (SELECT DISTINCT unnest(touched) AS id) t
          LEFT JOIN public.catalog_stock s ON s.listing_id = t.id
          LEFT JOIN public.catalog_variant v ON v.id = s.variant_id
         GROUP BY t.id
      ) now
     WHERE a.listing_id = now.id AND (a.in_stock, a.sold) IS DISTINCT FROM (now.in_stock, now.sold);
END $$;

CREATE FUNCTION catalog_stock_came() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM public.catalog_keep_availability((SELECT array_agg(listing_id) FROM new_rows));
    RETURN NULL;
END $$;

CREATE FUNCTION catalog_stock_went() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM public.catalog_keep_availability((SELECT array_agg(listing_id) FROM old_rows));
    RETURN NULL;
END $$;

-- A held piece touches nothing while another is left.
CREATE FUNCTION catalog_stock_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM public.catalog_keep_availability((
        SELECT array_agg(each) FROM (
            SELECT unnest(ARRAY[o.listing_id, n.listing_id]) AS each
              FROM new_rows n FULL JOIN old_rows o ON o.variant_id = n.variant_id
             WHERE (n.on_hand > n.reserved, n.sold, n.listing_id)
                   IS DISTINCT FROM (o.on_hand > o.reserved, o.sold, o.listing_id)
        ) AS touched WHERE each IS NOT NULL
    ));
    RETURN NULL;
END $$;

CREATE FUNCTION catalog_variant_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM public.catalog_keep_availability((
        SELECT array_agg(s.listing_id)
          FROM new_rows n JOIN old_rows o ON o.id = n.id
          JOIN public.catalog_stock s ON s.variant_id = n.id
         WHERE n.state <> o.state
    ));
    RETURN NULL;
END $$;

CREATE FUNCTION catalog_availability_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'availability_follows_stock' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
"""

TRIGGERS = """
CREATE TRIGGER availability_when_stock_comes AFTER INSERT ON catalog_stock
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog_stock_came();
CREATE TRIGGER availability_when_stock_goes AFTER DELETE ON catalog_stock
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog_stock_went();
CREATE TRIGGER availability_when_stock_changes AFTER UPDATE ON catalog_stock
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_stock_changed();
CREATE TRIGGER availability_when_a_variant_changes AFTER UPDATE ON catalog_variant
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_variant_changed();
"""

FILL = """
INSERT INTO catalog_availability (listing_id, in_stock, sold)
SELECT s.listing_id, bool_or(v.state = 'active' AND s.on_hand > s.reserved), sum(s.sold)
  FROM catalog_stock s JOIN catalog_variant v ON v.id = s.variant_id GROUP BY s.listing_id;
CREATE TRIGGER availability_follows_stock BEFORE INSERT OR UPDATE OR DELETE ON catalog_availability
    FOR EACH ROW EXECUTE FUNCTION catalog_availability_follows();
"""

BACK = """
DROP FUNCTION catalog_stock_came(), catalog_stock_went(), catalog_stock_changed(), catalog_variant_changed(),
    catalog_availability_follows(), catalog_keep_availability(uuid[]) CASCADE
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0031_serial_codes")]

    operations = [
        migrations.CreateModel(
            name="Availability",
            fields=[
                (
                    "listing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="availability",
                        serialize=False,
                        to="catalog.listing",
                    ),
                ),
                ("in_stock", models.BooleanField(default=False)),
                ("sold", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.RunSQL(FUNCTIONS, BACK),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
