"""Addresses of the switches in the frame."""

from django.urls import path

from web import views

app_name = "web"
urlpatterns = [
    path("language", views.set_language, name="language"),
    path("display", views.set_display, name="display"),
]
