"""What programs send: read strictly, each refusal with its field; nothing is cut, rounded or guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from django.core.paginator import Paginator
from django.utils.translation import gettext, gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

MOST_BYTES = 1_000_000
PER_PAGE, MOST_PER_PAGE, LAST_PAGE = 50, 100, 10_000
_DIGITS = re.compile(r"[0-9]{1,9}", re.ASCII)
NOT_JSON = gettext_lazy(
    "The body must be one JSON object in UTF-8, each name once, at most a million bytes. Nothing was done."
)


class PlainJSONParser(JSONParser):
    """JSON that means one thing: no name twice, no NaN, no mark first, no endless depth."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise ParseError(NOT_JSON)
        try:
            return json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
        except (ValueError, RecursionError) as broken:
            raise ParseError(NOT_JSON) from broken


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(name: str) -> float:
    raise ValueError(name)


class Strict(serializers.Serializer[Any]):
    """Refuses what it doesn't know, so that a misspelt or smuggled field never passes in silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [str(name)[:40] for name in data if name not in self.fields]
            if unknown:
                told = [gettext("There is no such field here.")]
                raise serializers.ValidationError(dict.fromkeys(unknown, told))
        return super().to_internal_value(data)


class WholeNumber(serializers.IntegerField):
    """A JSON number without a fraction: no text, no 1e3, no true."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class CountInAddress(serializers.IntegerField):
    """Plain digits of an address's query."""

    def to_internal_value(self, data: Any) -> int:
        if not _DIGITS.fullmatch(str(data)):
            self.fail("invalid")
        return super().to_internal_value(data)


class Id(serializers.UUIDField):
    """An id as we write it: text, never a number or a list."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid", value="")
        return super().to_internal_value(data)


class PageQuery(Strict):
    page = CountInAddress(min_value=1, max_value=LAST_PAGE, default=1)
    page_size = CountInAddress(min_value=1, max_value=MOST_PER_PAGE, default=PER_PAGE)


def read(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The body. :raises ValidationError: naming each field that needs a change"""
    sent = kind(data=request.data)
    sent.is_valid(raise_exception=True)
    return dict(sent.validated_data)


def asked(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """What stands behind the "?" of the address; a name that stands there twice is refused.

    :raises ValidationError: naming each parameter that needs a change
    """
    given = request.query_params
    twice = [name[:40] for name in given if len(given.getlist(name)) > 1]
    if twice:
        raise serializers.ValidationError({name: [gettext("Say this once.")] for name in twice})
    sent = kind(data=given.dict())
    sent.is_valid(raise_exception=True)
    return dict(sent.validated_data)


def page_of(rows: Any, query: Mapping[str, Any]) -> dict[str, Any]:
    """One page of a list for programs; behind the last one there is nothing."""
    pages: Paginator[Any] = Paginator(rows, query["page_size"])
    number, last = query["page"], pages.num_pages
    return {
        "total": pages.count,
        "page": number,
        "page_size": query["page_size"],
        "next": number + 1 if number < last else None,
        "results": list(pages.page(number).object_list) if number <= last else [],
    }
