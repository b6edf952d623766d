"""Sets: what a shop sells together at one price."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0026_not_delivered_to"),
        ("merchants", "0015_inspections"),
    ]

    operations = [
        migrations.CreateModel(
            name="SetRevision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("price_minor", models.BigIntegerField()),
                ("currency", models.CharField(default="CNY", max_length=3)),
                ("published_at", models.DateTimeField()),
                ("published_by", models.CharField(max_length=80)),
                ("commitment", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="ShopSet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "live_revision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.setrevision",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="merchants.merchant"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="setrevision",
            name="shop_set",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="revisions", to="catalog.shopset"
            ),
        ),
        migrations.CreateModel(
            name="SetMember",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("quantity", models.PositiveSmallIntegerField()),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.listing"
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.variant"
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="catalog.setrevision",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("revision", "variant"), name="set_member_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 1), ("quantity__lte", 99)),
                        name="set_member_quantity_is_in_range",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="setmember",
            trigger=pgtrigger.compiler.Trigger(
                name="set_member_is_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5508f56d12c91218221814ee9e52d8599487c651",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_set_member_is_append_only_0e605",
                    table="catalog_setmember",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="setmember",
            trigger=pgtrigger.compiler.Trigger(
                name="set_member_is_its_own_shops",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."variant_id" IS NOT NULL)',
                    func="\n    IF NOT EXISTS (\n        SELECT FROM catalog_variant v\n          JOIN catalog_setrevision r ON r.id = NEW.revision_id\n          JOIN catalog_shopset s ON s.id = r.shop_set_id\n         WHERE v.id = NEW.variant_id AND v.listing_id = NEW.listing_id AND v.merchant_id = s.merchant_id\n    ) THEN\n        RAISE EXCEPTION 'set_member_is_its_own_shops' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="b120c243d0943d154bccd040c91e096e5674846c",
                    operation="INSERT",
                    pgid="pgtrigger_set_member_is_its_own_shops_dd6fd",
                    table="catalog_setmember",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="shopset",
            index=models.Index(fields=["merchant", "-changed_at"], name="set_of_merchant"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shopset",
            trigger=pgtrigger.compiler.Trigger(
                name="set_has_two_members",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NEW.live_revision_id IS NOT NULL AND (\n        SELECT count(*) FROM catalog_setmember m JOIN catalog_setrevision r ON r.id = m.revision_id\n         WHERE r.id = NEW.live_revision_id AND r.shop_set_id = NEW.id\n    ) < 2 THEN\n        RAISE EXCEPTION 'set_has_two_members' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="a27176c9eeb6247ee8696e4c6446efea3e88ef7c",
                    operation='INSERT OR UPDATE OF "live_revision_id"',
                    pgid="pgtrigger_set_has_two_members_e03b3",
                    table="catalog_shopset",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shopset",
            trigger=pgtrigger.compiler.Trigger(
                name="set_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="c2dc15031efe60bea0bb22907b6ff25d0ef1e834",
                    operation="DELETE",
                    pgid="pgtrigger_set_is_kept_28895",
                    table="catalog_shopset",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="setrevision",
            constraint=models.UniqueConstraint(
                fields=("shop_set", "number"), name="set_revision_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="setrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gt", 0)), name="set_revision_number_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="setrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(("price_minor__gt", 0), ("price_minor__lte", 1000000000000)),
                name="set_revision_price_is_positive",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="setrevision",
            trigger=pgtrigger.compiler.Trigger(
                name="set_revision_is_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ef9a8b8577830e31d18f8f93a1786fdf483aac05",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_set_revision_is_append_only_5a359",
                    table="catalog_setrevision",
                    when="BEFORE",
                ),
            ),
        ),
    ]
