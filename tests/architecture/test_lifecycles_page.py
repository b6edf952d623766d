"""The page of lifecycles says what the tables say."""

from config.management.commands import lifecycles


def test_every_table_is_found() -> None:
    names = {(app, table.name) for app, table in lifecycles.tables()}
    assert {("orders", "order"), ("merchants", "merchant")} <= names


def test_the_page_is_current() -> None:
    assert lifecycles.PAGE.is_file(), "python3 dev manage lifecycles"
    assert lifecycles.PAGE.read_text(encoding="utf-8") == lifecycles.page(), "python3 dev manage lifecycles"
