"""Platform rules: announced with notice, open to comment before they count, every version kept."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, connection, transaction
from django.urls import reverse, reverse_lazy

from accounts.staff import Role
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.ids import new_id
from rulebook import platform_rules, shelf
from rulebook.models import RuleComment, RuleText
from rulebook.web import limits
from tests.builders.people import a_buyer, a_staff

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
# Announced Sat 21 November: 7 days are shown in full on the 28th, 15 on 6 December, 24:00 in China.
AFTER_SEVEN = "2026-11-29T00:00:00+08:00"
AFTER_FIFTEEN = "2026-12-07T00:00:00+08:00"
STAFF = Actor.staff(new_id())
RULE = "rules.trade"


@pytest.fixture(autouse=True)
def shelf_afterwards():
    yield
    shelf.forget()


def rule_file(*, version=2, since=AFTER_SEVEN, important=False, slug=RULE):
    flag = "important = true\n" if important else ""
    texts = "".join(
        f'[texts.{key}]\nzh-hans = "{key}新"\nzh-hant = "{key}新"\nen = "New {key}"\n'
        for key in ("title", "sentence", "body")
    )
    return f'[[texts]]\nslug = "{slug}"\nversion = {version}\nin_force_from = {since}\n{flag}{texts}'


def publish(**changes):
    return platform_rules.publish(text=rule_file(**changes), name="rules.toml", actor=STAFF, at=AT)


class TestPublish:
    def test_after_the_notice_it_counts_from_its_date_and_not_before(self):
        publish()
        rule = platform_rules.one(RULE, AT)
        assert (rule.now.version, rule.coming.version) == (1, 2)
        rule = platform_rules.one(RULE, datetime.fromisoformat(AFTER_SEVEN))
        assert (rule.now.version, rule.coming) == (2, None)
        assert [each.version for each in rule.versions] == [2, 1]

    @pytest.mark.parametrize(
        "changes",
        [
            {"since": "2026-11-28T23:59:59+08:00"},
            {"since": "2026-01-01T00:00:00+08:00"},
            {"since": AFTER_SEVEN, "important": True},
            {"since": "2026-12-06T23:59:59+08:00", "important": True},
        ],
    )
    def test_with_less_notice_it_is_refused(self, changes):
        with pytest.raises(platform_rules.NoticeTooShort):
            publish(**changes)
        assert not RuleText.objects.filter(slug=RULE, version=2).exists()

    def test_what_matters_much_is_shown_for_fifteen_days(self):
        publish(since=AFTER_FIFTEEN, important=True)
        assert platform_rules.one(RULE, AT).coming.version == 2

    @pytest.mark.parametrize("version", [1, 3])
    def test_versions_follow_each_other(self, version):
        with pytest.raises(platform_rules.VersionOutOfTurn):
            publish(version=version)

    def test_no_version_can_be_changed_or_removed(self):
        for attack in ("UPDATE rulebook_ruletext SET version = 9", "DELETE FROM rulebook_ruletext"):
            with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(attack)


class TestComment:
    def say(self, **changes):
        values = {"slug": RULE, "version": 2, "body": "Too short for small shops", "at": AT}
        return platform_rules.comment(actor=Actor.anonymous(), **(values | changes))

    def test_is_kept_with_the_version(self):
        (text,) = publish()
        assert self.say().text_id == text.pk

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"body": " \n"}, platform_rules.CommentEmpty),
            ({"body": "x" * 2001}, platform_rules.CommentTooLong),
            ({"at": AT + timedelta(days=9)}, platform_rules.CommentsClosed),
            ({"version": 1}, platform_rules.CommentsClosed),
            ({"version": 9}, NotFound),
            ({"slug": "promise.escrow"}, NotFound),
        ],
    )
    def test_refusals_keep_nothing(self, changes, refusal):
        publish()
        with pytest.raises(refusal):
            self.say(**changes)
        assert not RuleComment.objects.exists()


class TestCountComment:
    ADDRESS = reverse_lazy("rulebook:platform-comment", args=[RULE, 2])

    @pytest.fixture(autouse=True)
    def announced(self, at):
        cache.clear()
        at(AT)
        publish()
        yield
        cache.clear()

    def send(self, client, number, network="198.51.100.7"):
        english = {"headers": {"accept-language": "en"}, "REMOTE_ADDR": network}
        return [client.post(self.ADDRESS, {"body": f"Word {one}"}, **english) for one in range(number)]

    def test_refuses_the_sixth_of_a_network_in_words_and_keeps_what_was_written(self, client):
        *kept, refused = self.send(client, limits.COMMENTS + 1)
        assert {each.status_code for each in kept} == {303}
        assert refused.status_code == 429
        page = refused.content.decode()
        assert "You can send 5 comments in ten minutes." in page and "Word 5</textarea>" in page
        assert RuleComment.objects.count() == limits.COMMENTS

    def test_leaves_other_networks_and_people_alone(self, client):
        self.send(client, limits.COMMENTS)
        assert self.send(client, 1, network="203.0.113.9")[0].status_code == 303
        assert self.send(a_buyer().client, 1)[0].status_code == 303

    def test_follows_a_person_through_networks(self):
        browser = a_buyer().client
        self.send(browser, limits.COMMENTS)
        assert self.send(browser, 1, network="203.0.113.9")[0].status_code == 429

    def test_lets_people_write_again_after_ten_minutes(self, client, monkeypatch):
        self.send(client, limits.COMMENTS)
        later = time.time() + limits.SECONDS + 1
        monkeypatch.setattr(time, "time", lambda: later)
        assert self.send(client, 1)[0].status_code == 303

    def test_stores_neither_address_nor_person(self, client, monkeypatch):
        keys, person = [], a_buyer()
        monkeypatch.setattr(limits.cache, "add", lambda key, *_: keys.append(key))
        monkeypatch.setattr(limits.cache, "incr", lambda _key: 1)
        self.send(client, 1)
        self.send(person.client, 1)
        assert len(set(keys)) == 2
        assert not any(word in key for key in keys for word in ("198.51", str(person.subject_id)))


class TestPages:
    def test_anybody_reads_searches_comments_and_downloads(self, client, at):
        at(AT)
        publish()
        english = {"headers": {"accept-language": "en"}}
        page = client.get(reverse("rulebook:platform"), **english).content.decode()
        assert "A new version counts from 29 Nov 2026" in page
        page = client.get(reverse("rulebook:platform"), {"q": "brushing"}, **english).content.decode()
        assert ("Rules for sellers" in page, "Dispute rules" in page) == (True, False)
        page = client.get(reverse("rulebook:platform-rule", args=[RULE]), **english).content.decode()
        assert page.index("Trading rules") < page.index("New sentence")
        address = reverse("rulebook:platform-comment", args=[RULE, 2])
        assert client.post(address, {"body": "Good"}).status_code == 303
        assert client.post(address, {"body": ""}).status_code == 422
        assert RuleComment.objects.get().body == "Good"
        answer = client.get(reverse("rulebook:platform-text", args=[RULE, 2]), **english)
        assert answer.headers["Content-Disposition"] == 'attachment; filename="rules.trade-v2.txt"'
        assert answer.content.decode().startswith("rules.trade v2 · 2026-11-29 00:00 +0800\n\nNew title")

    @pytest.mark.parametrize(
        "address",
        [
            "/rules/platform/rules.none/",
            "/rules/platform/promise.escrow/",
            "/rules/platform/rules.trade/99/text/",
            "/rules/platform/rules.trade/99999999999999999999/text/",
            "/rules/platform/rules.trade/?version=77",
        ],
    )
    def test_what_is_not_there_is_404(self, client, address):
        assert client.get(address).status_code == 404

    def test_an_officer_announces_and_is_refused_in_words(self, at):
        at(AT)
        client = a_staff(Role.LAW_EDITOR).client
        for since, number in (("2026-11-22T00:00:00+08:00", 1), (AFTER_SEVEN, 2)):
            upload = SimpleUploadedFile("rules.toml", rule_file(since=since).encode())
            client.post(reverse("admin:rulebook_publish"), {"file": upload})
            assert RuleText.objects.filter(slug=RULE).count() == number
