"""The app `credit`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class CreditConfig(AppConfig):
    name = "credit"
    verbose_name = gettext_lazy("Credit")
    default_auto_field = "django.db.models.BigAutoField"
