"""The floor of a page: a Django view without middleware, with one statement and one template.

Served in a process of its own (`granian bench.bare:application`); never imported by the site.
"""

from __future__ import annotations

from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from config import env

ENV = env.read()
settings.configure(
    SECRET_KEY=ENV.secret_key,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    INSTALLED_APPS=[],
    USE_TZ=True,
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(__file__).parent / "templates"],
        }
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": ENV.database.name,
            "USER": ENV.database.user,
            "PASSWORD": ENV.database.password,
            "HOST": ENV.database.host,
            "PORT": ENV.database.port,
            "CONN_MAX_AGE": None,
        }
    },
)
django.setup()

OFFER = """
SELECT l.id, r.content->'title'->>'zh-hans', r.content->'description'->>'zh-hans',
       r.content->'images'->0->>'src', r.price_minor, s.on_hand - s.reserved, m.display_name, m.grade
  FROM catalog_listing l
  JOIN catalog_listingrevision r ON r.id = l.live_revision_id
  JOIN merchants_merchant m ON m.id = l.merchant_id
  JOIN catalog_stock s ON s.variant_id = l.id
"""
NAMES = ("id", "title", "description", "picture", "price", "left", "shop", "grade")


def _rows(condition: str, parameter: str) -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute(OFFER + condition, [parameter])
        return [dict(zip(NAMES, row, strict=True)) for row in cursor.fetchall()]


def product(request: HttpRequest, key: str) -> HttpResponse:
    rows = _rows("WHERE l.id = %s", key)
    return render(request, "bench/bare_product.html", {"offer": rows[0]})


def category(request: HttpRequest, slug: str) -> HttpResponse:
    rows = _rows("WHERE l.category_id = %s AND l.state = 'live' ORDER BY l.published_at DESC LIMIT 24", slug)
    return render(request, "bench/bare_category.html", {"offers": rows})


urlpatterns = [path("p/<str:key>/", product), path("c/<slug:slug>/", category)]
application = get_wsgi_application()
