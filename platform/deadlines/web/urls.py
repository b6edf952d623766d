"""Public addresses of the deadlines."""

from django.urls import path

from deadlines.web import views

app_name = "deadlines"

urlpatterns = [path("figures/deadlines/", views.figures, name="figures")]
