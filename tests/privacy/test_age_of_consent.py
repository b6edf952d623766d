"""The age of consent is the law of where the child lives; a member state has its own."""

import pytest

from kernel.actor import Actor
from privacy import ages, consent, minors, subjects
from privacy.models import AgeBand, ConsentPurpose
from tests.privacy.test_minors import AT, a_minor

pytestmark = pytest.mark.django_db


class TestAgeOfConsent:
    """Below which age a guardian consents is the law of where the child lives."""

    @pytest.mark.parametrize(
        ("place", "age", "older_band_guarded"),
        [("CN", 14, False), ("DE", 16, True), ("FR", 15, True), ("DK", 15, True), ("AT", 14, False),
         ("BE", 13, False), ("GB", 13, False), ("US", 13, False), ("KR", 14, False), ("BR", 14, False)],
    )  # fmt: skip
    def test_by_place(self, place, age, older_band_guarded):
        child = a_minor(AgeBand.FROM_14_TO_17)
        subjects.change_place(subject_id=child.subject_id, place=place, actor=child.actor, at=AT)
        assert ages.consent_age(child.subject_id, at=AT) == age
        assert ages.needs_guardian(child.subject_id, at=AT) is older_band_guarded
        minors.declare(subject_id=child.subject_id, band=AgeBand.FROM_8_TO_13, actor=Actor.system(), at=AT)
        assert ages.needs_guardian(child.subject_id, at=AT)

    def test_a_child_of_germany_cannot_agree_and_reads_the_age(self):
        child = a_minor(AgeBand.FROM_14_TO_17)
        subjects.change_place(subject_id=child.subject_id, place="DE", actor=child.actor, at=AT)
        with pytest.raises(consent.GuardianDecides) as refused:
            consent.answer(
                subject_id=child.subject_id, purpose=ConsentPurpose.SENSITIVE, agree=True,
                version=1, language="en", actor=child.actor, at=AT,
            )  # fmt: skip
        assert refused.value.params["age"] == 16
