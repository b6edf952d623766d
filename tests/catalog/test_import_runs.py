"""A file of listings through the portal: read, understood, tried, taken in slices, stopped, reported."""

import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from catalog.importing import runs, working
from catalog.models import ImportLine, ImportRun, Listing
from merchants import membership as members
from merchants.capabilities import Capability
from tests.builders.people import a_member
from tests.builders.shops import a_merchant
from tests.catalog.test_import import a_row

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
HEAD = ["货号", "标题", "价格", "运费", "库存", "谁知道"]


@pytest.fixture(autouse=True)
def _today(at):
    at(NOW)


@pytest.fixture
def shop():
    return a_merchant()


@pytest.fixture
def owner(shop):
    return a_member(shop)


def base(shop):
    return f"/merchant/{shop.slug}/listings/import"


def a_csv(*rows, header=HEAD, encoding="gb18030"):
    lines = [",".join(header), *(",".join(map(str, row)) for row in rows)]
    return SimpleUploadedFile("秋季上新.csv", "\r\n".join(lines).encode(encoding))


def a_workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("上新.xlsx", out.getvalue())


def send(owner, shop, upload):
    answer = owner.client.post(base(shop), {"file": upload})
    assert answer.status_code == 303, answer.content.decode()
    return ImportRun.objects.get(pk=answer.headers["Location"].rstrip("/").rpartition("/")[2])


def drive():
    while working.work(at=NOW):
        pass


def start(owner, shop, run, do="take", **changed):
    chosen = {
        "c0": "code",
        "c1": "title_zh-hans",
        "c2": "price",
        "c3": "freight",
        "c4": "stock",
        "category": "home",
    }
    return owner.client.post(f"{base(shop)}/{run.pk}/start", {**chosen, "do": do, **changed})


class TestJourney:
    def test_a_gb18030_file_is_guessed_tried_and_taken(self, shop, owner):
        run = send(
            owner,
            shop,
            a_csv(["K-1", "月白急须", "39.00", "0", 5, "x"], ["K-2", "竹茶盘", "很贵", "0", 5, ""]),
        )
        assert "hx-trigger" in owner.client.get(f"{base(shop)}/{run.pk}/").content.decode()
        asked = {"HTTP_HX_REQUEST": "true"}
        assert "HX-Refresh" not in owner.client.get(f"{base(shop)}/{run.pk}/", **asked).headers
        drive()
        assert owner.client.get(f"{base(shop)}/{run.pk}/", **asked).headers["HX-Refresh"] == "true"
        page = owner.client.get(f"{base(shop)}/{run.pk}/").content.decode()
        for guess in ("code", "title_zh-hans", "price", "freight", "stock"):
            assert f'value="{guess}"' in page
        assert start(owner, shop, run, do="try").status_code == 303
        drive()
        run.refresh_from_db()
        assert (run.state, run.dry, run.total, run.encoding) == ("done", True, 2, "gb18030")
        assert runs.counts_of(run) == {"draft": 1, "refused": 1}
        assert not Listing.objects.filter(merchant=shop).exists()
        start(owner, shop, run)
        drive()
        assert [row.code for row in Listing.objects.filter(merchant=shop)] == ["K-1"]
        page = owner.client.get(f"{base(shop)}/{run.pk}/?result=refused").content.decode()
        assert "很贵" in page and "K-1</td>" not in page
        file = owner.client.get(f"{base(shop)}/{run.pk}/report.csv").content.decode()
        assert file.count("\r\n") == 3 and "K-2" in file

    def test_a_workbook_with_our_own_names_is_handed_in(self, shop, owner):
        row = a_row(category="home")
        run = send(owner, shop, a_workbook([list(row), list(row.values())]))
        drive()
        run.refresh_from_db()
        columns = {f"c{at}": name for at, name in enumerate(run.header)}
        owner.client.post(f"{base(shop)}/{run.pk}/start", {**columns, "do": "take"})
        drive()
        assert runs.counts_of(run) == {"waiting": 1}
        assert Listing.objects.get(merchant=shop).code == row["code"]

    def test_the_next_file_remembers_the_columns(self, shop, owner):
        first = send(owner, shop, a_csv(["K-1", "月白急须", "39.00", "0", 5, "灰"]))
        drive()
        start(owner, shop, first, c5="colour" if "colour" in _ours() else "brand")
        drive()
        second = send(owner, shop, a_csv(["K-2", "竹茶盘", "19.00", "0", 5, "灰"]))
        drive()
        page = owner.client.get(f"{base(shop)}/{second.pk}/").content.decode()
        assert f'value="{"colour" if "colour" in _ours() else "brand"}" maxlength' in page


