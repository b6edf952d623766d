"""A buyer's address book."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import kernel.ids
import privacy.fields


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0016_what_carriers_report"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="Address",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("seat", models.PositiveSmallIntegerField()),
                ("label", privacy.fields.EncryptedTextField(subject="subject_id")),
                ("recipient", privacy.fields.EncryptedTextField(subject="subject_id")),
                ("phone", privacy.fields.EncryptedTextField(subject="subject_id")),
                ("address", privacy.fields.EncryptedTextField(subject="subject_id")),
                ("destination", models.CharField(blank=True, default="", max_length=6)),
                ("is_default", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField()),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.subject"
                    ),
                ),
            ],
            options={
                "verbose_name": "address",
                "verbose_name_plural": "addresses",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "seat"), name="an_address_has_a_seat_of_its_own"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("subject",),
                        name="one_address_is_the_first_choice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seat__gte", 1), ("seat__lte", 20)),
                        name="an_address_book_has_so_many_seats",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("destination__regex", "^([A-Z]{2}(-[A-Z]{2})?)?$")),
                        name="an_address_is_at_a_place",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="address",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_under_a_live_key",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF TG_OP = \'INSERT\' OR NEW."label" IS DISTINCT FROM OLD."label" THEN PERFORM privacy_check_sealed(NEW."subject_id", NEW."label"); END IF;\nIF TG_OP = \'INSERT\' OR NEW."recipient" IS DISTINCT FROM OLD."recipient" THEN PERFORM privacy_check_sealed(NEW."subject_id", NEW."recipient"); END IF;\nIF TG_OP = \'INSERT\' OR NEW."phone" IS DISTINCT FROM OLD."phone" THEN PERFORM privacy_check_sealed(NEW."subject_id", NEW."phone"); END IF;\nIF TG_OP = \'INSERT\' OR NEW."address" IS DISTINCT FROM OLD."address" THEN PERFORM privacy_check_sealed(NEW."subject_id", NEW."address"); END IF;\nRETURN NEW;',
                    hash="804ddeb7fb0322b62dc4b00844ce27aed6f41bcb",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_sealed_under_a_live_key_6d267",
                    table="orders_address",
                    when="BEFORE",
                ),
            ),
        ),
    ]
