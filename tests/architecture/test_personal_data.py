"""Whoever holds something about a person says so in its app's personal_data.py, column by column."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import models

from config.inventory import ROOMS
from config.inventory_checks import bundled_rules, every_column_is_classified, every_keeping_rule_is_law
from privacy import columns, inventory
from privacy.classification import AtErasure, Basis, Keeping, PersonalField, Purpose, Sensitivity
from privacy.fields import EncryptedTextField
from tests.architecture import tree

SEVERE = {Sensitivity.SENSITIVE, Sensitivity.PAYMENT, Sensitivity.MINORS}
ENTRY = PersonalField("orders.Order.number", Sensitivity.GENERAL, Purpose.DELIVERY, Basis.CONTRACT)


@pytest.fixture
def other_rooms():
    """Install other lists for one test."""
    yield inventory.install
    inventory.install(ROOMS)


def without(column: str) -> tuple[inventory.Room, ...]:
    """The rooms as if nobody had written the lines of one column."""
    app, _, name = column.split(".")
    return tuple(
        inventory.Room(
            room.name,
            tuple(entry for entry in room.fields if entry.column != column),
            {k: v for k, v in room.not_personal.items() if k not in (column, f"{app}.*.{name}")},
        )
        for room in ROOMS
    )


def test_every_room_with_a_list_is_in_the_table() -> None:
    lists = [
        import_module(f"{name}.personal_data").FIELDS
        for name, folder in tree.packages().items()
        if (folder / "personal_data.py").is_file()
    ]
    assert {id(fields) for fields in lists} == {id(room.fields) for room in ROOMS}


def test_every_column_that_can_hold_words_is_classified() -> None:
    assert columns.unclassified() == []


def test_the_lists_name_only_what_exists_and_their_look_ups_lead_to_people() -> None:
    assert columns.unfounded() == []


def test_a_keeping_rule_is_a_rule_of_a_law_pack(other_rooms) -> None:
    assert every_keeping_rule_is_law(None) == []

    wish = Keeping("cn.wish.retention", since="closed_at")
    kept = PersonalField(
        ENTRY.column, ENTRY.sensitivity, ENTRY.purpose, ENTRY.basis, (), AtErasure.KEEP, wish
    )
    other_rooms([inventory.Room("x", (kept,))])

    assert [error.msg for error in every_keeping_rule_is_law(None)] == [
        "no law pack has the keeping rule cn.wish.retention"
    ]
    assert len(bundled_rules()) > 100


@pytest.mark.parametrize(
    "column",
    [
        "orders.Order.recipient",
        "notifications.Letter.params",
        "account.EmailAddress.email",
        "mfa.Authenticator.data",
        "sessions.Session.session_data",
        "admin.LogEntry.change_message",
        "payments.SandboxDelivery.body",
        "complaints.Decision.rule_ids",
        "catalog.Listing.search",
        "evidence.Leaf.commitment",
        "web.IdempotencyKey.location",
    ],
)
def test_a_column_that_loses_its_line_stops_the_start(other_rooms, column) -> None:
    other_rooms(without(column))

    assert column in columns.unclassified()
    assert any(column in error.msg for error in every_column_is_classified(None))


def test_a_line_that_names_nothing_stops_the_start(other_rooms) -> None:
    lost = PersonalField("orders.Order.gone", ENTRY.sensitivity, ENTRY.purpose, ENTRY.basis)
    astray = PersonalField(
        "orders.OrderLine.id", ENTRY.sensitivity, ENTRY.purpose, ENTRY.basis, subject="order__nobody"
    )
    silent = {"orders.Order.gone_too": "x", "orders.*.nowhere": "x"}
    other_rooms([*ROOMS, inventory.Room("x", (lost, astray), silent)])

    assert columns.unfounded() == [
        "orders.Order.gone",
        "orders.OrderLine.id",
        "orders.Order.gone_too",
        "orders.*.nowhere",
    ]


def test_every_sealed_column_is_classified_and_no_public_one_is_sealed_by_mistake() -> None:
    sealed = {column for column, field in columns.all_columns() if isinstance(field, EncryptedTextField)}
    said = {entry.column: entry for entry in inventory.fields()}

    assert len(sealed) >= 17
    assert sealed - set(said) == set()
    assert [column for column in sealed if said[column].sensitivity is Sensitivity.PUBLIC] == []


def test_a_sealed_column_is_found_by_the_subject_under_whose_key_it_is_sealed() -> None:
    wrong = [
        entry.column
        for entry in inventory.fields()
        if isinstance(field := columns.field_of(entry.column), EncryptedTextField)
        and entry.subject != field.subject
    ]
    assert wrong == []


def test_what_matters_and_stands_unsealed_has_a_written_reason() -> None:
    bare = [
        entry.column
        for entry in inventory.fields()
        if entry.sensitivity in SEVERE and not columns.is_sealed(entry.column) and not entry.why
    ]
    assert bare == []


def test_what_is_kept_unsealed_has_a_written_reason() -> None:
    bare = [
        entry.column
        for entry in inventory.fields()
        if entry.erasure is AtErasure.KEEP and not columns.is_sealed(entry.column) and not entry.why
    ]
    assert bare == []


def test_no_column_is_both_personal_and_not() -> None:
    assert [e.column for e in inventory.fields() if inventory.why_not_personal(e.column)] == []
    listed = [entry.column for entry in inventory.fields()]
    assert sorted(set(listed)) == sorted(listed)


def test_every_model_about_a_person_is_in_the_inventory() -> None:
    about = [
        model._meta.label
        for model in apps.get_models()
        if any(
            field.name.endswith("subject") or field.name.endswith("subject_id")
            for field in model._meta.concrete_fields
        )
    ]
    assert set(about) - set(inventory.by_model()) == set()


def test_a_row_that_goes_takes_all_its_columns() -> None:
    mixed = {
        label
        for label, entries in inventory.by_model().items()
        if len({entry.erasure for entry in entries}) > 1
        and AtErasure.DELETE_ROW in {entry.erasure for entry in entries}
    }
    assert mixed == set()


def test_kinds_of_columns_that_a_library_brings_are_never_silent() -> None:
    class FromALibrary(models.Field):
        pass

    assert columns.can_speak(FromALibrary())
    assert columns.can_speak(models.GenericIPAddressField())
    assert columns.can_speak(models.FileField())
    assert columns.can_speak(models.BinaryField())
    assert not columns.can_speak(models.CharField(choices=[("a", "a")]))
