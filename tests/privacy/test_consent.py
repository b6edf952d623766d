"""A yes and a no weigh the same, each leaves a receipt, and the past can't be rewritten."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.ids import new_id
from outbox.models import Message
from privacy import consent
from privacy.models import ConsentChoice, ConsentEvent, ConsentPurpose
from privacy.subjects import create_subject
from rulebook import shelf, texts
from rulebook.models import RuleText

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
MARKETING = ConsentPurpose.MARKETING


@pytest.fixture
def subject_id():
    return create_subject(locale="zh-hans", at=AT).pk


def say(subject_id, agree, *, purpose=MARKETING, at=AT, version=1, language="en"):
    return consent.answer(
        subject_id=subject_id,
        purpose=purpose,
        agree=agree,
        version=version,
        language=language,
        actor=Actor.buyer(subject_id),
        at=at,
    )


def is_given(subject_id, purpose=MARKETING, at=AT):
    return consent.given(subject_id=subject_id, purpose=purpose, at=at)


def a_new_wording(*, important):
    held = RuleText.objects.get(slug="consent.marketing", version=1)
    RuleText.objects.create(
        slug=held.slug,
        version=2,
        texts={**held.texts, "important": important},
        in_force_from=AT + timedelta(days=1),
        loaded_at=AT,
        loaded_by="test",
    )
    shelf.forget()


class TestAnswer:
    def test_nothing_is_agreed_before_somebody_says_so(self, subject_id):
        assert not any(is_given(subject_id, purpose) for purpose in ConsentPurpose)
        assert all(each.undecided for each in consent.standings(subject_id=subject_id, at=AT))

    def test_a_yes_keeps_the_words_the_language_and_the_instant(self, subject_id):
        made = say(subject_id, True)
        assert (made.choice, made.text_version, made.language, made.at) == ("given", 1, "en", AT)
        assert made.sha256 == texts.current("consent.marketing", AT).sha256("en")
        assert is_given(subject_id)

    def test_one_purpose_says_nothing_about_another(self, subject_id):
        say(subject_id, True)
        assert not is_given(subject_id, ConsentPurpose.PERSONALISATION)

    def test_a_no_takes_back_a_yes_and_is_a_receipt_of_its_own(self, subject_id):
        first = say(subject_id, True)
        second = say(subject_id, False, at=AT + timedelta(minutes=1))
        assert (second.choice, second.previous_id) == ("withdrawn", first.pk)
        assert not is_given(subject_id, at=AT + timedelta(minutes=2))

    def test_a_no_to_begin_with_is_a_refusal(self, subject_id):
        assert say(subject_id, False).choice == ConsentChoice.REFUSED

    @pytest.mark.parametrize("agree", [True, False])
    def test_the_same_answer_again_changes_nothing(self, subject_id, agree):
        assert say(subject_id, agree).pk == say(subject_id, agree, at=AT + timedelta(hours=1)).pk

    def test_a_yes_to_words_that_are_not_in_force_is_refused(self, subject_id):
        with pytest.raises(consent.WordingChanged):
            say(subject_id, True, version=7)
        assert not ConsentEvent.objects.exists()

    def test_nobody_answers_for_a_stranger(self):
        with pytest.raises(NotFound):
            say(new_id(), True)

    def test_what_changes_is_told_to_the_floors_above(self, subject_id):
        say(subject_id, True)
        say(subject_id, False, at=AT + timedelta(minutes=1))
        names = list(Message.objects.order_by("id").values_list("name", flat=True))
        assert names[-2:] == ["privacy.ConsentGiven", "privacy.ConsentWithdrawn"]


class TestNewWording:
    def test_a_wording_that_asks_for_more_asks_anew(self, subject_id):
        say(subject_id, True)
        a_new_wording(important=True)
        later = AT + timedelta(days=2)
        assert is_given(subject_id) and not is_given(subject_id, at=later)
        standing = consent.standings(subject_id=subject_id, at=later)[1]
        assert standing.outdated and standing.undecided and not standing.given

    def test_a_clearer_wording_leaves_the_answer_standing(self, subject_id):
        say(subject_id, True)
        a_new_wording(important=False)
        assert is_given(subject_id, at=AT + timedelta(days=2))

    def test_taking_back_needs_no_reading_of_new_words(self, subject_id):
        say(subject_id, True)
        a_new_wording(important=True)
        made = say(subject_id, False, version=1, at=AT + timedelta(days=2))
        assert (made.choice, made.text_version) == ("withdrawn", 1)


class TestTheDatabase:
    def insert(self, subject_id, **changes):
        row = {
            "id": new_id(),
            "number": f"T{new_id().hex[-12:]}",
            "subject_id": subject_id,
            "purpose": "marketing",
            "choice": "given",
            "text_version": 1,
            "language": "en",
            "sha256": "a" * 64,
            "actor": "x",
            "at": AT,
            "previous_id": None,
            **changes,
        }
        names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO privacy_consentevent ({names}) VALUES ({marks})", list(row.values()))

    @pytest.mark.parametrize(
        "changes, rule",
        [
            ({"purpose": "everything"}, "privacy_consent_purpose_is_known"),
            ({"choice": "silence"}, "privacy_consent_choice_is_known"),
            ({"language": "xx"}, "privacy_consent_language_is_known"),
            ({"sha256": "short"}, "privacy_a_consent_names_its_words"),
            ({"choice": "withdrawn"}, "privacy_a_withdrawal_follows_a_consent"),
        ],
    )
    def test_odd_rows_are_refused(self, subject_id, changes, rule):
        with pytest.raises(DatabaseError, match=rule):
            self.insert(subject_id, **changes)

    def test_a_history_has_one_beginning_and_no_fork(self, subject_id):
        first = say(subject_id, True)
        with pytest.raises(DatabaseError, match="privacy_a_consent_begins_once"):
            self.insert(subject_id)
        say(subject_id, False, at=AT + timedelta(minutes=1))
        with pytest.raises(DatabaseError, match="previous_id"):
            self.insert(subject_id, previous_id=first.pk)

    def test_nobody_s_answer_follows_somebody_else_s(self, subject_id):
        theirs = say(subject_id, True)
        other = create_subject(locale="en", at=AT).pk
        with pytest.raises(DatabaseError, match="privacy_a_consent_follows_its_own_past"):
            self.insert(other, previous_id=theirs.pk)

    def test_a_yes_is_only_ended_by_a_withdrawal(self, subject_id):
        first = say(subject_id, True)
        with pytest.raises(DatabaseError, match="privacy_a_withdrawal_follows_a_consent"):
            self.insert(subject_id, previous_id=first.pk, choice="refused")
