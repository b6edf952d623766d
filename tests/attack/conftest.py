"""The law and the shelves that every attack stands on."""

import pytest

from tests.builders.shops import the_catalogue


@pytest.fixture(autouse=True)
def ground(db):
    the_catalogue()
