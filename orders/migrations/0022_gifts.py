"""Gifts with a purchase: what is given, and the line that says so."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0032_availability_beside_the_listing"),
        ("merchants", "0017_digests_of_document_numbers"),
        ("orders", "0021_what_was_told_of_parts"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="promotion",
            name="a_promotion_keeps_its_terms",
        ),
        migrations.RemoveConstraint(
            model_name="promotion",
            name="promotion_kind_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="promotion",
            name="a_promotion_takes_off_a_sum_or_a_share",
        ),
        migrations.RemoveConstraint(
            model_name="promotion",
            name="a_promotion_takes_off_less_than_its_threshold",
        ),
        migrations.AddField(
            model_name="orderline",
            name="gift",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.promotion",
            ),
        ),
        migrations.AddField(
            model_name="orderline",
            name="gift_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="promotion",
            name="gift_minor",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="promotion",
            name="gift_pieces",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="promotion",
            name="gift_variant",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.variant",
            ),
        ),
        migrations.AddField(
            model_name="promotion",
            name="given",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="promotion",
            name="with_listing",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.listing",
            ),
        ),
        migrations.AlterField(
            model_name="promotion",
            name="kind",
            field=models.CharField(
                choices=[("threshold", "threshold offer"), ("coupon", "coupon"), ("gift", "gift")],
                max_length=10,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orderline",
            trigger=pgtrigger.compiler.Trigger(
                name="a_line_stays_a_gift",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."gift_id" IS DISTINCT FROM (NEW."gift_id") OR OLD."gift_minor" IS DISTINCT FROM (NEW."gift_minor"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="71172388729fabc04a804b3d3623fe40800e3c7b",
                    operation="UPDATE",
                    pgid="pgtrigger_a_line_stays_a_gift_110ad",
                    table="orders_orderline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orderline",
            trigger=pgtrigger.compiler.Trigger(
                name="a_gift_is_given_as_offered",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."gift_id" IS NOT NULL)',
                    func="\nIF NOT EXISTS (\n    SELECT FROM orders_promotion p JOIN orders_order o ON o.id = NEW.order_id\n     WHERE p.id = NEW.gift_id AND p.gift_variant_id = NEW.variant_id AND p.merchant_id = o.merchant_id\n       AND p.gift_pieces = NEW.quantity AND NEW.gift_minor IN (0, p.gift_minor)\n) THEN\n    RAISE EXCEPTION 'a gift is given as it was offered'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_gift_is_given_as_offered';\nEND IF;\nRETURN NEW;\n",
                    hash="6b09a133f53128ca7e8036fe34ee3a59f3c39ac6",
                    operation="INSERT",
                    pgid="pgtrigger_a_gift_is_given_as_offered_98248",
                    table="orders_orderline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="promotion",
            trigger=pgtrigger.compiler.Trigger(
                name="a_promotion_keeps_its_terms",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."merchant_id" IS DISTINCT FROM (NEW."merchant_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."names" IS DISTINCT FROM (NEW."names") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."from_minor" IS DISTINCT FROM (NEW."from_minor") OR OLD."off_minor" IS DISTINCT FROM (NEW."off_minor") OR OLD."off_permille" IS DISTINCT FROM (NEW."off_permille") OR OLD."most_minor" IS DISTINCT FROM (NEW."most_minor") OR OLD."categories" IS DISTINCT FROM (NEW."categories") OR OLD."starts_at" IS DISTINCT FROM (NEW."starts_at") OR OLD."ends_at" IS DISTINCT FROM (NEW."ends_at") OR OLD."pieces" IS DISTINCT FROM (NEW."pieces") OR OLD."each" IS DISTINCT FROM (NEW."each") OR OLD."gift_variant_id" IS DISTINCT FROM (NEW."gift_variant_id") OR OLD."gift_pieces" IS DISTINCT FROM (NEW."gift_pieces") OR OLD."gift_minor" IS DISTINCT FROM (NEW."gift_minor") OR OLD."with_listing_id" IS DISTINCT FROM (NEW."with_listing_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="bd865e80e8df92d150dbe255592af7d2879999f4",
                    operation="UPDATE",
                    pgid="pgtrigger_a_promotion_keeps_its_terms_dbe5a",
                    table="orders_promotion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="promotion",
            trigger=pgtrigger.compiler.Trigger(
                name="a_gift_is_of_its_shop",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"kind\" = 'gift')",
                    func="\nIF EXISTS (SELECT FROM catalog_variant WHERE id = NEW.gift_variant_id AND merchant_id <> NEW.merchant_id)\n   OR EXISTS (SELECT FROM catalog_listing WHERE id = NEW.with_listing_id AND merchant_id <> NEW.merchant_id)\nTHEN\n    RAISE EXCEPTION 'a gift is of the shop that gives it' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="85f6ad330faa71cde530cf6e7131c40f1343848b",
                    operation="INSERT",
                    pgid="pgtrigger_a_gift_is_of_its_shop_3a9de",
                    table="orders_promotion",
                    when="BEFORE",
                ),
            ),
        ),
        AddConstraintNotValid(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("gift__isnull", True), ("gift_minor", 0)),
                    models.Q(
                        ("freight_minor", 0),
                        ("gift__isnull", False),
                        ("gift_minor__gte", 0),
                        ("unit_minor", 0),
                    ),
                    _connector="OR",
                ),
                name="a_gift_costs_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["threshold", "coupon", "gift"])),
                name="promotion_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("most_minor__isnull", True),
                        ("off_minor__gt", 0),
                        ("off_minor__isnull", False),
                        ("off_permille__isnull", True),
                    ),
                    models.Q(
                        ("most_minor__gt", 0),
                        ("most_minor__isnull", False),
                        ("off_minor__isnull", True),
                        ("off_permille__gt", 0),
                        ("off_permille__isnull", False),
                        ("off_permille__lt", 1000),
                    ),
                    models.Q(
                        ("kind", "gift"),
                        ("most_minor__isnull", True),
                        ("off_minor__isnull", True),
                        ("off_permille__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="a_promotion_takes_off_a_sum_or_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("from_minor__gt", models.F("off_minor")), ("off_minor__isnull", False)),
                    models.Q(("from_minor__gt", 0), ("off_minor__isnull", True)),
                    models.Q(("from_minor", 0), ("kind", "gift"), ("with_listing__isnull", False)),
                    _connector="OR",
                ),
                name="a_promotion_takes_off_less_than_its_threshold",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("gift_minor__gte", 0),
                        ("gift_minor__isnull", False),
                        ("gift_pieces__gt", 0),
                        ("gift_pieces__isnull", False),
                        ("gift_variant__isnull", False),
                        ("kind", "gift"),
                    ),
                    models.Q(
                        models.Q(("kind", "gift"), _negated=True),
                        ("gift_minor__isnull", True),
                        ("gift_pieces__isnull", True),
                        ("gift_variant__isnull", True),
                        ("given", 0),
                        ("with_listing__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="only_a_gift_says_what_is_given",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("pieces__isnull", True), ("given__lte", models.F("pieces")), _connector="OR"
                ),
                name="no_more_gifts_than_there_are",
            ),
        ),
    ]
