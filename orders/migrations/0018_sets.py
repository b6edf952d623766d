"""Lines of a set in carts and orders."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0027_sets"),
        ("orders", "0017_address_book"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="cartline",
            name="a_variant_is_in_a_cart_once",
        ),
        migrations.AddField(
            model_name="cartline",
            name="set_revision",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.setrevision",
            ),
        ),
        migrations.AddField(
            model_name="orderline",
            name="set_revision",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.setrevision",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orderline",
            trigger=pgtrigger.compiler.Trigger(
                name="a_line_keeps_its_set",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."set_revision_id" IS DISTINCT FROM (NEW."set_revision_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="c0678f260480ec3e076ada3fbe9496650002a800",
                    operation="UPDATE",
                    pgid="pgtrigger_a_line_keeps_its_set_f27ec",
                    table="orders_orderline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orderline",
            trigger=pgtrigger.compiler.Trigger(
                name="a_line_of_a_set_is_a_member",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."set_revision_id" IS NOT NULL)',
                    func="\nIF NOT EXISTS (\n    SELECT FROM catalog_setmember\n     WHERE revision_id = NEW.set_revision_id AND variant_id = NEW.variant_id AND NEW.quantity % quantity = 0\n) THEN\n    RAISE EXCEPTION 'a line of a set is one of its members' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="1885ab55a70c3719faac94440219ef2887ecfe4b",
                    operation="INSERT",
                    pgid="pgtrigger_a_line_of_a_set_is_a_member_52228",
                    table="orders_orderline",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="cartline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("set_revision__isnull", True)),
                fields=("subject", "variant"),
                name="a_variant_is_in_a_cart_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="cartline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("set_revision__isnull", False)),
                fields=("subject", "set_revision", "variant"),
                name="a_variant_is_in_a_set_of_a_cart_once",
            ),
        ),
    ]
