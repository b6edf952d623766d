"""Addresses of the check page."""

from django.urls import path

from accounts.web import really

app_name = "really"
urlpatterns = [
    path("", really.Really.as_view(), name="check"),
    path("report/", really.Report.as_view(), name="report"),
]
