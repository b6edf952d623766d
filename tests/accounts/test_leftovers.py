"""Secrets of removed factors, pseudonyms of old contacts and nameless bytes go in the night."""

import os
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts import contacts, freezing, leftovers, old_contacts, pseudonyms, second_factors
from accounts.models import FormerContact, SealedSecret
from config import retention as sweeps
from kernel.ids import new_id
from privacy import leftovers as file_leftovers
from privacy import retention
from privacy.models import StoredFile
from tests.builders.people import JOINED, a_buyer
from tests.builders.requests import ASKED
from tests.privacy.rotating import a_real_file

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def aged(secret, days):
    """As if it had been sealed so many days ago: the id carries the time."""
    born = int((time.time() - days * 86_400) * 1000) << 80 | new_id().int & ((1 << 80) - 1)
    old = SealedSecret(id=UUID(int=born), subject_id=secret.subject_id, text=str(secret.text))
    old.save(force_insert=True)
    secret.delete()
    return old


class TestSecrets:
    def test_a_removed_factor_s_secrets_go_and_those_in_use_stay(self):
        person, other = a_buyer(), a_buyer()
        for one in (person, other):
            second_factors.give_app(user=one.user, secret=SECRET)
        count = SealedSecret.objects.count()
        with second_factors.sealing_for(person.subject_id):
            loose = SealedSecret.objects.get(pk=UUID(second_factors.keep("left over")))
        loose = aged(loose, days=2)
        assert sweeps.loose_secrets(at=ASKED, limit=100) == 1
        assert not SealedSecret.objects.filter(pk=loose.pk).exists()
        assert SealedSecret.objects.count() == count
        assert second_factors.codes_left(person.user) == second_factors.codes_left(other.user) > 0

    def test_even_old_ones_in_use_stay(self):
        person = a_buyer()
        factor = second_factors.give_app(user=person.user, secret=SECRET)
        held = SealedSecret.objects.get(pk=UUID(factor.data["secret"]))
        factor.data["secret"] = str(aged(held, days=400).pk)
        factor.save()
        assert sweeps.loose_secrets(at=ASKED, limit=100) == 0
        Authenticator.objects.filter(user=person.user).delete()
        assert sweeps.loose_secrets(at=ASKED, limit=100) == 1

    def test_one_that_is_just_being_set_up_is_left_alone(self):
        person = a_buyer()
        with second_factors.sealing_for(person.subject_id):
            second_factors.keep("in the middle")
        assert sweeps.loose_secrets(at=ASKED, limit=100) == 0

    def test_in_batches(self):
        person = a_buyer()
        for _ in range(3):
            with second_factors.sealing_for(person.subject_id):
                aged(SealedSecret.objects.get(pk=UUID(second_factors.keep("x"))), days=3)
        assert [sweeps.loose_secrets(at=ASKED, limit=2) for _ in range(3)] == [2, 1, 0]


class TestFormerContacts:
    def test_they_open_the_recovery_as_long_as_they_lie_and_no_longer(self):
        person = a_buyer(email="linan@example.com")
        contacts.change_email(user_id=person.user.pk, address="new@example.com", at=JOINED)
        freezing.freeze(subject_id=person.subject_id, actor=person.actor, at=JOINED)
        former = FormerContact.objects.get()
        assert former.pseudonym == pseudonyms.pseudonym_of("linan@example.com")
        over = JOINED + (ASKED - old_contacts.open_since(ASKED))
        assert old_contacts.frozen_account(former.pseudonym, at=over) == person.subject_id
        late = over + timedelta(seconds=1)
        assert old_contacts.frozen_account(former.pseudonym, at=late) is None
        # A freeze that holds keeps it: its owner may still be on the way.
        assert leftovers.former_contacts(at=late, limit=10) == 0

    def test_without_a_freeze_they_go_on_that_day(self):
        person = a_buyer(email="linan@example.com")
        contacts.change_email(user_id=person.user.pk, address="new@example.com", at=JOINED)
        over = JOINED + (ASKED - old_contacts.open_since(ASKED))
        assert leftovers.former_contacts(at=over, limit=10) == 0
        assert leftovers.former_contacts(at=over + timedelta(seconds=1), limit=10) == 1
        assert not FormerContact.objects.exists()


class TestNamelessBytes:
    @pytest.fixture(autouse=True)
    def own_store(self, settings, tmp_path):
        disk = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}
        settings.STORAGES = {**settings.STORAGES, "default": disk}

    def old(self, name, days=3):
        path = default_storage.path(name)
        past = time.time() - days * 86_400
        os.utime(path, (past, past))
        return Path(path)

    def test_bytes_without_a_row_go_after_days_and_files_stay(self):
        kept = a_real_file(a_buyer().subject_id)
        file_id, fresh_id = new_id(), new_id()
        orphan = default_storage.save(f"{file_id.hex[-2:]}/{file_id.hex}", ContentFile(b"sealed"))
        fresh = default_storage.save(f"{fresh_id.hex[-2:]}/{fresh_id.hex}", ContentFile(b"sealed"))
        picture = default_storage.save(f"pictures/ab/{new_id().hex}-400.webp", ContentFile(b"tea"))
        for name in (kept.path, orphan, picture):
            self.old(name)
        counts = retention.sweep_when_due(at=ASKED).counts
        assert counts["unnamed_files"] == 1
        assert not default_storage.exists(orphan)
        assert default_storage.exists(fresh) and default_storage.exists(picture)
        assert default_storage.exists(StoredFile.objects.get().path)
        assert {"loose_secrets", "former_contacts"} <= set(counts)

    def test_no_more_than_a_batch(self):
        for _ in range(3):
            one = new_id()
            self.old(default_storage.save(f"{one.hex[-2:]}/{one.hex}", ContentFile(b"x")))
        before = timezone.now() - DAY
        assert [file_leftovers.unnamed(before=before, limit=2) for _ in range(3)] == [2, 1, 0]
