"""A copy: everything held about one person, for machines and for people, sealed until it is fetched."""

import csv
import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel.actor import Actor
from kernel.errors import NotFound
from notifications import addressees
from notifications.models import Letter
from privacy import copying, requests
from privacy.models import CopyState, PersonalCopy, StoredFile
from privacy.states import RequestKind, RequestState
from tests.builders.orders import LIN_WEI, ORDERED, a_subject, an_order, drain
from tests.builders.people import a_buyer
from tests.builders.requests import ASKED, a_request
from web.export import FORMULA_STARTS

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def buyer():
    person = a_buyer("林未", email="linwei@example.com")
    addressees.record(subject_id=person.subject_id, email="linwei@example.com", at=ORDERED)
    return person


def built(person, kind=RequestKind.COPY, *, at=ASKED):
    request = a_request(person.subject_id, kind, at=at)
    assert copying.build_next(at=at) == 1
    return requests.one_of(subject_id=person.subject_id, number=request.number)


def opened(request, *, at=ASKED):
    name, pieces = copying.fetch(request_id=request.pk, actor=Actor.buyer(request.subject_id), at=at)
    assert name == f"anxin-{request.number}.zip"
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


class TestTheCopy:
    def test_it_holds_what_is_known_and_nothing_of_anybody_else(self, buyer):
        order = an_order(subject_id=buyer.subject_id)
        other = an_order()
        found = opened(built(buyer))
        assert found.testzip() is None
        data = json.loads(found.read("data.json"))
        assert data["format"] == "anxin.copy.1"
        tables = {table["table"]: table for table in data["tables"]}
        rows = tables["orders.Order"]["rows"]
        assert [row["number"] for row in rows] == [order.number]
        assert rows[0]["recipient"] == LIN_WEI.name and rows[0]["address"] == LIN_WEI.address
        assert other.number not in found.read("data.json").decode()
        assert tables["notifications.Addressee"]["rows"][0]["email"] == "linwei@example.com"
        columns = {one["name"]: one for one in tables["orders.Order"]["columns"]}
        assert columns["recipient"]["kept_by"] == "cn.trade.retention"
        assert columns["recipient"]["source"] == "you" and "merchant" in columns["recipient"]["seen_by"]

    def test_keys_and_passwords_stay_out(self, buyer):
        text = opened(built(buyer)).read("data.json").decode()
        assert buyer.user.password not in text and buyer.user.pseudonym not in text
        assert "wrapped" not in text

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("zh-hans", "我们保存的关于你的全部信息"),
            ("zh-hant", "我們保存的關於你的全部資料"),
            ("en", "Everything we hold about you"),
        ],
    )
    def test_it_reads_in_three_languages_without_the_network(self, buyer, language, words):
        an_order(subject_id=buyer.subject_id)
        page = opened(built(buyer)).read(f"{language}.html").decode()
        assert words in page and LIN_WEI.name in page and page.rstrip().endswith("</html>")
        assert not re.findall(r"(?:src|href)\s*=|https?://|@import|url\(", page)

    def test_markup_in_what_people_wrote_stays_text(self, buyer):
        buyer.user.display_name = "<script>alert(1)</script>=1+1"
        buyer.user.save()
        found = opened(built(buyer))
        assert "<script>" not in found.read("en.html").decode()
        assert json.loads(found.read("data.json"))

    @pytest.mark.parametrize("start", FORMULA_STARTS)
    def test_a_formula_is_no_formula_in_a_table(self, buyer, start):
        buyer.user.display_name = f"{start}HYPERLINK(1)"
        buyer.user.save()
        table = opened(built(buyer, RequestKind.MOVE)).read("tables/accounts.User.csv").decode()
        (header, told) = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"))))
        assert dict(zip(header, told, strict=True))["display_name"] == f"'{start}HYPERLINK(1)"
        assert table.startswith("\ufeff")


class TestBuilding:
    def test_it_answers_the_request_and_writes_a_letter(self, buyer):
        request = built(buyer)
        drain(at=ASKED)
        assert request.state == RequestState.ANSWERED and request.copy.done == request.copy.total > 10
        assert Letter.objects.filter(kind="privacy.copy_ready", reference=request.pk).count() == 1
        assert copying.build_next(at=ASKED) == 0

    def test_no_plain_byte_lies_in_the_store(self, buyer):
        an_order(subject_id=buyer.subject_id)
        stored = built(buyer).copy.file
        with default_storage.open(stored.path) as kept:
            content = kept.read()
        assert content[:2] != b"PK" and b"linwei" not in content and LIN_WEI.name.encode() not in content

    def test_a_worker_that_died_leaves_it_to_the_next(self, buyer):
        request = a_request(buyer.subject_id, RequestKind.COPY)
        claimed = copying._claim(ASKED)
        assert claimed is not None and copying.build_next(at=ASKED) == 0
        assert copying.build_next(at=ASKED + timedelta(minutes=10)) == 1
        assert PersonalCopy.objects.get(request=request).state == CopyState.READY

    def test_who_took_it_back_gets_none(self, buyer):
        request = a_request(buyer.subject_id, RequestKind.COPY)
        requests.withdraw(request_id=request.pk, actor=buyer.actor, at=ASKED)
        assert copying.build_next(at=ASKED) == 0

    def test_many_orders_cost_no_more_statements_than_one(self, buyer):
        costs = []
        for orders in (1, 3):
            for _ in range(orders):
                an_order(subject_id=buyer.subject_id)
            a_request(buyer.subject_id, RequestKind.COPY)
            with CaptureQueriesContext(connection) as said:
                copying.build_next(at=ASKED)
            costs.append(len(said))
        # The second copy holds the letter about the first one and its request, nothing else that costs.
        assert costs[1] <= costs[0] + 10, costs


class TestFetching:
    def test_only_the_person_and_only_in_time(self, buyer):
        request = built(buyer)
        with pytest.raises(NotFound):
            copying.fetch(request_id=request.pk, actor=Actor.buyer(a_subject()), at=ASKED)
        with pytest.raises(NotFound):
            copying.fetch(request_id=request.pk, actor=Actor.anonymous(), at=ASKED)
        with pytest.raises(copying.CopyNotThere):
            copying.fetch(request_id=request.pk, actor=buyer.actor, at=request.copy.expires_at)

    def test_its_time_over_the_bytes_are_gone(self, buyer, django_capture_on_commit_callbacks):
        request = built(buyer)
        path = request.copy.file.path
        with django_capture_on_commit_callbacks(execute=True):
            assert copying.expire(at=request.copy.expires_at - DAY, limit=10) == 0
            assert copying.expire(at=request.copy.expires_at, limit=10) == 1
        assert not default_storage.exists(path)
        assert not StoredFile.objects.filter(purpose="privacy.copy").exists()
