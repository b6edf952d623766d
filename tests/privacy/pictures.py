"""Uploads for tests: real little pictures with a mark in their metadata."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def a_jpeg(size=(40, 30), mark="GPSCANARY"):
    """A red picture whose metadata holds `mark`."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = mark
    Image.new("RGB", size, "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


def a_jpeg_upload(name="裂缝.jpg", content=None):
    return SimpleUploadedFile(name, a_jpeg() if content is None else content, content_type="image/jpeg")
