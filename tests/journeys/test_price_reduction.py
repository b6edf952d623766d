"""A shop crosses a price out: refused with what would do, honest with its basis, gone when that falls."""

from datetime import timedelta

import pytest

from catalog import deals
from catalog.models import Deal, Reduction
from tests.builders.people import a_member
from tests.builders.prices import a_deal
from tests.builders.shops import LISTED, a_listing, a_merchant

pytestmark = pytest.mark.django_db
NOW, DAY = LISTED + timedelta(days=14), timedelta(days=1)


@pytest.fixture
def shop(at):
    at(NOW)
    merchant = a_merchant()
    pot = a_listing(merchant=merchant, price="99.00")
    for days, price in ((12, "120.00"), (4, "99.00"), (2, "105.00")):
        a_deal(pot, price, at=NOW - days * DAY)
    return merchant, pot


@pytest.fixture
def client(shop):
    return a_member(shop[0], at=NOW).client


def text(answer):
    return answer.content.decode()


def page(client, merchant, pot):
    return text(client.get(f"/merchant/{merchant.slug}/listings/{pot.pk}/"))


def form_of(client, merchant, pot, **changes):
    answer = client.get(f"/merchant/{merchant.slug}/listings/{pot.pk}/")
    form = answer.context["form"]
    fields = {name: form[name].value() for name in form.fields}
    fields = {name: "" if value is None else value for name, value in fields.items()}
    return {**fields, **changes}


def test_refused_with_what_would_do_then_honest_then_gone(client, shop, at):
    merchant, pot = shop
    base = f"/merchant/{merchant.slug}/listings/{pot.pk}/"
    before = page(client, merchant, pot)
    assert "最高只能到 ¥99.00，就是前 7 天的最低成交价。" in before
    assert before.count('<svg class="pl') == 2
    assert "每天的成交" in before
    dear = form_of(client, merchant, pot, price="79.00", reduction="120.00", reduction_until="2026-11-23")
    client.post(base, dear)
    refused = client.post(f"{base}publication", {})
    assert refused.status_code == 422
    assert "划线价" in text(refused)
    assert "明码标价和禁止价格欺诈规定" in text(refused)
    assert not Reduction.objects.exists()
    client.post(base, {**dear, "reduction": "99.00"})
    assert client.post(f"{base}publication", {}).status_code == 303
    for address in (f"/p/{pot.pk}/", f"/c/{pot.category_id}/", "/search?q=急须", f"/shop/{merchant.slug}/"):
        shown = text(client.get(address))
        assert "¥99.00</del>" in shown, address
        assert "前 7 天的最低成交价：¥99.00" in shown, address
    deals.void([Deal.objects.get(price_minor=9900).reference], cause="cancelled", at=NOW + DAY)
    assert "¥99.00</del>" in text(client.get(f"/p/{pot.pk}/")), "105.00 still carries it"
    deals.void([Deal.objects.get(price_minor=10500).reference], cause="cancelled", at=NOW + DAY)
    assert "¥99.00</del>" in text(client.get(f"/p/{pot.pk}/")), "the last deal before, 120.00, carries it"
    deals.void([Deal.objects.get(price_minor=12000).reference], cause="cancelled", at=NOW + DAY)
    assert "¥99.00</del>" not in text(client.get(f"/p/{pot.pk}/"))
    assert "自动结束" in page(client, merchant, pot)


def test_with_script_the_rule_is_swapped_beside_the_completeness(client, shop):
    merchant, pot = shop
    changed = form_of(client, merchant, pot, price="79.00", reduction="120.00", reduction_until="2026-11-23")
    answer = client.post(
        f"/merchant/{merchant.slug}/listings/{pot.pk}/", changed, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert 'id="price-rule"' in text(answer)
    assert 'hx-swap-oob="true"' in text(answer)
    assert "最高只能到 ¥99.00" in text(answer)


@pytest.mark.parametrize(
    ("field", "value"), [("reduction", "-1"), ("reduction", "九十九"), ("reduction_until", "2026-02-30")]
)
def test_what_can_t_be_read_stays_unsaved(client, shop, field, value):
    merchant, pot = shop
    changed = form_of(
        client, merchant, pot, reduction="99.00", **{field: value} if field != "reduction" else {}
    )
    changed[field] = value
    answer = client.post(f"/merchant/{merchant.slug}/listings/{pot.pk}/", changed)
    assert answer.status_code == 422
