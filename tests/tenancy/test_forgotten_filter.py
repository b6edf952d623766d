"""Every filter by merchant taken out of the code: the pages still show nothing of another shop."""

from contextlib import contextmanager

import pytest
from django.db import models
from django.urls import reverse

from kernel import clock
from tests.builders.two_shops import NOW
from web import tenancy

NAMES = ("merchant", "merchant_id", "merchant__in")


def pages(shop):
    slug = [shop.slug]
    return [
        reverse("desk:merchant-today", args=slug),
        reverse("orders:merchant-orders", args=slug) + "?tab=all",
        reverse("orders:merchant-orders", args=slug) + "?tab=all&format=csv",
        reverse("orders:merchant-shipments", args=slug),
        reverse("orders:merchant-returns", args=slug) + "?tab=all",
        reverse("complaints:shop-cases", args=slug),
        reverse("credit:shop-credit", args=slug),
        reverse("credit:shop-reviews", args=slug),
        reverse("catalog:listings", args=slug),
        reverse("catalog:listings-export", args=slug),
    ]


def foreign_pages(ours, theirs):
    """Their objects' addresses below our shop."""
    return [
        reverse("orders:merchant-order", args=[ours.slug, theirs.order.number]),
        reverse("orders:merchant-return", args=[ours.slug, theirs.returning.number]),
        reverse("complaints:shop-case", args=[ours.slug, theirs.case.number]),
        reverse("catalog:listing", args=[ours.slug, theirs.listing.pk]),
    ]


@pytest.fixture
def forgetful(monkeypatch):
    """Lookups by merchant are dropped wherever they are written, except in the door to the portal itself."""
    kept = models.QuerySet._filter_or_exclude
    dropped = []

    def without(self, negate, args, kwargs):
        wanted = {
            name: value
            for name, value in kwargs.items()
            if not (name in NAMES or name.endswith(("__merchant", "__merchant_id")))
        }
        if wanted != kwargs:
            dropped.append(self.model)
        return kept(self, negate, args, wanted)

    monkeypatch.setattr(models.QuerySet, "_filter_or_exclude", without)
    return dropped


def leaks(client, urls, words):
    found = []
    with clock.frozen(NOW):
        for url in urls:
            answer = client.get(url)
            body = answer.content.decode()
            found += [(url, word) for word in words if word in body]
    return found


def test_the_pages_show_nothing_foreign(shops, forgetful):
    ours, theirs, _both = shops
    assert leaks(ours.owner.client, pages(ours), theirs.words) == []
    assert len(set(forgetful)) >= 4
    with clock.frozen(NOW):
        for url in foreign_pages(ours, theirs):
            assert ours.owner.client.get(url).status_code == 404, url


def test_without_the_policies_they_would(shops, forgetful, monkeypatch):
    """The test above is worth something: the same requests without the role leak on most pages."""
    ours, theirs, _both = shops

    @contextmanager
    def wide(**_who):
        yield

    monkeypatch.setattr(tenancy, "narrowed", wide)
    leaking = {url for url, _word in leaks(ours.owner.client, pages(ours), theirs.words)}
    assert len(leaking) >= 5
    with clock.frozen(NOW):
        answers = [ours.owner.client.get(url).status_code for url in foreign_pages(ours, theirs)]
    assert answers.count(200) >= 3
