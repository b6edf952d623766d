"""The law and the shelves that every attack stands on."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.builders.shops import the_catalogue


@pytest.fixture(autouse=True)
def ground(db):
    the_catalogue()


@pytest.fixture
def a_picture():
    def make() -> SimpleUploadedFile:
        buffer = io.BytesIO()
        Image.new("RGB", (4, 4)).save(buffer, "PNG")
        return SimpleUploadedFile("a.png", buffer.getvalue(), content_type="image/png")

    return make
