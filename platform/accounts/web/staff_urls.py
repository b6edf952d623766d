"""Addresses of the staff's own pages; the gate in front of them is accounts/web/staff_gate.py."""

from django.urls import path

from accounts.web import (
    person_search,
    security_desk,
    staff_calls,
    staff_emergencies,
    staff_frozen,
    staff_joint,
    staff_kept,
    staff_keys,
    staff_mandates,
    staff_on_behalf,
    staff_pages,
)

app_name = "staff"
urlpatterns = [
    path("start/", staff_pages.Start.as_view(), name="start"),
    path("session/", staff_pages.session, name="session"),
    path("session/end/", staff_pages.end, name="end"),
    path("glass/", staff_emergencies.Glass.as_view(), name="glass"),
    path("emergencies/", staff_emergencies.listing, name="emergencies"),
    path("emergencies/<uuid:emergency_id>/", staff_emergencies.Review.as_view(), name="review"),
    path("joint/", staff_joint.waiting, name="joint"),
    path("joint/<uuid:act_id>/", staff_joint.decide, name="joint-decide"),
    path("people/", person_search.PersonSearch.as_view(), name="people"),
    path("frozen/", staff_frozen.Frozen.as_view(), name="frozen"),
    path("security/", security_desk.desk, name="security"),
    path("keys/", staff_keys.MasterKeys.as_view(), name="keys"),
    path("kept/", staff_kept.Kept.as_view(), name="kept"),
    path("kept/<uuid:opening_id>/", staff_kept.opened, name="kept-opened"),
    path("kept/<uuid:opening_id>/file/<uuid:file_id>/", staff_kept.file, name="kept-file"),
    path("paper/", staff_mandates.Paper.as_view(), name="paper"),
    path("call/", staff_calls.Call.as_view(), name="call"),
    path("reports/", staff_calls.reports, name="reports"),
    path("reports/<uuid:report_id>/", staff_calls.handled, name="handled"),
    path("on-behalf/", staff_on_behalf.OnBehalf.as_view(), name="on-behalf"),
    path("roles/", staff_joint.Appointing.as_view(), name="appointing"),
]
