"""An account by phone number alone, as most people in China open one: no e-mail address is asked for."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts import contacts, freezing, guests, mandates, post
from accounts.contact_cells import LastContact
from accounts.mandates import Terms
from accounts.models import FormerContact, LinkedSubject, User
from accounts.pseudonyms import pseudonym_of, pseudonym_of_phone
from kernel import clock
from kernel.actor import Actor
from notifications import addressees
from notifications.delivery import deliver_due
from notifications.models import Delivery, Letter
from orders.models import Order
from rulebook import policies
from tests.accounts.conftest import CODE
from tests.builders.orders import an_order
from tests.builders.people import PASSWORD, a_buyer, a_guest

pytestmark = pytest.mark.django_db

PHONE, SPELT = "13800001111", "+86 138 0000 1111"
SUBJECTS = {"zh-hans": "注册验证码", "zh-hant": "註冊驗證碼", "en": "Your code for signing up"}


@pytest.fixture
def opened(visitor, texts):
    """A browser that has just opened an account with a number."""

    def go(phone=PHONE, language="zh-hans", browser=None):
        person = visitor(language)
        person.browser = browser or person.browser
        person.sign_up(phone)
        person.confirm(CODE.search(texts()[-1]["text"]).group())
        person.post("/accounts/reauthenticate/", by="password", password=PASSWORD)
        return person

    return go


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_a_code_by_text_opens_the_account(opened, texts, language):
    person = opened(language=language)

    assert person.is_signed_in and not mail.outbox
    message = texts()[0]
    assert message["to"] == PHONE and message["text"].startswith(SUBJECTS[language])
    user, known = User.objects.get(), addressees.of(User.objects.get().subject_id)
    assert (known.email, known.phone, known.locale) == ("", PHONE, language)
    assert user.pseudonym == pseudonym_of_phone(PHONE) and PHONE not in user.pseudonym
    assert EmailAddress.objects.get().verified


def test_signs_in_again_by_password_and_by_code(opened, visitor, texts):
    opened()
    again = visitor()
    again.sign_in(SPELT)
    assert again.is_signed_in
    by_code = visitor()
    by_code.post("/accounts/login/code/", email=PHONE)
    by_code.post("/accounts/login/code/confirm/", code=CODE.search(texts()[-1]["text"]).group())
    assert by_code.is_signed_in


def test_without_the_code_nobody_is_in_and_three_wrong_ones_end_it(visitor, texts):
    person = visitor()
    person.sign_up(PHONE)
    code = CODE.search(texts()[-1]["text"]).group()
    for _ in range(3):
        person.confirm("000-000-000")
    assert person.confirm(code).url == "/accounts/login/" and not person.is_signed_in


def test_a_known_number_looks_like_a_new_one_and_its_owner_is_told(opened, visitor, texts):
    opened()
    known, new = visitor().sign_up(SPELT, password="quite another 93 words"), visitor().sign_up("13955556666")
    assert (known.status_code, known.url) == (new.status_code, new.url)
    told, code = texts()[-2:]
    assert "已经有账号" in told["text"] and not CODE.search(told["text"])
    assert CODE.search(code["text"]) and User.objects.count() == 2


def test_a_number_that_an_account_with_an_address_has_is_known_too(visitor, texts):
    owner = a_buyer(email="lin@example.com")
    contacts.change_phone(user_id=owner.user.pk, number=PHONE, at=clock.now())
    visitor().sign_up(PHONE)
    assert User.objects.count() == 1 and not CODE.search(texts()[-1]["text"])


@pytest.mark.parametrize("text", ["12", "138", "+", "1380000111122223333", "13800001111@", "@t.invalid"])
def test_what_is_neither_is_refused_in_words(visitor, texts, text):
    page = visitor().sign_up(text)
    assert page.status_code in (200, 422) and not User.objects.exists() and not texts()


def test_one_number_gets_so_many_texts_a_day_and_no_more(visitor, texts, monkeypatch):
    most = policies.number("accounts.texts_per_number", clock.now())
    monkeypatch.setattr("accounts.limits.may_open", lambda **_: True)
    contact = post.Contact(PHONE, "zh-hans", is_phone=True)
    for _ in range(most):
        post.write("account/email/login_code", contact=contact, context={"code": "1"}, at=clock.now())
    refused = visitor().sign_up(PHONE)
    assert refused.status_code == 429 and "明天" in refused.content.decode()
    assert len(texts()) == most and not User.objects.exists()
    visitor().sign_up("13955556666")
    assert len(texts()) == most + 1


def test_letters_go_by_text_with_the_title_and_the_check_number(opened, texts, settings):
    settings.BASE_URL = "https://anxin.example"
    person = opened()
    user = User.objects.get()
    freezing.freeze(subject_id=user.subject_id, actor=Actor.anonymous(), at=clock.now())
    letter = Letter.objects.get(kind="accounts.frozen")
    assert set(Delivery.objects.filter(letter=letter).values_list("channel", flat=True)) == {"in_app", "sms"}
    deliver_due(limit=50, at=clock.now() + timedelta(minutes=1))
    text = next(one["text"] for one in texts() if "/inbox/" in one["text"])
    spelt = f"{letter.check_number[:4]} {letter.check_number[4:8]} {letter.check_number[8:]}"
    assert spelt in text and "https://anxin.example/really/" in text
    assert not mail.outbox and person.browser


def test_an_address_can_come_later_and_only_then_the_number_may_go(opened, visitor):
    person = opened()
    user = User.objects.get()
    page = person.get("/account/contacts/").content.decode()
    assert "添加邮箱" in page and "去掉手机号" not in page
    assert person.post("/account/contacts/").status_code == 409
    with pytest.raises(LastContact):
        contacts.change_phone(user_id=user.pk, number="", at=clock.now())
    assert addressees.of(user.subject_id).phone == PHONE

    person.post("/account/contacts/email/", contact="lin@example.com")
    person.post("/account/contacts/email/", code=CODE.search(mail.outbox[-1].body).group())
    user.refresh_from_db()
    assert user.pseudonym == pseudonym_of("lin@example.com")
    rows = dict(EmailAddress.objects.values_list("email", "primary"))
    assert rows == {pseudonym_of("lin@example.com"): True, pseudonym_of_phone(PHONE): False}
    assert person.post("/account/contacts/").status_code == 303
    again = visitor()
    again.sign_in("lin@example.com")
    assert again.is_signed_in and addressees.of(user.subject_id).phone == ""


def test_a_thief_s_number_is_undone_by_the_number_of_before(opened, visitor, texts):
    thief = opened()
    user = User.objects.get()
    thief.post("/account/contacts/phone/", contact="13999998888")
    thief.post("/account/contacts/phone/", code=CODE.search(texts()[-1]["text"]).group())
    warned = next(one for one in texts() if one["to"] == PHONE and "/account/undo/" not in one["text"])
    assert warned and FormerContact.objects.get().pseudonym == pseudonym_of_phone(PHONE)
    freezing.freeze(subject_id=user.subject_id, actor=Actor.anonymous(), at=clock.now())

    owner = visitor()
    owner.post("/account/recovery/", contact=PHONE)
    assert texts()[-1]["to"] == PHONE
    owner.post("/account/recovery/", code=CODE.search(texts()[-1]["text"]).group())
    freezing.recover(subject_id=user.subject_id, actor=Actor.system(), at=clock.now())
    user.refresh_from_db()
    assert addressees.of(user.subject_id).phone == PHONE and user.pseudonym == pseudonym_of_phone(PHONE)
    owner.post("/accounts/login/code/", email=PHONE)
    owner.post("/accounts/login/code/confirm/", code=CODE.search(texts()[-1]["text"]).group())
    assert owner.is_signed_in


def test_what_the_browser_did_as_a_guest_is_the_account_s_with_its_letters(opened):
    guest = a_guest()
    order = an_order(subject_id=guest.subject_id)
    letter = Letter.objects.filter(subject_id=guest.subject_id).first()
    browser = Client()
    browser.cookies[guests.COOKIE] = guest.client.cookies[guests.COOKIE].value
    person = opened(browser=browser)
    assert LinkedSubject.objects.get().guest_id == guest.subject_id
    assert order.number in person.get("/orders/").content.decode() and Order.objects.count() == 1
    assert letter is not None
    inbox = person.get("/inbox/").content.decode()
    assert str(letter.pk) in inbox and person.get(f"/inbox/{letter.pk}/").status_code == 200
    assert person.post(f"/inbox/{letter.pk}/read/").status_code == 303
    letter.refresh_from_db()
    assert letter.read_at is not None
    assert a_buyer().client.get(f"/inbox/{letter.pk}/").status_code == 404


def test_a_mandate_s_code_is_taken_on_by_an_account_without_an_address(opened):
    mother, at = a_buyer("林母"), clock.now()
    terms = Terms(["orders"], "family", datetime(at.year + 1, 1, 1, tzinfo=UTC))
    _made, code = mandates.grant(principal_id=mother.subject_id, terms=terms, actor=mother.actor, at=at)
    person = opened()
    assert person.post("/mandates/accept/", code=code).status_code == 303
    assert "林母" in person.get("/mandates/").content.decode()
