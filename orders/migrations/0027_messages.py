"""Threads of orders: what buyer and shop write, with files, and the turns to answer."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import kernel.ids
import privacy.fields


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0017_digests_of_document_numbers"),
        ("orders", "0026_fault_claims"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="MessageThread",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("began_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("buyer_read_at", models.DateTimeField(null=True)),
                ("merchant_read_at", models.DateTimeField(null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="merchants.merchant"
                    ),
                ),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="thread", to="orders.order"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.subject"
                    ),
                ),
            ],
            options={
                "verbose_name": "thread of an order",
                "verbose_name_plural": "threads of orders",
            },
        ),
        migrations.CreateModel(
            name="MessageTurn",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="turns",
                        to="orders.messagethread",
                    ),
                ),
            ],
            options={
                "verbose_name": "turn to answer",
                "verbose_name_plural": "turns to answer",
            },
        ),
        migrations.CreateModel(
            name="OrderMessage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("seat", models.CharField(max_length=10)),
                ("author_subject_id", models.UUIDField()),
                ("actor", models.CharField(max_length=80)),
                ("text", privacy.fields.EncryptedTextField(subject="author_subject_id")),
                (
                    "warned",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="orders.messagethread",
                    ),
                ),
            ],
            options={
                "verbose_name": "message about an order",
                "verbose_name_plural": "messages about orders",
            },
        ),
        migrations.CreateModel(
            name="MessageFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.storedfile"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="orders.ordermessage",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a message",
                "verbose_name_plural": "files of messages",
            },
        ),
        migrations.AddIndex(
            model_name="messagethread",
            index=models.Index(fields=["merchant", "-last_at"], name="threads_of_a_shop"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="messagethread",
            trigger=pgtrigger.compiler.Trigger(
                name="a_thread_stays_where_it_is",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."merchant_id" IS DISTINCT FROM (NEW."merchant_id") OR OLD."subject_id" IS DISTINCT FROM (NEW."subject_id") OR OLD."began_at" IS DISTINCT FROM (NEW."began_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="f89ee740030fd460f9e697a1eabed34afbf6b6b7",
                    operation="UPDATE",
                    pgid="pgtrigger_a_thread_stays_where_it_is_1bda4",
                    table="orders_messagethread",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="messagethread",
            trigger=pgtrigger.compiler.Trigger(
                name="a_thread_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="3e93cbd79a4a0d8f8a02dab7e576003ff69abcc3",
                    operation="DELETE",
                    pgid="pgtrigger_a_thread_is_kept_49d18",
                    table="orders_messagethread",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="messagethread",
            trigger=pgtrigger.compiler.Trigger(
                name="a_thread_is_of_its_order",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF NOT EXISTS (\n    SELECT FROM orders_order o\n     WHERE o.id = NEW.order_id AND o.merchant_id = NEW.merchant_id AND o.subject_id = NEW.subject_id\n) THEN\n    RAISE EXCEPTION 'a thread is between the buyer and the shop of its order'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_thread_is_of_its_order';\nEND IF;\nRETURN NEW;\n",
                    hash="2a7784b7e6866e8e1ebf23a75a2c991bd2812edb",
                    operation="INSERT",
                    pgid="pgtrigger_a_thread_is_of_its_order_8f45c",
                    table="orders_messagethread",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="messageturn",
            index=models.Index(fields=["due_at"], name="turns_by_their_time"),
        ),
        migrations.AddConstraint(
            model_name="messageturn",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at__isnull", True)),
                fields=("thread",),
                name="a_thread_has_one_open_turn",
            ),
        ),
        migrations.AddConstraint(
            model_name="messageturn",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gt", models.F("asked_at"))), name="a_turn_has_its_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="messageturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answered_at__isnull", True), ("answered_at__gte", models.F("asked_at")), _connector="OR"
                ),
                name="an_answer_follows_its_question",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="messageturn",
            trigger=pgtrigger.compiler.Trigger(
                name="a_turn_keeps_its_clock",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."thread_id" IS DISTINCT FROM (NEW."thread_id") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."due_at" IS DISTINCT FROM (NEW."due_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="3f57dba4f2a7caabd00d0cbbe3107bd87817dd65",
                    operation="UPDATE",
                    pgid="pgtrigger_a_turn_keeps_its_clock_f0723",
                    table="orders_messageturn",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="messageturn",
            trigger=pgtrigger.compiler.Trigger(
                name="an_answered_turn_stays_answered",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."answered_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="dc93856a1a1cff3323bbef8f8e0f36c03dceb65f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_an_answered_turn_stays_answered_93a00",
                    table="orders_messageturn",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="ordermessage",
            index=models.Index(fields=["thread", "at", "id"], name="messages_in_their_order"),
        ),
        migrations.AddConstraint(
            model_name="ordermessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("seat__in", ["buyer", "merchant"])), name="a_message_has_a_seat"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ordermessage",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF TG_OP = 'UPDATE' THEN\n    IF to_jsonb(OLD) - ARRAY['text'] = to_jsonb(NEW) - ARRAY['text'] AND (OLD.\"text\" IS DISTINCT FROM NEW.\"text\") AND privacy_is_resealing(OLD.\"text\", NEW.\"text\") THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;\n",
                    hash="73dad857e90f7141e31ed57b37081ef1fe318402",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_fe296",
                    table="orders_ordermessage",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ordermessage",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_under_a_live_key",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF TG_OP = \'INSERT\' OR NEW."text" IS DISTINCT FROM OLD."text" THEN PERFORM privacy_check_sealed(NEW."author_subject_id", NEW."text"); END IF;\nRETURN NEW;',
                    hash="a31d53d1104b7ac025458a0efbfeb07f3d6a5e25",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_sealed_under_a_live_key_a06eb",
                    table="orders_ordermessage",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="messagefile",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="11c98f3b0c643950c287d4215cee9198a4bc7621",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_918f7",
                    table="orders_messagefile",
                    when="BEFORE",
                ),
            ),
        ),
    ]
