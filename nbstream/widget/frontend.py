"""Loads the widget's built JavaScript and makes the messages that send it to a page.

anywidget sends a widget's whole ``_esm`` with every instance. Ours is a small stub: it
looks for the module by its hash on the page, and requests it if it is missing. The module
requests further files in the same way when an answer first needs them.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from nbstream.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_FURTHER = {"__NBSTREAM_HIGHLIGHT__": "highlight.js", "__NBSTREAM_MATH__": "math.js"}
"""The files that the module requests when needed, by the placeholder for their hash in it."""


class Frontend(NamedTuple):
    """The built JavaScript: the stub, the module's hash, and all sources by their hashes."""

    stub: str
    hash: str
    sources: Mapping[str, str]

    def message(self, asked: str = "") -> dict[str, str]:
        """The message that sends a page the source with the hash ``asked``, else the module's."""
        name = asked if asked in self.sources else self.hash
        return {"t": "code", "hash": name, "source": self.sources[name]}


@cache
def frontend() -> Frontend:
    """Read the files that ``npm run build`` puts into the package.

    Raises:
        UsageError: the front end has not been built in this checkout.
    """
    static = files("nbstream") / "static"
    names = ["stub.js", "widget.js", *_FURTHER.values()]
    try:
        stub, module, *further = [(static / name).read_text(encoding="utf-8") for name in names]
    except FileNotFoundError:
        raise UsageError(
            "nbstream's front end has not been built.", remedy="cd js && npm ci && npm run build"
        ) from None
    sources = {_hash(source): source for source in further}
    for placeholder, name in zip(_FURTHER, sources, strict=True):
        module = module.replace(placeholder, name)
    own = _hash(module)
    return Frontend(stub.replace("__NBSTREAM_HASH__", own), own, {own: module, **sources})


def _hash(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:16]
