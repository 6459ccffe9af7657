"""Loads the widget's built JavaScript and makes the message that sends it to a page.

anywidget sends a widget's whole ``_esm`` with every instance. Ours is a small stub: it
looks for the module by its hash on the page, and requests it if it is missing.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from nbstream.errors import UsageError


class Frontend(NamedTuple):
    """The built JavaScript: the stub, the module, and the module's hash."""

    stub: str
    source: str
    hash: str

    def message(self) -> dict[str, str]:
        """The message that sends the module's source to a page."""
        return {"t": "code", "hash": self.hash, "source": self.source}


@cache
def frontend() -> Frontend:
    """Read the files that ``npm run build`` puts into the package.

    Raises:
        UsageError: the front end has not been built in this checkout.
    """
    static = files("nbstream") / "static"
    try:
        source = (static / "widget.js").read_text(encoding="utf-8")
        stub = (static / "stub.js").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(
            "nbstream's front end has not been built.", remedy="cd js && npm ci && npm run build"
        ) from None
    name = hashlib.sha256(source.encode()).hexdigest()[:16]
    return Frontend(stub.replace("__NBSTREAM_HASH__", name), source, name)
