"""Officers read who looked and take it away as a marked file; reading a shop's credit leaves a line too."""

import pytest
from django.urls import reverse

from accounts.staff_roles import Role
from privacy.models import AccessRecord, Export
from tests.builders.orders import an_order
from tests.builders.people import a_member, a_staff
from tests.builders.reviews import a_review

pytestmark = pytest.mark.django_db


def test_officers_read_the_record_and_change_nothing():
    order, officer = an_order(), a_staff(Role.SECURITY_OFFICER)
    member = a_member(order.merchant)
    member.client.get(reverse("orders:merchant-order", args=[order.merchant.slug, order.number]))
    row = AccessRecord.objects.get(subject_id=order.subject_id)

    page = officer.client.get(reverse("admin:privacy_accessrecord_changelist"))

    assert page.status_code == 200 and str(order.subject_id) in page.content.decode()
    assert "林未" not in page.content.decode()
    change = reverse("admin:privacy_accessrecord_change", args=[row.pk])
    assert officer.client.get(change).status_code == 200
    assert officer.client.post(change, {"purpose": "x"}).status_code in (403, 405)
    for model in ("lookup", "export", "accessalarm"):
        assert officer.client.get(reverse(f"admin:privacy_{model}_changelist")).status_code == 200


class TestFiles:
    def test_the_record_leaves_as_a_file_with_its_number_and_a_line(self):
        officer = a_staff(Role.SECURITY_OFFICER)

        file = officer.client.post(reverse("admin:privacy_accessrecord_file"))

        taken = Export.objects.get(what="access_record")
        assert (taken.actor, file.status_code) == (str(officer.actor), 200)
        assert file.content.decode().rstrip().endswith(f"# {taken.number}")
        assert taken.number in file["Content-Disposition"]

    def test_others_may_not(self):
        address = reverse("admin:privacy_accessrecord_file")
        assert a_staff(Role.PRIVACY_OFFICER).client.post(address).status_code == 403
        assert a_staff(Role.SECURITY_OFFICER).client.get(address).status_code == 405
        assert not Export.objects.exists()

    def test_a_shop_s_list_of_orders_is_marked_and_holds_nothing_about_people(self):
        order = an_order()
        member = a_member(order.merchant)

        file = member.client.get(
            reverse("orders:merchant-orders", args=[order.merchant.slug]), {"tab": "all", "format": "csv"}
        )

        taken = Export.objects.get(what="orders.list")
        text = file.content.decode()
        assert (taken.actor, taken.merchant_id, taken.rows) == (str(member.actor), order.merchant_id, 1)
        assert f"# {taken.number}" in text and order.number in text
        assert "林未" not in text and "漕溪北路" not in text and "8000" not in text


class TestCredit:
    @pytest.mark.parametrize("model", ["entry", "grading", "review"])
    def test_reading_what_a_shop_s_credit_is_made_of_leaves_a_line(self, model):
        review, reviewer = a_review(), a_staff()
        before = AccessRecord.objects.filter(purpose="credit.read").count()

        page = reviewer.client.get(reverse(f"admin:credit_{model}_changelist"))

        assert page.status_code == 200
        shown = page.context_data["cl"].result_list
        found = AccessRecord.objects.filter(purpose="credit.read")
        assert found.count() - before == len({row.merchant_id for row in shown})
        if model == "review":
            assert found.get().subject_id == review.merchant.subject_id
