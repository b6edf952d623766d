"""How often the sign-in pages may be used: policies in force, in the shape that allauth reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kernel import clock
from rulebook import policies

PREFIX = "rates"
_SECONDS = {"min": 60, "h": 3600}
# allauth's words for what is counted; its "ip" is a keyed digest of the network (see adapter.get_client_ip).
_PER = {"network": "ip", "account": "key", "person": "user", "shop": "key"}


class Rates(Mapping[str, str]):
    """Reads the policies whenever it is asked, so a new version counts from its instant."""

    def __getitem__(self, action: str) -> str:
        try:
            found = policies.value(f"{PREFIX}.{action}", clock.now())
        except policies.PolicyUnknown:
            raise KeyError(action) from None
        return ",".join(_rate(limit) for limit in found["limits"])

    def __iter__(self) -> Iterator[str]:
        rows = policies.rows(PREFIX, clock.now())
        return iter([row.name.removeprefix(f"{PREFIX}.") for row in rows])

    def __len__(self) -> int:
        return len(list(iter(self)))


def _rate(limit: dict[str, Any]) -> str:
    """E.g. "5/300s/key"."""
    within = limit["within"]["n"] * _SECONDS[limit["within"]["unit"]]
    return f"{limit['times']}/{within}s/{_PER[limit['per']]}"
