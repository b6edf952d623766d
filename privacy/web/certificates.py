"""The certificate of an erasure, for whoever holds its link; our public keys; the file of a copy."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel import clock
from privacy import certificates, copying, inventory, requests
from privacy import copy_schema as schemas
from privacy.models import Certificate
from privacy.states import RequestState
from privacy.web import words
from privacy.web.doorkeeping import own_actor, own_subject, sure_person
from web import respond
from web.http import Request


@never_cache
@require_safe
def certificate(request: Request, token: str) -> HttpResponse:
    """Before the erasure: until when it can be taken back. After it: what went, what stays, until when."""
    asked = requests.by_token(token)
    made: Certificate | None = getattr(asked, "certificate", None)
    context: dict[str, Any] = {
        "asked": asked,
        "state": gettext(words.STATES[RequestState(asked.state)]),
        "made": made,
        "now": clock.now(),
    }
    return respond.page(request, "privacy/certificate.html", context | (_said(made) if made else {}))


@never_cache
@require_safe
def document(request: Request, token: str) -> HttpResponse:
    """The signed bytes, the signature and the key, for anybody who wants to check them."""
    made = requests.certificate_of(token)
    response = JsonResponse(
        certificates.as_json(made), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    response["Content-Disposition"] = f'attachment; filename="certificate-{made.request.number}.json"'
    return response


@require_safe
def keys(request: Request) -> HttpResponse:
    """Every public key that ever signed a certificate, by its name."""
    return JsonResponse({"algorithm": "Ed25519", "keys": certificates.public_keys()})


@require_safe
def copy_schema(request: Request, version: int) -> HttpResponse:
    """The shape of a copy's data.json, for whoever builds a reader. :raises NotFound:"""
    return HttpResponse(schemas.text(version), content_type="application/schema+json")


@never_cache
@require_safe
@sure_person
def download(request: Request, number: str) -> FileResponse:
    """The finished copy, for the person alone."""
    asked = requests.one_of(subject_id=own_subject(request), number=number)
    name, pieces = copying.fetch(request_id=asked.pk, actor=own_actor(request), at=clock.now())
    return FileResponse(pieces, as_attachment=True, filename=name, content_type="application/zip")


def _said(made: Certificate) -> dict[str, Any]:
    content = json.loads(bytes(made.content))
    handed = certificates.as_json(made)
    return {
        "gone": _lines(content["gone"]),
        "kept": _lines(content["kept"]),
        "stays": _lines(content["stays"]),
        "destroyed": len(content["keys_destroyed"]),
        "valid": handed["valid"],
        "signature": handed["signature"],
        "public_key": handed["public_key"],
    }


def _lines(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One line for what people call by one name; each column by itself stands in the document."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        until = row.get("until")
        line = {
            "words": gettext(inventory.words_of(row["column"])),
            "how": row.get("how", ""),
            "rule": row.get("rule", ""),
            "until": datetime.fromisoformat(until) if until else None,
        }
        held = found.setdefault(tuple(line.values()), {**line, "rows": 0})
        held["rows"] = max(held["rows"], row["rows"])
    return list(found.values())
