"""An append-only table with sealed columns takes a cell sealed anew under a later key, and nothing else."""

from datetime import UTC, datetime

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction

from config.management.commands import grants
from credit.models import Review
from embedded import throwaway
from privacy import keys
from privacy.resealing import reseal
from tests.builders.reviews import a_review

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
REFUSED = "pgtrigger"


@pytest.fixture
def review():
    return Review.objects.get(pk=a_review(text="釉色偏灰").pk)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE credit_review SET goods = 1",
        "UPDATE credit_review SET at = now()",
        "UPDATE credit_review SET text = text",
        "UPDATE credit_review SET text = NULL, goods = 1",
        # Longer, and so other words; an earlier key, and so perhaps words of earlier days; another form.
        "UPDATE credit_review SET text = text || text",
        "UPDATE credit_review SET text = set_byte(text, 2, 0)",
        "UPDATE credit_review SET text = set_byte(text, 20, 7)",
        "UPDATE credit_review SET text = set_byte(set_byte(text, 2, 9), 0, 2)",
        "DELETE FROM credit_review",
    ],
)
def test_no_other_change_is_taken(review, attack):
    """Not even from the table's owner, as whom the tests run."""
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
    assert Review.objects.get(pk=review.pk).text == "釉色偏灰"


def test_a_cell_under_a_key_that_nobody_made_is_refused(review):
    with (
        pytest.raises(DatabaseError, match="sealed under this key"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE credit_review SET text = set_byte(text, 2, 9)")


def test_the_same_words_under_a_later_key_are_taken_and_the_earlier_cell_never_again(review):
    before = bytes(review.__dict__["text"])
    version = keys.add_version(subject_id=review.subject_id, at=AT)
    assert reseal(review, ["text", "nickname"], to_version=version)
    assert Review.objects.get(pk=review.pk).text == "釉色偏灰"
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE credit_review SET text = %s", [before])


def test_a_column_beside_the_sealed_one_can_not_ride_along(review):
    version = keys.add_version(subject_id=review.subject_id, at=AT)
    field = review._meta.get_field("text")
    sealed = bytes(field.seal_under(review, "釉色偏灰", version=version))
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE credit_review SET text = %s, goods = 1", [sealed])


@pytest.mark.parametrize(("role", "reseals"), [("anxin_app", True), ("anxin_portal", False)])
def test_the_serving_roles_reach_the_sealed_columns_at_most(role, reseals):
    with transaction.atomic(), connection.cursor() as cursor:
        grants.grant(role)
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'credit_review'::regclass AND attnum > 0"
            " AND has_column_privilege(%s, 'credit_review', attname, 'UPDATE')",
            [role],
        )
        assert {name for (name,) in cursor.fetchall()} == ({"nickname", "text"} if reseals else {"id"}), (
            "the portal may lock a row, by a column that nothing changes"
        )
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
class TestAsTheSite:
    """Over a connection of the site's own role, as the site is served."""

    @pytest.fixture
    def site(self):
        own = connection.settings_dict
        if own["PASSWORD"] != throwaway.PASSWORD:
            pytest.skip("a server of somebody else's: its roles have passwords of their own")
        grants.grant("anxin_app")
        link = psycopg2.connect(
            host=own["HOST"],
            port=own["PORT"],
            user="anxin_app",
            password=throwaway.PASSWORD,
            dbname=own["NAME"],
        )
        link.autocommit = True
        yield link.cursor()
        link.close()

    def test_only_a_cell_sealed_anew_goes_through(self, site):
        review = Review.objects.get(pk=a_review(text="釉色偏灰").pk)
        version = keys.add_version(subject_id=review.subject_id, at=AT)
        before = bytes(review.__dict__["text"])
        sealed = bytes(review._meta.get_field("text").seal_under(review, "釉色偏灰", version=version))
        for attack, values in (
            ("UPDATE credit_review SET goods = 1", []),
            ("UPDATE credit_review SET text = %s, goods = 1", [sealed]),
            ("UPDATE credit_review SET text = text", []),
            ("UPDATE credit_review SET text = text || text", []),
            ("DELETE FROM credit_review", []),
            ("TRUNCATE credit_review CASCADE", []),
            ("ALTER TABLE credit_review DISABLE TRIGGER ALL", []),
            ("DELETE FROM privacy_subjectkey", []),
            ("UPDATE privacy_subjectkey SET use = 'kept' WHERE use = 'data'", []),
        ):
            with pytest.raises(psycopg2.Error):
                site.execute(attack, values)
        site.execute("UPDATE credit_review SET text = %s WHERE id = %s", [sealed, str(review.pk)])
        assert Review.objects.get(pk=review.pk).text == "釉色偏灰"
        with pytest.raises(psycopg2.Error, match="pgtrigger"):
            site.execute("UPDATE credit_review SET text = %s", [before])