def _ours():
    from catalog.importing.columns import known

    return known()


class TestRefusals:
    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"c0": ""}, "编码"),
            ({"c1": "moon"}, "moon"),
            ({"c1": "price"}, "price"),
            ({"category": ""}, "类目"),
            ({"category": "weapons"}, "类目"),
        ],
    )
    def test_an_unclear_column_keeps_what_was_chosen(self, shop, owner, changed, said):
        run = send(owner, shop, a_csv(["K-1", "月白急须", "39.00", "0", 5, ""]))
        drive()
        answer = start(owner, shop, run, **changed)
        page = answer.content.decode()
        assert answer.status_code == 422 and said in page and 'value="freight"' in page
        run.refresh_from_db()
        assert (run.state, run.columns) == ("read", {})

    def test_empty_or_too_big_is_not_kept(self, shop, owner, monkeypatch):
        monkeypatch.setattr("catalog.importing.runs.policies.value", lambda name, at: {"megabytes": 0})
        for upload in (SimpleUploadedFile("a.csv", b""), SimpleUploadedFile("a.csv", b"code\nx")):
            assert owner.client.post(base(shop), {"file": upload}).status_code == 422
        assert not ImportRun.objects.exists()

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"%PDF-1.7 \xe2\xe3\xcf\xd3 \x01\x02", "file_unreadable"),
            (b"PK\x03\x04 broken", "workbook_unreadable"),
        ],
    )
    def test_what_is_no_table_says_so(self, shop, owner, content, code):
        run = send(owner, shop, SimpleUploadedFile("a.xlsx", content))
        drive()
        run.refresh_from_db()
        assert (run.state, run.refusal) == ("failed", code)
        assert ".xlsx" in owner.client.get(f"{base(shop)}/{run.pk}/").content.decode()

    def test_too_many_rows_are_refused_whole(self, shop, owner, monkeypatch):
        monkeypatch.setattr(
            "catalog.importing.working.policies.value",
            lambda name, at: {"rows": 2, "days": 30, "megabytes": 1},
        )
        run = send(owner, shop, a_csv(*(["K", "a", "1", "0", 1, ""] for _ in range(3))))
        drive()
        run.refresh_from_db()
        assert (run.state, run.refusal, run.total) == ("failed", "import_too_many_rows", 0)

    def test_one_file_at_a_time(self, shop, owner):
        send(owner, shop, a_csv(["K-1", "a", "1", "0", 1, ""]))
        assert (
            owner.client.post(base(shop), {"file": a_csv(["K-2", "b", "1", "0", 1, ""])}).status_code == 422
        )
        assert ImportRun.objects.count() == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            mine = ImportRun.objects.get()
            ImportRun.objects.create(
                merchant=shop, membership=mine.membership, name="b", state="waiting", received_at=NOW
            )

    def test_another_shops_file_is_404(self, shop, owner):
        run = send(owner, shop, a_csv(["K-1", "a", "1", "0", 1, ""]))
        drive()
        other = a_merchant()
        stranger = a_member(other)
        for path in ("", "start", "stop", "report.csv"):
            verb = stranger.client.post if path in ("start", "stop") else stranger.client.get
            assert verb(f"{base(other)}/{run.pk}/{path}").status_code == 404
        run.refresh_from_db()
        assert run.state == "read"


