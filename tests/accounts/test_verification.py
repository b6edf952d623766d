"""Name and number are checked once, on a consent of their own, and kept nowhere."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts import verifiers, verifying
from accounts.models import Verification, VerificationKind, VerificationResult
from accounts.verifiers import Claim
from privacy.models import ConsentEvent
from tests.builders.people import Person, a_buyer, a_visitor

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
ON = date(2026, 11, 20)
GOOD, WRONG, AWAY = "110101199003071006", "110101199003074047", "110101199003075031"
CARD, WRONG_CARD = "6222020200112230004", "6222020200112234048"


def ask(person: Person, number: str = GOOD, *, kind: str = "real_name", at: datetime = AT) -> Verification:
    return verifying.verify(
        subject_id=person.subject_id,
        claim=Claim(VerificationKind(kind), " 林晓梅 ", number),
        wording_version=1,
        language="zh-hans",
        actor=person.actor,
        at=at,
    )


class TestNumbers:
    @pytest.mark.parametrize("number", [GOOD, WRONG, AWAY, "11010119900307781X", "440308199901010012"])
    def test_a_resident_number_has_a_birthday_and_the_right_last_character(self, number: str):
        right = number[:17] + next(
            c for c in "0123456789X" if verifiers.is_identity_number(number[:17] + c, on=ON)
        )
        assert verifiers.is_identity_number(right, on=ON)
        others = [number[:17] + c for c in "0123456789X" if number[:17] + c != right]
        assert not any(verifiers.is_identity_number(one, on=ON) for one in others)

    @pytest.mark.parametrize(
        "number",
        [
            "",
            "1" * 18,
            "11010119900230100X",
            "110101209903071000",
            "11010118400307100X",
            GOOD[:-1],
            GOOD + "0",
            "x" * 18,
        ],
    )
    def test_what_cant_be_a_resident_number(self, number: str):
        assert not verifiers.is_identity_number(number, on=ON)

    def test_a_birthday_of_tomorrow_is_refused_and_today_is_not(self):
        stem = "11010120261120001"
        number = stem + next(c for c in "0123456789X" if verifiers.is_identity_number(stem + c, on=ON))
        assert not verifiers.is_identity_number(number, on=ON - timedelta(days=1))

    @given(st.integers(10**17, 10**18 - 1), st.integers(0, 17), st.integers(1, 9))
    def test_one_changed_digit_of_an_account_is_always_noticed(self, stem: int, place: int, change: int):
        number = next(f"{stem}{c}" for c in range(10) if verifiers.is_account_number(f"{stem}{c}"))
        digits = list(number)
        digits[place] = str((int(digits[place]) + change) % 10)
        assert not verifiers.is_account_number("".join(digits))

    def test_spellings_of_one_number_are_one(self):
        assert verifiers.normal_number("１１０１０１ 19900307-100x") == "11010119900307100X"

    def test_stars_hide_all_but_the_ends(self):
        assert verifiers.masked(GOOD) == "1***************06"
        assert verifiers.masked("622202020011") == "6*******0011"


class TestAsking:
    @pytest.mark.parametrize(
        ("kind", "number", "result"),
        [
            ("real_name", GOOD, "matched"),
            ("real_name", WRONG, "not_matched"),
            ("real_name", AWAY, "unavailable"),
            ("bank_account", CARD, "matched"),
            ("bank_account", WRONG_CARD, "not_matched"),
        ],
    )
    def test_the_answer_is_kept_with_its_consent_and_nothing_else(self, kind: str, number: str, result: str):
        person = a_buyer()
        made = ask(person, number, kind=kind)
        assert (made.result, made.masked) == (result, verifiers.masked(number))
        receipt = ConsentEvent.objects.get(subject_id=person.subject_id)
        assert (receipt.purpose, receipt.choice, receipt.number) == (
            "verification",
            "given",
            made.consent_number,
        )
        assert verifying.is_verified(subject_id=person.subject_id, kind=VerificationKind(kind)) is (
            result == "matched"
        )

    @pytest.mark.parametrize(
        ("kind", "number", "refusal"),
        [
            ("real_name", GOOD[:-1] + "7", verifying.IdentityNumberWrong),
            ("real_name", CARD, verifying.IdentityNumberWrong),
            ("bank_account", CARD[:-1] + "5", verifying.AccountNumberWrong),
            ("bank_account", "", verifying.AccountNumberWrong),
        ],
    )
    def test_an_impossible_number_asks_nobody(self, kind: str, number: str, refusal: type[Exception]):
        person = a_buyer()
        with pytest.raises(refusal):
            ask(person, number, kind=kind)
        assert not Verification.objects.exists() and not ConsentEvent.objects.exists()

    def test_three_answers_a_day_and_an_absent_verifier_costs_none(self):
        person = a_buyer()
        for number in (WRONG, AWAY, AWAY, WRONG, WRONG):
            ask(person, number)
        with pytest.raises(verifying.TooManyVerifications):
            ask(person, GOOD)
        assert Verification.objects.count() == 5
        assert ask(a_buyer(), GOOD).result == "matched"
        assert ask(person, GOOD, at=AT + timedelta(hours=24)).result == "matched"

    def test_a_later_no_replaces_an_earlier_yes_and_silence_does_not(self):
        person = a_buyer()
        kind = VerificationKind.REAL_NAME
        said = []
        for hours, number in enumerate((GOOD, AWAY, WRONG)):
            ask(person, number, at=AT + timedelta(hours=hours))
            said.append(verifying.is_verified(subject_id=person.subject_id, kind=kind))
        assert said == [True, True, False]

    def test_a_verifier_that_breaks_leaves_the_question_counted(self, monkeypatch):  # type: ignore[no-untyped-def]
        person = a_buyer()

        class Broken(verifiers.SandboxVerifier):
            def check(self, claim: Claim) -> VerificationResult:
                raise ConnectionError

        monkeypatch.setattr(verifiers, "current", Broken)
        with pytest.raises(ConnectionError):
            ask(person)
        assert [one.result for one in Verification.objects.all()] == ["asked"]

    def test_production_without_a_verifier_guesses_nothing(self, settings):  # type: ignore[no-untyped-def]
        settings.SANDBOX = False
        assert ask(a_buyer()).result == "unavailable"

    def test_a_claim_shows_nothing_when_printed(self):
        claim = Claim(VerificationKind.REAL_NAME, "林晓梅", GOOD)
        assert "林晓梅" not in f"{claim!r} {claim}" and GOOD not in f"{claim!r} {claim}"


class TestTheTable:
    def test_neither_name_nor_number_stands_in_the_database(self):
        ask(a_buyer())
        with connection.cursor() as cursor:
            cursor.execute("SELECT row_to_json(v)::text FROM accounts_verification v")
            written = cursor.fetchone()[0]
        hexed = "林晓梅".encode().hex()
        assert GOOD not in written and GOOD.encode().hex() not in written and hexed not in written

    @pytest.mark.parametrize(
        "change", ["result = 'not_matched'", "result = 'perhaps'", "kind = 'face'", "consent_number = ''"]
    )
    def test_an_answer_cant_be_changed_or_invented(self, change: str):
        made = ask(a_buyer())
        with (
            pytest.raises((IntegrityError, InternalError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE accounts_verification SET {change}")
        made.refresh_from_db()
        assert (made.result, made.kind) == ("matched", "real_name")


class TestThePage:
    URL = property(lambda self: reverse("accounts:verification"))

    def fields(self, **changed: str) -> dict[str, str]:
        return {
            "kind": "real_name",
            "name": "林晓梅",
            "number": GOOD,
            "agree": "on",
            "version": "1",
            **changed,
        }

    def test_says_yes_and_shows_stars(self, at):  # type: ignore[no-untyped-def]
        at(AT)
        person = a_buyer()
        answer = person.client.post(self.URL, self.fields(), follow=True)
        page = answer.content.decode()
        assert answer.status_code == 200 and "核验通过" in page
        assert "1***************06" in page and GOOD not in page
        assert answer["Cache-Control"].find("no-store") >= 0

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"agree": ""}, "你不同意，我们就不能去核验"),
            ({"number": "123"}, "18 位里有一位对不上"),
            ({"name": ""}, "请按证件填写姓名"),
            ({"kind": "face"}, "face"),
        ],
    )
    def test_a_refusal_asks_nobody_and_never_repeats_the_number(self, at, changed: dict, words: str):  # type: ignore[no-untyped-def, type-arg]
        at(AT)
        answer = a_buyer().client.post(self.URL, self.fields(**changed))
        assert answer.status_code == 422 and words in answer.content.decode()
        assert GOOD not in answer.content.decode()
        assert not Verification.objects.exists()

    @pytest.mark.parametrize(
        ("language", "word"), [("zh-hans", "姓名和身份证号"), ("zh-hant", "姓名與身分證號")]
    )
    def test_the_choices_speak_the_readers_language(self, at, language: str, word: str):  # type: ignore[no-untyped-def]
        at(AT)
        client = a_buyer(locale=language).client
        client.post("/language", {"language": language})
        page = client.get(self.URL).content.decode()
        assert word in page and "identity number" not in page

    def test_nothing_is_ticked_beforehand(self, at):  # type: ignore[no-untyped-def]
        at(AT)
        page = a_buyer().client.get(self.URL).content.decode()
        box = page[page.index('name="agree"') - 80 : page.index('name="agree"') + 80]
        assert "checked" not in box

    def test_a_stranger_signs_in_first(self):
        answer = a_visitor().client.get(self.URL)
        assert answer.status_code == 302 and "/accounts/login/" in answer["Location"]
