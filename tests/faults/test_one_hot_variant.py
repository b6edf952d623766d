"""Three processes after the last pieces of one variant, another beside it: each is sold once."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from catalog.models import Reservation, Stock
from embedded.places import ROOT
from tests.builders.variants import a_listing_with_variants, variant_id

pytestmark = pytest.mark.django_db(transaction=True)
PIECES, TRIES, PROCESSES = 7, 12, 3
BUYER = """
import sys, django; django.setup()
from datetime import UTC, datetime
from uuid import UUID
from catalog import stock
from kernel.ids import new_id
at = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
hot, cold, turn = UUID(sys.argv[1]), UUID(sys.argv[2]), int(sys.argv[3])
sys.stdin.readline()
got = 0
for number in range(int(sys.argv[4])):
    lines, reference = [(hot, 1), (cold, 1)], new_id()
    try:
        stock.reserve(lines=lines if turn % 2 else lines[::-1], reference=reference, expires_at=at, at=at)
        if number % 3 == 2:
            stock.release(reference=reference, at=at)
        else:
            stock.commit(reference=reference, at=at)
            got += 1
    except stock.OutOfStock:
        pass
print(got)
"""


def start(hot, cold, turn):
    own = connection.settings_dict
    address = f"postgres://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}/{own['NAME']}"
    return subprocess.Popen(
        [sys.executable, "-c", BUYER, str(hot), str(cold), str(turn), str(TRIES)],
        cwd=ROOT, text=True, env={**os.environ, "DATABASE_URL": address},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def test_no_piece_is_sold_twice_and_none_is_lost():
    listing = a_listing_with_variants(stocks={"white_small": PIECES, "black_large": 100})
    hot, cold = variant_id(listing, "white_small"), variant_id(listing, "black_large")
    buyers = [start(hot, cold, turn) for turn in range(PROCESSES)]
    try:
        for buyer in buyers:
            buyer.stdin.write("go\n")
            buyer.stdin.flush()
        sold = sum(int(buyer.communicate(timeout=90)[0]) for buyer in buyers)
    finally:
        for buyer in buyers:
            buyer.kill()
    rows = {row.pk: (row.on_hand, row.reserved, row.sold) for row in Stock.objects.all()}
    assert sold == PIECES
    assert rows[hot] == (0, 0, PIECES)
    assert rows[cold] == (100 - PIECES, 0, PIECES)
    assert Reservation.objects.filter(variant_id=hot, state="committed").count() == PIECES
    assert not Reservation.objects.filter(state="held").exists()
