"""Ways back that are no path of ours, and words in drafts that no database keeps: refused, nothing broken."""

import pytest
from django.urls import reverse

from catalog.drafts import merged
from catalog.models import Listing
from catalog.schema import schema_of
from catalog.values import ValueRefused
from tests.builders.people import a_member, a_visitor
from tests.builders.shops import a_listing

WAYS = ["abc", "[]", "catalog:search", "//evil.example", "javascript:alert(1)", "\\evil.example", ""]


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", ["/language", "/display", "/ranking/choice"])
def test_a_word_that_is_no_path_leads_home(path: str, way: str) -> None:
    client = a_visitor().client
    client.raise_request_exception = False
    answer = client.post(path, {"next": way})
    assert (answer.status_code, answer["Location"]) == (303, "/search" if path == "/ranking/choice" else "/")


@pytest.mark.django_db
def test_a_null_character_beside_a_picture_is_refused_and_nothing_saved() -> None:
    listing = a_listing()
    listing.draft["images"] = [{"src": "pictures/1f375.webp", "alt": {}, "mat": "sand"}]
    listing.save(update_fields=["draft"])
    client = a_member(listing.merchant).client
    client.raise_request_exception = False
    url = reverse("catalog:listing-pictures", args=[listing.merchant.slug, listing.pk])
    answer = client.post(url, {"alt pictures/1f375.webp en": "a\x00b"})
    assert answer.status_code == 303
    assert Listing.objects.get(pk=listing.pk).draft["images"][0]["alt"] == {}


@pytest.mark.parametrize("half", ["\x00", "\ud800"], ids=["null", "half a pair"])
@pytest.mark.parametrize(
    "changes",
    [
        {"title": {"en": "a%sb"}},
        {"images": [{"src": "pictures/1f375.webp", "alt": {"en": "a%sb"}}]},
        {"terms": {"exclusion": "a%sb"}},
    ],
    ids=["title", "picture", "terms"],
)
@pytest.mark.django_db
def test_no_part_of_a_draft_holds_what_the_database_cant_keep(changes: dict, half: str) -> None:
    def odd(value):
        if isinstance(value, dict):
            return {key: odd(each) for key, each in value.items()}
        if isinstance(value, list):
            return [odd(each) for each in value]
        return value.replace("%s", half)

    listing = a_listing()
    with pytest.raises(ValueRefused):
        merged(schema_of(listing.category.schema), listing.draft, odd(changes))
