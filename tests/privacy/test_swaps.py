"""A sealed value opens where and as it was sealed, under its own key, and nowhere else."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import assume, given
from hypothesis import strategies as st

from kernel.ids import new_id
from privacy import keys, sealing
from privacy.fields import Sealed
from privacy.resealing import sealed_columns
from privacy.subjects import create_subject

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
KEY, OTHER = b"k" * 32, b"o" * 32
anything = st.binary(max_size=80)


def refused(sealed, *, key=KEY, context=b"a"):
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(sealed, key=key, context=context)


class TestBytes:
    @given(st.binary(min_size=32, max_size=32), st.binary(min_size=1, max_size=40))
    def test_inner_keys_are_those_of_rfc_5869(self, key, info):
        assert sealing._expand(key, info) == HKDFExpand(hashes.SHA256(), 32, info).derive(key)

    @given(anything, anything, st.integers(1, 32767))
    def test_there_and_back(self, plain, context, version):
        sealed = sealing.seal(plain, key=KEY, key_version=version, context=context)
        assert sealing.unseal(sealed, key=KEY, context=context) == plain
        assert sealing.key_version_of(sealed) == version

    @given(anything, st.data())
    def test_any_changed_byte(self, plain, data):
        sealed = sealing.seal(plain, key=KEY, key_version=1, context=b"a")
        place = data.draw(st.integers(0, len(sealed) - 1))
        changed = data.draw(st.integers(1, 255))
        refused(sealed[:place] + bytes([sealed[place] ^ changed]) + sealed[place + 1 :])

    @given(anything, st.data())
    def test_truncated_or_extended(self, plain, data):
        sealed = sealing.seal(plain, key=KEY, key_version=1, context=b"a")
        refused(sealed[: data.draw(st.integers(0, len(sealed) - 1))])
        refused(sealed + data.draw(st.binary(min_size=1, max_size=20)))

    @given(anything, anything, anything)
    def test_another_place(self, plain, here, there):
        assume(here != there)
        refused(sealing.seal(plain, key=KEY, key_version=1, context=here), context=there)

    @given(anything, st.integers(0, 255))
    def test_another_algorithm(self, plain, algorithm):
        assume(algorithm != sealing.ALGORITHM)
        refused(bytes([algorithm]) + sealing.seal(plain, key=KEY, key_version=1, context=b"a")[1:])

    @given(anything, st.integers(1, 32767))
    def test_another_key_version(self, plain, version):
        sealed = sealing.seal(plain, key=KEY, key_version=1, context=b"a")
        assume(version != 1)
        refused(sealed[:1] + version.to_bytes(2, "big") + sealed[3:])

    @given(st.binary(min_size=16, max_size=16), anything)
    def test_another_commitment(self, commitment, plain):
        sealed = sealing.seal(plain, key=KEY, key_version=1, context=b"a")
        start = sealing.HEADER - sealing.COMMITMENT
        assume(commitment != sealed[start : sealing.HEADER])
        refused(sealed[:start] + commitment + sealed[sealing.HEADER :])

    @given(st.binary(max_size=200))
    def test_bytes_from_nowhere(self, rubbish):
        refused(rubbish)


def _times(x, y):
    """Multiplication in GCM's field of 2^128 elements, its bits reversed as NIST SP 800-38D has them."""
    product = 0
    for bit in range(127, -1, -1):
        if (x >> bit) & 1:
            product ^= y
        y = (y >> 1) ^ (0xE1 << 120 if y & 1 else 0)
    return product


def _power(x, exponent):
    result = 1 << 127
    while exponent:
        if exponent & 1:
            result = _times(result, x)
        x, exponent = _times(x, x), exponent >> 1
    return result


def _block(key, plain):
    found = Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(plain)
    return int.from_bytes(found, "big")


def _ghash(h, blocks):
    total = 0
    for block in blocks:
        total = _times(total ^ block, h)
    return total


def _blocks(data):
    padded = data + bytes(-len(data) % 16)
    return [int.from_bytes(padded[i : i + 16], "big") for i in range(0, len(padded), 16)]


