"""Static files: hashed names, compressed, and the parts' sheets joined into one request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

from web.styles import BUNDLE, sheets

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_STRING = re.compile(r"(\"[^\"]*\")")


def tight(css: str) -> str:
    """The sheet without comments and needless blanks; strings stay as they are."""
    parts = _STRING.split(_COMMENT.sub("", css))
    for index in range(0, len(parts), 2):
        blanks = re.sub(r"\s+", " ", parts[index])
        parts[index] = re.sub(r" ?([{};,]) ?|(?<=[\w-])(:) ", r"\1\2", blanks).replace(";}", "}")
    return "".join(parts).strip()


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Until `collectstatic` has run there is no manifest, and names stay plain."""

    manifest_strict = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """A page asks for some forty of them; those of the manifest are worked out once per process."""
        if force or name not in self.hashed_files:
            return str(super().url(name, force))
        if name not in self._addresses:
            self._addresses[name] = str(super().url(name))
        return self._addresses[name]

    def stored_name(self, name: str) -> str:
        return str(super().stored_name(name)) if self.hashed_files else name

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run and paths:
            joined = "\n".join(tight(self._read(paths, name)) for name in sheets() if name in paths)
            target = Path(self.path(BUNDLE))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(joined, encoding="utf-8")
            paths[BUNDLE] = (self, BUNDLE)
        yield from super().post_process(paths, dry_run, **options)

    @staticmethod
    def _read(paths: dict[str, Any], name: str) -> str:
        storage, path = paths[name]
        with storage.open(path) as source:
            return str(source.read().decode("utf-8"))
