"""Staff change a schema over HTTP; the shop sees what it owes, by consequence."""

from datetime import timedelta

import pytest

from accounts.staff_roles import Role
from catalog import schema_changes
from catalog.models import Category, SchemaChange
from kernel.actor import Actor
from kernel.ids import new_id
from outbox import relay
from tests.builders.people import a_member, a_staff
from tests.builders.shops import LISTED, a_listing, a_merchant, the_catalogue
from tests.catalog.test_schema_changes import NEW

pytestmark = pytest.mark.django_db
NEXT_DAY = LISTED + timedelta(days=1)
FORM = {
    "step": "put",
    "key": "water_footprint",
    "section": "quality",
    "type": "choice",
    "required": "on",
    "duty": "cn.disclosure.online",
    "vouch": "laboratory",
    "shown": ["page"],
    "options": "low | 低 | 低 | Low\nhigh | 高 | 高 | High",
    "label_zh-hans": "用水量",
    "label_zh-hant": "用水量",
    "label_en": "Water used",
    "help_zh-hans": "每件多少升。",
    "help_zh-hant": "每件多少公升。",
    "help_en": "Litres a piece.",
}


@pytest.fixture(autouse=True)
def _next_day(platform_at):
    platform_at(NEXT_DAY)


def test_two_colleagues_change_a_schema_and_export_it():
    the_catalogue()
    a_listing()
    one, two = a_staff(Role.CATALOGUE_DESK), a_staff(Role.CATALOGUE_DESK)
    begun = one.client.post("/admin/catalog/category/home/begin")
    page = begun["Location"]
    change = SchemaChange.objects.get()
    assert one.client.post(f"{_at(change)}/step", {**FORM, "label_en": ""}).status_code == 200
    change.refresh_from_db()
    assert change.schema == Category.objects.get(pk="home").schema
    one.client.post(f"{_at(change)}/step", FORM)
    shown = one.client.get(page).content.decode()
    assert "1 件在售商品里，1 件会达不到" in shown
    assert "water_footprint" in shown
    one.client.post(f"{_at(change)}/step", {"step": "propose", "reason": "新国标", "grace_days": "10"})
    one.client.post(f"{_at(change)}/decide", {"decision": "accept"})
    assert Category.objects.get(pk="home").schema_version == change.from_version
    two.client.post(f"{_at(change)}/decide", {"decision": "accept"})
    row = Category.objects.get(pk="home")
    assert row.schema_version == change.from_version + 1
    exported = two.client.get("/admin/catalog/category/home/schema.json").json()
    assert exported == row.schema
    assert exported["fields"][-1]["choices"][1]["label"]["en"] == "High"


def _at(change):
    return f"/admin/catalog/schemachange/{change.pk}"


def test_the_shop_sees_its_gaps_by_consequence():
    shop = a_merchant()
    short = a_listing(merchant=shop, title="要下架的")
    draft = a_listing(merchant=shop, category="food", live=False, without="maker", title="还没写完的")
    a_listing(merchant=shop, category="textiles")
    author, other = Actor.staff(new_id()), Actor.staff(new_id())
    change = schema_changes.begin(category="home", actor=author, at=LISTED)
    schema_changes.put_field(change_id=change.pk, field=NEW, actor=author, at=LISTED)
    schema_changes.propose(change_id=change.pk, reason="新国标", grace_days=10, actor=author, at=LISTED)
    schema_changes.confirm(change_id=change.pk, actor=other, at=NEXT_DAY)
    relay.drain_all()
    answer = a_member(shop).client.get(f"/merchant/{shop.slug}/listings/shortfalls/")
    assert answer.status_code == 200
    rows = answer.context["rows"]
    assert [row["code"] for row in rows] == [short.code, draft.code]
    assert rows[0]["urgent"] and rows[0]["until"] == change.notices.get().due_at
    assert [gap["label"] for gap in rows[0]["gaps"]] == ["用水量"]
    assert (answer.context["found"].complete, answer.context["found"].listings) == (1, 3)
    foreign = a_member(a_merchant()).client.get(f"/merchant/{shop.slug}/listings/shortfalls/")
    assert foreign.status_code == 404
