"""The recorded provider responses beside the checkout, in ../shared/recordings.

They are never copied here. Without them the tests that need them are skipped and say so.
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
    """One response body, what is known of it, and what the vendor's SDK made of it."""

    name: str
    protocol: str
    provider: str
    meta: dict[str, Any] = field(repr=False)

    @property
    def body(self) -> bytes:
        return (FOLDER / self.protocol / f"{self.name}.sse").read_bytes()

    @property
    def final(self) -> Any:
        """The SDK's own result, or None where it raised."""
        path = FOLDER / self.protocol / f"{self.name}.final.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    @property
    def details(self) -> Any:
        """Where it is from, the request that was sent, and the like."""
        path = FOLDER / self.protocol / f"{self.name}.json"
        return json.loads(path.read_text(encoding="utf-8"))


@cache
def recordings(protocol: str) -> list[Recording]:
    """All recordings of a protocol, as the index names it: `openai-chat`, say."""
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
    """Run a test once a recording, or skip it with the reason."""
    found = recordings(protocol)
    if not found:
        return pytest.mark.parametrize("recording", [pytest.param(None, marks=_skip())])
    return pytest.mark.parametrize("recording", found, ids=lambda one: one.name)


def _skip() -> pytest.MarkDecorator:
    return pytest.mark.skip(reason=MISSING)
