"""Pictures of goods: what is taken, what is refused and why, and that only the pixels are kept."""

import hashlib
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from PIL import Image

from catalog import picture_making as making
from catalog import pictures
from catalog.drafting import create_listing, edit_draft
from catalog.drafts import PictureUnknown
from catalog.importing.running import run
from catalog.models import Listing, Picture
from catalog.publishing import publish
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.ids import new_id
from merchants.capabilities import Capability
from tests.builders.people import a_member, a_visitor
from tests.builders.photos import MARK, claiming, from_a_camera, named, photo
from tests.builders.shops import a_listing, a_merchant
from tests.builders.submissions import passed

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(at):
    at(NOW)


@pytest.fixture
def shop():
    return a_merchant()


def add(shop, upload, at=NOW):
    return pictures.add(merchant_id=shop.pk, upload=upload, actor=Actor.member(new_id(), shop.pk), at=at)


def opened(picture, width=320):
    with default_storage.open(pictures.path_of(picture.pk, width)) as file:
        return Image.open(io.BytesIO(file.read())).copy()


class TestOnlyThePixels:
    def test_place_owner_and_turn_of_the_camera_are_gone(self, shop):
        upload = from_a_camera()
        assert MARK in upload.read()
        upload.seek(0)
        picture = add(shop, upload)
        assert (picture.width, picture.height) == (600, 900)
        for width in making.WIDTHS:
            with default_storage.open(pictures.path_of(picture.pk, width)) as file:
                kept = file.read()
            assert MARK not in kept and b"Exif" not in kept
            assert not dict(Image.open(io.BytesIO(kept)).getexif())

    def test_widths_keep_the_shape_and_never_grow(self, shop):
        picture = add(shop, photo(size=(1000, 500)))
        assert [opened(picture, width).size for width in making.WIDTHS] == [
            (320, 160),
            (640, 320),
            (1000, 500),
        ]

    def test_what_was_appended_is_not_served(self, shop):
        upload = photo()
        content = upload.read() + b"<script>alert(1)</script>PK\x03\x04"
        picture = add(shop, named("kettle.jpg", content))
        with default_storage.open(pictures.path_of(picture.pk, 320)) as file:
            assert b"<script" not in file.read()

    def test_transparency_turns_white(self, shop):
        out = io.BytesIO()
        Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(out, "PNG")
        assert opened(add(shop, named("a.png", out.getvalue()))).getpixel((5, 5)) == (255, 255, 255)

    def test_the_first_frame_of_a_moving_picture(self, shop):
        frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue")]
        out = io.BytesIO()
        frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
        shown = opened(add(shop, named("a.webp", out.getvalue())))
        assert getattr(shown, "n_frames", 1) == 1
        assert shown.getpixel((5, 5))[0] > 200


