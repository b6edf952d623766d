"""What a reader may keep out of the mail, and what always comes."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from notifications import kinds, preferences
from notifications.kinds import LetterKind
from notifications.models import Mute
from notifications.preferences import DutyLetter
from notifications.sending import send
from tests.builders.people import a_buyer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
TIP, DUTY = "catalog.tip", "accounts.password_changed"


@pytest.fixture(autouse=True)
def a_tip(monkeypatch):
    # The only optional kind, whatever the rooms above have registered.
    for name in [name for name, kind in kinds._KINDS.items() if not kind.duty]:
        monkeypatch.delitem(kinds._KINDS, name)
    monkeypatch.setitem(kinds._KINDS, TIP, LetterKind(TIP, duty=False, about="A tip now and then"))


def channels_of(kind: str, subject_id, **params) -> set[str]:
    letter = send(subject_id=subject_id, kind=kind, reference=uuid4(), params=params, at=NOW)
    return set(letter.deliveries.values_list("channel", flat=True))


def test_a_muted_kind_stays_in_the_inbox():
    buyer = a_buyer()
    assert channels_of(TIP, buyer.subject_id) == {"in_app", "email"}

    preferences.mute(kind=TIP, actor=buyer.actor, at=NOW)
    preferences.mute(kind=TIP, actor=buyer.actor, at=NOW)
    assert channels_of(TIP, buyer.subject_id) == {"in_app"}

    preferences.unmute(kind=TIP, actor=buyer.actor)
    assert channels_of(TIP, buyer.subject_id) == {"in_app", "email"}


def test_a_duty_letter_can_t_be_switched_off_not_even_in_the_table():
    buyer = a_buyer()
    with pytest.raises(DutyLetter):
        preferences.mute(kind=DUTY, actor=buyer.actor, at=NOW)

    Mute.objects.create(subject_id=buyer.subject_id, kind=DUTY, since=NOW)
    assert channels_of(DUTY, buyer.subject_id, path="/account/") == {"in_app", "email"}


def test_the_page_takes_over_the_choice():
    buyer = a_buyer()
    assert "A tip now and then" in buyer.client.get("/inbox/settings/").content.decode()

    assert buyer.client.post("/inbox/settings/", {}).status_code == 303
    assert preferences.muted(buyer.subject_id) == {TIP}
    buyer.client.post("/inbox/settings/", {"by_mail": [TIP, DUTY, "x.unheard_of"]})
    assert preferences.muted(buyer.subject_id) == set()


def test_the_page_says_so_when_there_is_nothing_to_switch_off(monkeypatch):
    monkeypatch.delitem(kinds._KINDS, TIP)
    assert "没有可以关的" in a_buyer().client.get("/inbox/settings/").content.decode()


def test_an_optional_kind_must_say_what_it_is():
    with pytest.raises(ValueError):
        LetterKind("x.y", duty=False)
