"""A link that opens something stands in no log line."""

import pytest

from web.logs import scrub

LINKS = ("/account/undo/", "/account/not-me/", "/privacy/certificates/", "/orders/g/")


@pytest.mark.parametrize("path", LINKS)
def test_a_signed_link_is_hidden(path):
    line = scrub(f"Internal Server Error: {path}eyJhbGci.abc:d_ef-1/document.json")

    assert path in line and "eyJhbGci" not in line and "d_ef" not in line