REFUSED = [
    (lambda: named("a.jpg", b""), making.PictureEmpty),
    (
        lambda: named("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        making.PictureTypeRefused,
    ),
    (lambda: named("a.jpg", b"<html><script>alert(1)</script></html>"), making.PictureTypeRefused),
    (lambda: photo(name="a.gif"), making.PictureTypeRefused),
    (lambda: named("a.png", photo(name="b.jpg").read()), making.PictureTypeRefused),
    (lambda: named("a.jpg", photo().read()[:300]), making.PictureUnreadable),
    (lambda: named("a.jpg", b"\xff\xd8\xff" + b"\0" * 400), making.PictureUnreadable),
    (lambda: claiming(60_000, 60_000), making.PictureHuge),
    (lambda: claiming(2_000_000_000, 1), making.PictureHuge),
    (lambda: photo(size=(199, 900)), making.PictureTiny),
    (lambda: named("a.jpg", b"\xff\xd8\xff" + b"\0" * making.LIMIT_BYTES), making.PictureTooLarge),
]


class TestRefusals:
    @pytest.mark.parametrize(("upload", "error"), REFUSED)
    def test_says_which_file_and_keeps_nothing(self, shop, upload, error):
        with pytest.raises(error) as refused:
            add(shop, upload())
        assert refused.value.params["name"]
        assert not Picture.objects.filter(merchant=shop).exists()

    def test_the_same_bytes_are_the_same_picture(self, shop):
        first, again = add(shop, photo()), add(shop, photo(name="other-name.jpg"))
        assert again.pk == first.pk and again.name == "kettle.jpg"

    def test_another_shop_has_its_own(self, shop):
        assert add(shop, photo()).pk != add(a_merchant(), photo()).pk

    def test_a_day_has_an_end(self, shop, monkeypatch):
        monkeypatch.setattr("catalog.pictures.policies.value", lambda name, at: {"a_day": 2})
        add(shop, photo(colour="red")), add(shop, photo(colour="blue"))
        with pytest.raises(pictures.TooManyPictures):
            add(shop, photo(colour="pink"))
        assert Picture.objects.filter(merchant=shop).count() == 2
        add(shop, photo(colour="pink"), at=NOW + timedelta(days=1, seconds=1))

    def test_the_table_keeps_a_picture_once(self, shop):
        digest = hashlib.sha256(photo().read()).digest()
        add(shop, photo())
        with pytest.raises(IntegrityError), transaction.atomic():
            Picture.objects.create(merchant=shop, name="b", digest=digest, width=1, height=1, added_at=NOW)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE catalog_picture SET width = 0")


class TestDrafts:
    def test_a_draft_shows_its_own_shops_pictures_only(self, shop):
        foreign = add(a_merchant(), photo())
        listing = a_listing(merchant=shop, live=False)
        before = listing.draft
        for source in (foreign.source, f"u/{new_id().hex}"):
            with pytest.raises(PictureUnknown):
                edit_draft(
                    listing_id=listing.pk, changes={"images": [{"src": source}]}, actor=Actor.system(), at=NOW
                )
            with pytest.raises(PictureUnknown):
                create_listing(
                    merchant_id=shop.pk,
                    category="home",
                    actor=Actor.system(),
                    at=NOW,
                    changes={"images": [{"src": source}]},
                )
        assert Listing.objects.get(pk=listing.pk).draft == before

    def test_shown_or_once_sold_pictures_stay(self, shop):
        picture, listing = add(shop, photo()), a_listing(merchant=shop)
        actor = Actor.member(new_id(), shop.pk)
        images = [{"src": picture.source, "alt": {"zh-hans": "正面"}}]
        edit_draft(listing_id=listing.pk, changes={"images": images}, actor=actor, at=NOW)
        publish(listing_id=listing.pk, actor=actor, at=NOW)
        edit_draft(listing_id=listing.pk, changes={"images": []}, actor=actor, at=NOW)
        with pytest.raises(pictures.PictureInUse):
            pictures.remove(merchant_id=shop.pk, picture_id=picture.pk, actor=actor, at=NOW)
        assert default_storage.exists(pictures.path_of(picture.pk, 320))

    def test_an_unused_picture_goes_with_its_files(self, shop, django_capture_on_commit_callbacks):
        picture, actor = add(shop, photo()), Actor.member(new_id(), shop.pk)
        with pytest.raises(NotFound):
            pictures.remove(merchant_id=a_merchant().pk, picture_id=picture.pk, actor=actor, at=NOW)
        with django_capture_on_commit_callbacks(execute=True):
            pictures.remove(merchant_id=shop.pk, picture_id=picture.pk, actor=actor, at=NOW)
        assert not default_storage.exists(pictures.path_of(picture.pk, 320))
        with pytest.raises(NotFound):
            pictures.remove(merchant_id=shop.pk, picture_id=picture.pk, actor=actor, at=NOW)
        assert add(shop, photo()).pk != picture.pk


class TestFiles:
    def test_a_file_of_listings_names_pictures_by_their_file(self, shop):
        mine, foreign = add(shop, photo(name="kettle.jpg")), add(a_merchant(), photo(name="theirs.jpg"))
        rows = [
            "code,category,title_zh-hans,picture,picture_alt_zh-hans",
            "K1,home,月白急须,kettle.jpg,急须正面",
            f"K2,home,月白急须二,{foreign.source},别家的",
            "K3,home,月白急须三,theirs.jpg,别家的",
        ]
        stream, outcomes = io.BytesIO("\n".join(rows).encode()), []
        actor = Actor.member(new_id(), shop.pk)
        run(stream, merchant=shop, actor=actor, at=NOW, report=outcomes.append)
        assert [each.result for each in outcomes] == ["draft", "refused", "refused"]
        (kept,) = Listing.objects.filter(merchant=shop)
        assert kept.draft["images"] == [{"src": mine.source, "alt": {"zh-hans": "急须正面"}, "mat": "sand"}]


class TestJourney:
    def test_from_the_phone_to_the_shelf(self, shop):
        owner, listing = a_member(shop), a_listing(merchant=shop)
        base = f"/merchant/{shop.slug}/listings/{listing.pk}"
        files = [photo(name="front.jpg"), photo(name="back.png", colour="red"), named("virus.jpg", b"MZ")]
        answer = owner.client.post(f"{base}/pictures", {"files": files}, follow=True)
        page = answer.content.decode()
        assert "“virus.jpg”" in page and page.count('name="alt u/') == 6
        old, first, second = (each["src"] for each in Listing.objects.get(pk=listing.pk).draft["images"])
        owner.client.post(f"{base}/pictures", {"do": f"remove {old}"})
        words = {f"alt {first} zh-hans": "正面", f"alt {second} zh-hans": "背面", "do": f"front {second}"}
        owner.client.post(f"{base}/pictures", words)
        images = Listing.objects.get(pk=listing.pk).draft["images"]
        assert [(each["src"], each["alt"]) for each in images] == [
            (second, {"zh-hans": "背面"}),
            (first, {"zh-hans": "正面"}),
        ]
        owner.client.post(f"{base}/publication")
        passed(listing)
        product = a_visitor().client.get(f"/p/{listing.pk}/").content.decode()
        address = f"/pictures/{second.removeprefix('u/')}-640.webp"
        assert address in product and 'alt="背面"' in product
        shown = a_visitor().client.get(address)
        assert shown.headers["Content-Type"] == "image/webp" and "immutable" in shown.headers["Cache-Control"]
        assert Image.open(io.BytesIO(b"".join(shown.streaming_content))).size == (640, 427)

    def test_a_button_of_an_old_page_moves_nothing_else(self, shop):
        owner, listing, picture = a_member(shop), a_listing(merchant=shop), add(shop, photo())
        base = f"/merchant/{shop.slug}/listings/{listing.pk}"
        owner.client.post(f"{base}/pictures", {"own": picture.source})
        assert [each["src"] for each in Listing.objects.get(pk=listing.pk).draft["images"]][
            -1
        ] == picture.source
        before = Listing.objects.get(pk=listing.pk).draft
        owner.client.post(f"{base}/pictures", {"do": f"remove u/{new_id().hex}"})
        assert Listing.objects.get(pk=listing.pk).draft == before

    def test_the_collection_takes_lists_and_gives_up(self, shop):
        owner, reader = a_member(shop), a_member(shop, [Capability.READ])
        base = f"/merchant/{shop.slug}/pictures/"
        page = owner.client.post(
            f"{base}add", {"files": [photo(name="kettle.jpg")]}, follow=True
        ).content.decode()
        assert "kettle.jpg" in page and "900 × 600" in page
        picture = Picture.objects.get(merchant=shop)
        assert reader.client.post(f"{base}{picture.pk}/remove").status_code == 404
        assert "kettle.jpg" not in owner.client.get(f"{base}?q=pot").content.decode()
        owner.client.post(f"{base}{picture.pk}/remove")
        assert not Picture.objects.of_merchant(shop.pk).exists()

    @pytest.mark.parametrize("name", ["x", "../settings.py", f"{'0' * 32}-320.webp", f"{'0' * 32}-99.webp"])
    def test_an_address_of_nothing_is_404(self, name):
        assert a_visitor().client.get(f"/pictures/{name}").status_code == 404
