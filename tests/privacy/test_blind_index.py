"""Digests by which sealed values are found: one per number and address, however it is spelt."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy import blind_index

MOBILE = blind_index.phone("+8613800001111")


@pytest.mark.parametrize(
    "spelling",
    [
        "138 0000 1111",
        "138-0000-1111",
        "+86 138 0000 1111",
        "+86-13800001111",
        "0086 13800001111",
        "8613800001111",
        "(+86) 138 0000 1111".replace("(", "").replace(")", ""),
        "１３８００００１１１１",
        "＋８６１３８００００１１１１",
        " 138\u00a00000\u20021111 ",
        "١٣٨٠٠٠٠١١١١",
    ],
)
def test_one_number_however_it_is_spelt(spelling):
    assert blind_index.phone(spelling) == MOBILE


@pytest.mark.parametrize("other", ["+852 1380 0001 111", "13800001112", "+113800001111", "86138000011"])
def test_other_numbers_stay_others(other):
    assert blind_index.phone(other) != MOBILE


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (" Lin@Example.COM ", "lin@example.com"),
        ("ｌｉｎ＠ｅｘａｍｐｌｅ．ｃｏｍ", "lin@example.com"),
        ("林@例子.中国", "林@xn--fsqu00a.xn--fiqs8s"),
        ("lin@BÜCHER.example", "lin@xn--bcher-kva.example"),
    ],
)
def test_one_address_however_it_is_spelt(one, two):
    assert blind_index.email(one) == blind_index.email(two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("lin+shop@example.com", "lin@example.com"),
        ("l.in@gmail.com", "lin@gmail.com"),
        ("lin@example.com", "lin@example.co"),
        ("lin@раураl.example", "lin@paypal.example"),
    ],
)
def test_what_only_a_provider_could_know_to_be_one_stays_two(one, two):
    assert blind_index.email(one) != blind_index.email(two)


@given(st.text(max_size=80))
def test_anything_typed_has_a_digest_and_normal_forms_are_stable(typed):
    for normal, digest in (
        (blind_index.normal_email, blind_index.email),
        (blind_index.normal_phone, blind_index.phone),
    ):
        try:
            found = normal(typed)
            assert re.fullmatch("[0-9a-f]{64}", digest(typed))
        except UnicodeEncodeError:
            assert any("\ud800" <= c <= "\udfff" for c in typed)
        else:
            assert normal(found) == found


def test_purposes_can_not_be_joined():
    assert blind_index.of("a", "x") != blind_index.of("b", "x")


def test_no_dictionary_of_a_thousand_numbers_finds_one_without_the_key():
    """Plain SHA-256, and HMAC under guessable keys, of a whole block of numbers: none is in the column."""
    import hashlib
    import hmac

    for last in range(1000, 2000):
        number = f"+861380000{last}".encode()
        for guess in (
            hashlib.sha256(number).hexdigest(),
            *(hmac.new(k, number, "sha256").hexdigest() for k in (b"", b"phone", bytes(32))),
        ):
            assert guess != MOBILE
