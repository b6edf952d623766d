"""Pictures in a ZIP: pixels only, one at a time, hostile packs refused; named by rows of a file."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog import picture_packs
from catalog.importing import working
from catalog.models import ImportLine, ImportRun, Listing, Picture
from catalog.picture_packs import PackTooMany, PackUnreadable
from kernel.actor import Actor
from tests.builders.people import a_member
from tests.builders.photos import claiming, from_a_camera, photo
from tests.builders.shops import LISTED, a_merchant
from tests.catalog.test_import_variants import a_table, two

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(at):
    at(LISTED)


@pytest.fixture
def shop():
    return a_merchant()


def a_pack(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        for name, content in files.items():
            pack.writestr(name, content)
    out.seek(0)
    return out


def take(shop, pack):
    return picture_packs.take(pack, merchant_id=shop.pk, actor=Actor.system(), at=LISTED)


class TestTake:
    def test_takes_pictures_of_any_folder_by_their_own_name(self, shop):
        pack = a_pack(**{
            "上新/壶.jpg": photo().read(), "../../etc/杯.png": photo(name="a.png").read(),
            "__MACOSX/._壶.jpg": b"x", "上新/.DS_Store": b"x", "位置.jpg": from_a_camera().read(),
        })  # fmt: skip
        found = take(shop, pack)
        assert (found.count, found.problems) == (3, [])
        assert set(Picture.objects.values_list("name", flat=True)) == {"壶.jpg", "杯.png", "位置.jpg"}

    def test_reads_names_as_windows_packs_them(self, shop):
        placeholder, name = b"QQQQ.jpg", "茶壶.jpg".encode("gb18030")
        pack = a_pack(**{placeholder.decode(): photo().read()}).getvalue().replace(placeholder, name)
        assert take(shop, io.BytesIO(pack)).count == 1 and Picture.objects.get().name == "茶壶.jpg"

    def test_names_each_that_cant_be_taken_and_takes_the_rest(self, shop):
        pack = a_pack(**{
            "a.jpg": photo().read(), "b.jpg": b"GIF89a no", "c.svg": b"<svg onload=alert(1)>",
            "d.png": claiming(40000, 40000).read(),
            "sub/a.jpg": photo(colour="red").read(), "e.zip": a_pack(x=b"y").getvalue(),
        })  # fmt: skip
        found = take(shop, pack)
        assert found.count == 1 and [name for name, _words in found.problems] == [
            "b.jpg",
            "c.svg",
            "d.png",
            "a.jpg",
            "e.zip",
        ]

    def test_a_bomb_costs_no_more_than_a_picture(self, shop):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
            pack.writestr("a.jpg", b"\xff\xd8\xff" + bytes(40 * 1024 * 1024))
        found = take(shop, out)
        assert found.count == 0 and len(found.problems) == 1

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"Rar!", zipfile.__doc__.encode()])
    def test_what_is_no_zip_is_refused(self, shop, content):
        with pytest.raises(PackUnreadable):
            take(shop, io.BytesIO(content))

    def test_too_many_are_refused_before_any_is_read(self, shop):
        with pytest.raises(PackTooMany):
            take(shop, a_pack(**{f"{number}.jpg": b"" for number in range(1001)}))
        with pytest.raises(PackTooMany):
            take(shop, a_pack(**{f"__MACOSX/{number}": b"" for number in range(5001)}))


class TestWithAFile:
    def send(self, shop, rows, pack):
        client = a_member(shop, at=LISTED).client
        upload = SimpleUploadedFile("上新.csv", a_table(*rows).getvalue())
        answer = client.post(
            f"/merchant/{shop.slug}/listings/import",
            {"file": upload, "pack": SimpleUploadedFile("p.zip", pack)},
        )
        return client, answer

    def test_variants_with_their_pictures_go_through_the_portal(self, shop):
        rows = two(picture="壶.jpg", picture2="杯.jpg", picture_mat="moss")
        rows[1]["variant_pictures"] = "杯.jpg"
        pack = a_pack(**{"壶.jpg": photo().read(), "杯.jpg": photo(colour="red").read(), "坏.jpg": b"x"})
        client, answer = self.send(shop, rows, pack.getvalue())
        assert answer.status_code == 303, answer.content.decode()
        while working.work(at=LISTED):
            pass
        found = ImportRun.objects.get()
        assert (found.state, found.pictures, found.next_picture) == ("read", 3, 3)
        page = client.get(answer["Location"]).content.decode()
        assert "坏.jpg" in page and 'value="value1"' in page and 'value="variant_pictures"' in page
        chosen = {f"c{place}": name for place, name in enumerate(found.header)} | {"do": "take"}
        client.post(f"{answer['Location']}start", chosen)
        while working.work(at=LISTED):
            pass
        lines = list(ImportLine.objects.order_by("number").values_list("result", "sku", "problems"))
        assert [line[:2] for line in lines] == [("waiting", "W"), ("waiting", "B")], lines
        draft = Listing.objects.get().draft
        assert [each["src"][:2] for each in draft["images"]] == ["u/", "u/"]
        assert [each["images"] for each in draft["variants"]] == [[], [1]]

    def test_a_sku_of_an_earlier_slice_is_named_with_its_row(self, shop, monkeypatch):
        monkeypatch.setattr(working, "DRY_SLICE", 1)
        rows = [*two(), *two(code="H-2", **{"title_zh-hans": "另一只"})]
        rows[3]["code"] = rows[2]["code"] = "H-2"
        client, answer = self.send(shop, rows, a_pack(**{"a.jpg": photo().read()}).getvalue())
        while working.work(at=LISTED):
            pass
        header = ImportRun.objects.get().header
        client.post(
            f"{answer['Location']}start", {f"c{n}": name for n, name in enumerate(header)} | {"do": "try"}
        )
        while working.work(at=LISTED):
            pass
        lines = list(ImportLine.objects.order_by("number"))
        assert [line.result for line in lines] == ["published", "published", "refused", "refused"]
        assert "2" in lines[2].problems[0][1] and lines[2].problems[0][0] == "sku"
        assert not Listing.objects.exists()

    def test_a_pack_that_is_none_keeps_nothing(self, shop):
        _client, answer = self.send(shop, two(), b"no zip")
        assert answer.status_code == 422 and not ImportRun.objects.exists()
