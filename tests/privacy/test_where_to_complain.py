"""Where a person complains: the authority of their place, on every answer and refusal, in their language."""

import pytest

from accounts.staff import Role
from law.errors import BadPack
from law.pack_reading import read_pack
from notifications import addressees
from notifications.models import Letter
from notifications.rendering import words_of
from outbox import relay
from privacy import complaining, requests, subjects
from tests.builders.people import a_buyer, a_staff
from tests.builders.requests import ASKED, a_request
from tests.law.packs import pack, pack_data

pytestmark = pytest.mark.django_db
NAMES = {
    "CN": "国家网信办",
    "HK": "香港个人资料私隐专员公署",
    "TW": "台湾个人资料保护委员会",
    "DE": "德国联邦数据保护专员",
    "FR": "法国国家信息与自由委员会",
    "GB": "英国信息专员办公室",
    "US": "美国联邦贸易委员会",
    "JP": "日本个人信息保护委员会",
    "KR": "韩国个人信息保护委员会",
}


def refused(place):
    buyer = a_buyer()
    subjects.change_place(subject_id=buyer.subject_id, place=place, actor=buyer.actor, at=ASKED)
    request = a_request(buyer.subject_id)
    return buyer, request


@pytest.mark.parametrize("place", list(NAMES))
@pytest.mark.parametrize("step", ["answer", "refuse"])
def test_an_answer_and_a_refusal_name_the_authority_of_the_place(place, step):
    buyer, request = refused(place)
    page = f"/privacy/requests/{request.number}/"
    assert NAMES[place] not in buyer.client.get(page).content.decode()
    said = {"text": "已更正。"} if step == "answer" else {"reasons": "法律要求保留。"}
    officer = a_staff(Role.PRIVACY_OFFICER).actor
    getattr(requests, step)(request_id=request.pk, actor=officer, at=ASKED, **said)
    shown = buyer.client.get(page).content.decode()
    assert NAMES[place] in shown
    assert complaining.where(place, locale="en", at=ASKED).url in shown


@pytest.mark.parametrize(
    ("locale", "name", "sentence"),
    [
        ("zh-hans", "德国联邦数据保护专员", "如果不满意"),
        ("zh-hant", "德國聯邦資料保護專員", "如果不滿意"),
        ("en", "Federal Commissioner", "If you are not satisfied"),
    ],
)
@pytest.mark.parametrize("step", ["answer", "refuse"])
def test_the_letter_names_it_in_the_reader_s_language(step, locale, name, sentence):
    buyer, request = refused("DE")
    addressees.record(subject_id=buyer.subject_id, locale=locale, at=ASKED)
    said = {"text": "已更正。"} if step == "answer" else {"reasons": "法律要求保留。"}
    getattr(requests, step)(request_id=request.pk, actor=a_staff().actor, at=ASKED, **said)
    relay.drain_all()
    kind = "privacy.request_answered" if step == "answer" else "privacy.request_refused"
    body = words_of(Letter.objects.get(kind=kind)).body
    assert sentence in body and name in body
    assert complaining.where("DE", locale=locale, at=ASKED).url in body


def test_a_place_without_a_pack_names_none():
    buyer, request = refused("BR")
    requests.refuse(request_id=request.pk, reasons="不行。", actor=a_staff().actor, at=ASKED)
    shown = buyer.client.get(f"/privacy/requests/{request.number}/").content.decode()
    assert complaining.where("BR", locale="en", at=ASKED) is None
    assert 'rel="noreferrer external"' not in shown
    assert "数据保护机构" in shown


def test_every_member_state_has_one():
    eu = pack("eu")
    assert set(eu.authorities) == set(eu.places)
    assert all(eu.at_place(each).authority for each in eu.places)


@pytest.mark.parametrize(
    ("key", "value"), [("url", "http://insecure.example/"), ("en", ""), ("confidence", "sure"), ("fax", "1")]
)
def test_a_pack_with_half_an_authority_is_refused(key, value):
    data = pack_data("hk")
    data["authorities"]["HK"][key] = value
    with pytest.raises(BadPack):
        read_pack(data)


def test_nor_for_a_place_of_somebody_else():
    data = pack_data("hk")
    data["authorities"]["DE"] = data["authorities"]["HK"]
    with pytest.raises(BadPack):
        read_pack(data)
