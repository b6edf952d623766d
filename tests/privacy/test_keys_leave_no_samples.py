"""What the planner learns of a table must not hold a wrapped key."""

import pytest
from django.db import connection

from privacy.subjects import create_subject
from tests.privacy.rotating import AT

pytestmark = pytest.mark.django_db


def test_analyze_keeps_no_sample_of_a_wrapped_key():
    for _ in range(30):
        create_subject(locale="zh-hans", at=AT)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE privacy_subjectkey")
        cursor.execute(
            "SELECT attname FROM pg_stats WHERE tablename = 'privacy_subjectkey'"
            " AND attname IN ('wrapped', 'version')"
        )
        assert [name for (name,) in cursor.fetchall()] == ["version"]
