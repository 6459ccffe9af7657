"""The recorded provider responses in ../shared/recordings, beside the checkout.

They are not copied into the repository. Without them, the tests that need them are skipped.
"""

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent.parent.parent / "shared" / "recordings"
MISSING = f"no recordings: {FOLDER.name} is not beside this checkout"


@dataclass(frozen=True)
class Recording:
    """A response body, its details, and the result of the vendor's SDK for it."""

    name: str
    protocol: str
    provider: str
    meta: dict[str, Any] = field(repr=False)

    @property
    def body(self) -> bytes:
        return (FOLDER / self.protocol / f"{self.name}.sse").read_bytes()

    @property
    def final(self) -> Any:
        """The SDK's result, or None if it raised."""
        path = FOLDER / self.protocol / f"{self.name}.final.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    @property
    def details(self) -> Any:
        """Its source, the request, and other details."""
        path = FOLDER / self.protocol / f"{self.name}.json"
        return json.loads(path.read_text(encoding="utf-8"))


@cache
def recordings(protocol: str) -> list[Recording]:
    """All recordings of a protocol, such as `openai-chat`."""
    index = FOLDER / "index.json"
    if not index.exists():
        return []
    rows = json.loads(index.read_text(encoding="utf-8"))
    return [
        Recording(row["name"], row["protocol"], row.get("provider") or "", row)
        for row in rows
        if row["protocol"] == protocol and (FOLDER / protocol / f"{row['name']}.sse").exists()
    ]


def parametrize(protocol: str) -> pytest.MarkDecorator:
    """Run a test once for each recording, or skip it with a reason."""
    found = recordings(protocol)
    if not found:
        return pytest.mark.parametrize("recording", [pytest.param(None, marks=_skip())])
    return pytest.mark.parametrize("recording", found, ids=lambda one: one.name)


def _skip() -> pytest.MarkDecorator:
    return pytest.mark.skip(reason=MISSING)
