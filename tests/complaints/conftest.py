"""The law that every case stands on."""

import pytest

from tests.builders.rulebook import the_rulebook


@pytest.fixture
def the_law(db):
    the_rulebook()