def opening_under_both(one, two, nonce, aad):
    """A ciphertext and tag that plain AES-GCM opens under both keys (Dodis et al. 2018, "salamander")."""
    lengths = (len(aad) * 8 << 64) | (16 * 8)
    h = [_block(key, bytes(16)) for key in (one, two)]
    masks = [_block(key, nonce + b"\x00\x00\x00\x01") for key in (one, two)]
    # Both tags are linear in the one free block: solve for the block that makes them equal.
    rest = [_ghash(each, [*_blocks(aad), 0, lengths]) ^ mask for each, mask in zip(h, masks, strict=True)]
    free = _times(rest[0] ^ rest[1], _power(_power(h[0], 2) ^ _power(h[1], 2), (1 << 128) - 2))
    tag = rest[0] ^ _times(free, _power(h[0], 2))
    return free.to_bytes(16, "big") + tag.to_bytes(16, "big")


def test_one_ciphertext_for_two_keys_is_refused_though_bare_gcm_takes_it():
    header = sealing.seal(b"", key=KEY, key_version=1, context=b"a")[: sealing.HEADER]
    nonce, aad = header[3:15], header + b"a"
    inner = [sealing._expand(key, b"anxin:seal") for key in (KEY, OTHER)]
    body = opening_under_both(*inner, nonce, aad)
    plains = [AESGCM(key).decrypt(nonce, body, aad) for key in inner]
    assert plains[0] != plains[1], "two different words in one ciphertext, and GCM takes both"
    assert sealing.unseal(header + body, key=KEY, context=b"a") == plains[0]
    refused(header + body, key=OTHER)


def a_row(model, field, subject_id, pk):
    row = model(pk=pk)
    setattr(row, field.subject, subject_id)
    return row


@pytest.mark.django_db
class TestCells:
    """Over every sealed column of the house, whoever added it."""

    @pytest.fixture
    def subjects(self):
        return [create_subject(locale="en", at=AT).pk for _ in range(2)]

    def test_no_cell_opens_in_another_column_or_table(self, subjects):
        columns, pk = sealed_columns(), new_id()
        for model, field in columns:
            cell = field.seal(a_row(model, field, subjects[0], pk), "words")
            for other_model, other in columns:
                row = a_row(other_model, other, subjects[0], pk)
                if (other_model, other) == (model, field):
                    assert other.open(row, cell) == "words"
                else:
                    with pytest.raises(sealing.SealBroken):
                        other.open(row, cell)

    def test_nor_in_another_row_or_for_another_subject(self, subjects):
        for model, field in sealed_columns():
            pk = new_id()
            cell = field.seal(a_row(model, field, subjects[0], pk), "words")
            for stranger in (
                a_row(model, field, subjects[0], new_id()),
                a_row(model, field, subjects[1], pk),
            ):
                with pytest.raises(sealing.SealBroken):
                    field.open(stranger, cell)

    def test_nor_under_another_version_of_its_subject_s_key(self, subjects):
        later = keys.add_version(subject_id=subjects[0], at=AT)
        for model, field in sealed_columns():
            row = a_row(model, field, subjects[0], new_id())
            old = field.seal_under(row, "words", version=1)
            forged = Sealed(old[:1] + later.to_bytes(2, "big") + old[3:])
            assert field.open(row, old) == "words"
            with pytest.raises(sealing.SealBroken):
                field.open(row, forged)

    @given(text=st.text(max_size=60), data=st.data())
    def test_nor_with_any_bit_changed(self, subjects, text, data):
        model, field = data.draw(st.sampled_from(sealed_columns()))
        row = a_row(model, field, subjects[0], new_id())
        cell = field.seal(row, text)
        assert field.open(row, cell) == text
        place, bit = data.draw(st.integers(0, len(cell) - 1)), 1 << data.draw(st.integers(0, 7))
        changed = Sealed(cell[:place] + bytes([cell[place] ^ bit]) + cell[place + 1 :])
        with pytest.raises((sealing.SealBroken, keys.KeyDestroyed)):
            field.open(row, changed)