class TestSlices:
    def rows(self, n):
        return [[f"K-{at}", f"竹茶盘{at}", "19.00", "0", 5, ""] for at in range(n)]

    def test_a_code_twice_is_taken_once_even_slices_apart(self, shop, owner, monkeypatch):
        monkeypatch.setattr(working, "SLICE", 3)
        run = send(owner, shop, a_csv(*self.rows(7), ["K-0", "又一次", "1.00", "0", 1, ""]))
        drive()
        start(owner, shop, run)
        drive()
        assert runs.counts_of(run) == {"draft": 7, "refused": 1}
        assert ImportLine.objects.get(run=run, result="refused").number == 9

    def test_a_slice_that_dies_leaves_nothing_and_is_done_again(self, shop, owner, monkeypatch):
        monkeypatch.setattr(working, "SLICE", 3)
        run = send(owner, shop, a_csv(*self.rows(6)))
        drive()
        start(owner, shop, run)
        assert working.work(at=NOW) == 3

        def dies(*args):
            raise KeyboardInterrupt

        with monkeypatch.context() as broken:
            broken.setattr(working, "_line", dies)
            with pytest.raises(KeyboardInterrupt), transaction.atomic():
                working.work(at=NOW)
        assert Listing.objects.filter(merchant=shop).count() == 3
        drive()
        run.refresh_from_db()
        assert (run.state, run.next_row, runs.counts_of(run)) == ("done", 6, {"draft": 6})

    def test_stopped_stays_stopped_and_can_begin_again(self, shop, owner, monkeypatch):
        monkeypatch.setattr(working, "SLICE", 2)
        run = send(owner, shop, a_csv(*self.rows(5)))
        drive()
        start(owner, shop, run)
        working.work(at=NOW)
        owner.client.post(f"{base(shop)}/{run.pk}/stop")
        drive()
        assert Listing.objects.filter(merchant=shop).count() == 2
        start(owner, shop, run)
        drive()
        assert runs.counts_of(run) == {"draft": 3, "unchanged": 2}

    def test_who_was_removed_takes_nothing_more(self, shop, owner, monkeypatch):
        monkeypatch.setattr(working, "SLICE", 2)
        helper = a_member(shop, [Capability.LISTINGS])
        run = send(helper, shop, a_csv(*self.rows(5)))
        drive()
        start(helper, shop, run)
        working.work(at=NOW)
        run.refresh_from_db()
        members.remove_member(merchant_id=shop.pk, membership_id=run.membership_id, actor=owner.actor, at=NOW)
        drive()
        run.refresh_from_db()
        assert (run.state, run.refusal, run.next_row) == ("failed", "import_member_gone", 2)
        assert Listing.objects.filter(merchant=shop).count() == 2

    def test_two_shops_take_turns(self, shop, owner, monkeypatch):
        monkeypatch.setattr(working, "SLICE", 2)
        other = a_merchant()
        neighbour = a_member(other)
        both = [(owner, shop), (neighbour, other)]
        sent = [(person, place, send(person, place, a_csv(*self.rows(4)))) for person, place in both]
        drive()
        for each in sent:
            start(*each)
        working.work(at=NOW), working.work(at=NOW)
        assert [Listing.objects.filter(merchant=each).count() for each in (shop, other)] == [2, 2]

    def test_old_files_go_with_their_reports_and_listings_stay(self, shop, owner):
        run = send(owner, shop, a_csv(*self.rows(1)))
        drive()
        start(owner, shop, run)
        drive()
        assert runs.forget_old(before=NOW) == 0
        assert runs.forget_old(before=NOW + timedelta(seconds=1)) == 1
        assert not ImportRun.objects.exists() and Listing.objects.filter(merchant=shop).count() == 1
        assert not default_storage.exists(runs.source_path(run.pk))
        assert not default_storage.exists(runs.plain_path(run.pk))


def test_the_table_refuses_what_cannot_be(shop, owner):
    send(owner, shop, a_csv(["K-1", "a", "1", "0", 1, ""]))
    for wrong in ("next_row = 9", "state = 'lost'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE catalog_importrun SET {wrong}")
