"""Officers' pages: write down what came by telephone, know the person, answer; each look is on record."""

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.staff import Role
from privacy import requests
from privacy.models import AccessRecord, Request
from privacy.states import RequestKind, RequestState
from tests.builders.orders import a_subject
from tests.builders.people import a_staff
from tests.builders.requests import ASKED, a_request
from web.admin import code_word

pytestmark = pytest.mark.django_db


def test_from_the_telephone_to_the_answer(at):
    at(ASKED)
    officer, person = a_staff(Role.PRIVACY_OFFICER, at=ASKED).client, a_subject()
    told = {"person": str(person), "kind": "correct", "channel": "phone", "details": "名字写错了"}
    officer.post(reverse("admin:privacy_request_received"), told)
    request = Request.objects.get(subject_id=person)
    assert request.state == RequestState.RECEIVED
    page = reverse("admin:privacy_request_change", args=[request.pk])
    shown = officer.get(page).content.decode()
    assert "名字写错了" in shown and "cn.privacy.request" in shown
    assert AccessRecord.objects.filter(subject_id=person, purpose="privacy.request").exists()
    step = reverse("admin:privacy_request_step", args=[request.pk])
    for name, words in (("check_identity", "回拨了号码"), ("answer", "已经改好")):
        assert officer.post(step, {"step": name, "words": words}).status_code == 302
    assert Request.objects.get(pk=request.pk).state == RequestState.ANSWERED


def test_a_refusal_of_the_use_case_is_shown_and_others_may_not_act(at):
    at(ASKED)
    request = a_request(a_subject())
    step = reverse("admin:privacy_request_step", args=[request.pk])
    officer = a_staff(Role.PRIVACY_OFFICER, at=ASKED).client
    officer.post(step, {"step": "refuse", "words": ""})
    assert Request.objects.get(pk=request.pk).state == RequestState.OPEN
    auditor = a_staff(Role.AUDITOR, at=ASKED).client
    assert auditor.post(step, {"step": "refuse", "words": "不"}).status_code == 403
    shown = auditor.get(reverse("admin:privacy_request_change", args=[request.pk])).content.decode()
    assert request.number in shown and "我的名字写错了" not in shown


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "撤销孩子的订单"), ("zh-hant", "撤銷孩子的訂單")])
def test_the_kinds_have_a_word_in_the_staff_pages(language, word):
    with translation.override(language):
        assert code_word(RequestKind.UNDO_ORDER) == word
        assert all(code_word(kind) != str(kind) for kind in RequestKind)


def test_undoing_an_order_without_naming_it_is_refused_and_nothing_is_written_down(at):
    at(ASKED)
    officer, person = a_staff(Role.PRIVACY_OFFICER, at=ASKED), a_subject()
    with pytest.raises(requests.NothingToUndo):
        requests.ask(subject_id=person, kind=RequestKind.UNDO_ORDER, actor=officer.actor, at=ASKED)
    assert not Request.objects.filter(subject_id=person).exists()
