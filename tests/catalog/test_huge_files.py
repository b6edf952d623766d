"""A file that is far too long costs its reading up to the limit, and leaves nothing behind."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.importing import runs
from catalog.models import ImportLine, Listing
from tests.builders.people import a_member
from tests.builders.shops import a_merchant
from tests.catalog.test_import_runs import HEAD, NOW, drive, send

pytestmark = pytest.mark.django_db


def test_a_million_rows_are_refused_whole(at):
    at(NOW)
    shop = a_merchant()
    rows = b"K,a,1,0,1,x\r\n" * 1_000_000
    sent = SimpleUploadedFile("上新.csv", ",".join(HEAD).encode() + b"\r\n" + rows)
    run = send(a_member(shop), shop, sent)
    drive()
    run.refresh_from_db()
    assert (run.state, run.refusal, run.total) == ("failed", "import_too_many_rows", 0)
    assert not ImportLine.objects.exists()
    assert not Listing.objects.exists()
    assert not default_storage.exists(runs.plain_path(run.pk))
