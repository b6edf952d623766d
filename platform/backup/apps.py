"""The app `backup`: two commands and no models."""

from django.apps import AppConfig


class BackupConfig(AppConfig):
    name = "backup"
