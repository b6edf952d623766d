"""What is only ever added to stays as it was written, whoever asks: even the owner of the table."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from config.management.commands import grants
from privacy import live_keys
from tests.architecture import tree

HISTORIES = [model for model in apps.get_models() if getattr(model, "append_only", False)]


def _triggers(model: type[models.Model]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            [model._meta.db_table],
        )
        return "\n".join(row[0] for row in cursor.fetchall())


def _strip(table: str) -> None:
    """Take every constraint off the table, so that a row can be put in; the test's end undoes it."""
    lists = {
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype NOT IN ('t', 'n')": (
            'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}" CASCADE'
        ),
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgconstraint <> 0": (
            'DROP TRIGGER IF EXISTS "{name}" ON "{table}" CASCADE'
        ),
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass"
        " AND attnum > 0 AND attidentity = ''": ('ALTER TABLE "{table}" ALTER COLUMN "{name}" DROP NOT NULL'),
    }
    with connection.cursor() as cursor:
        for query, change in lists.items():
            cursor.execute(query, [table])
            for (name,) in cursor.fetchall():
                cursor.execute(change.format(table=table, name=name))


@pytest.mark.django_db
@pytest.mark.parametrize("model", HISTORIES, ids=lambda model: model._meta.label)
def test_the_owner_itself_cannot_change_or_remove_a_row(model: type[models.Model]) -> None:
    text = _triggers(model)
    assert "UPDATE" in text and "DELETE" in text
    table, column = model._meta.db_table, model._meta.pk.column
    _strip(table)
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{table}" ("{column}") VALUES (DEFAULT)')
        for attack in (f'UPDATE "{table}" SET "{column}" = "{column}"', f'DELETE FROM "{table}"'):
            with pytest.raises(DatabaseError, match=r"pgtrigger|append"), transaction.atomic():
                cursor.execute(attack)


# An application has a life of its own; nothing is booked or counted by its name.
NOT_HISTORIES = {"orders.CampaignEntry"}


def test_every_move_history_and_posting_says_that_it_is_append_only() -> None:
    names = {model._meta.label for model in HISTORIES} | NOT_HISTORIES
    loose = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in tree.packages()
        and model._meta.object_name
        and model._meta.object_name.endswith(("Move", "Posting", "Leaf", "Revision", "Entry", "Receipt"))
        and model._meta.label not in names
    ]
    assert not loose


@pytest.mark.django_db
def test_the_site_s_role_may_add_but_not_rewrite() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        grants.grant("anxin_app")
        for table in grants.append_only():
            for verb, allowed in (
                ("INSERT", True),
                ("UPDATE", False),
                ("DELETE", False),
                ("TRUNCATE", False),
            ):
                cursor.execute("SELECT has_table_privilege('anxin_app', %s, %s)", [table, verb])
                assert cursor.fetchone() == (allowed,), (table, verb)
        cursor.execute("SELECT has_schema_privilege('anxin_app', 'public', 'CREATE')")
        assert cursor.fetchone() == (False,)
        transaction.set_rollback(True)


SEALED_HISTORIES = [model for model in HISTORIES if live_keys.sealed_fields(model)]


@pytest.mark.django_db
@pytest.mark.parametrize("model", SEALED_HISTORIES, ids=lambda model: model._meta.label)
def test_sealed_cells_of_a_history_may_be_sealed_anew(model: type[models.Model]) -> None:
    """Else its keys could never rotate: `triggers = [live_keys.history(name, *columns)]` (decision 0030)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid WHERE tgrelid = %s::regclass",
            [model._meta.db_table],
        )
        sources = "\n".join(row[0] for row in cursor.fetchall())
    for each in live_keys.sealed_fields(model):
        assert f'privacy_is_resealing(OLD."{each.column}", NEW."{each.column}")' in sources
