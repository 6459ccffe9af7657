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

FORM = "form.js"
"""The file that draws typed answers."""

OF_RUNS = ("run.js", "approval.js")
"""The files that draw what only an agent's run has."""

MAP = "map.js"
"""The module of the widget of a map, with a stub of its own."""

_FURTHER = {
    "__NBSTREAM_HIGHLIGHT__": "highlight.js",
    "__NBSTREAM_MATH__": "math.js",
    "__NBSTREAM_FORM__": FORM,
    "__NBSTREAM_APPROVAL__": OF_RUNS[1],
    "__NBSTREAM_RUN__": OF_RUNS[0],
}
"""The files that the module requests when needed, by the placeholder for their hash in it."""


class Frontend(NamedTuple):
    """The built JavaScript: the stub, the module's hash, and all sources by their hashes."""

    stub: str
    hash: str
    sources: Mapping[str, str]
    form: str
    """The hash of the file that draws typed answers."""
    of_runs: tuple[str, ...]
    """The hashes of the files that draw an agent's run."""
    map_stub: str
    map_hash: str
    """The stub and the hash of the module that shows a map."""

    def message(self, name: str) -> dict[str, str]:
        """The message that sends a page the source with the hash ``name``."""
        return {"t": "code", "hash": name, "source": self.sources[name]}


@cache
def frontend() -> Frontend:
    """Read the files that ``npm run build`` puts into the package.

    Raises:
        UsageError: the front end has not been built in this checkout.
    """
    static = files("nbstream") / "static"
    names = ["stub.js", "widget.js", MAP, *_FURTHER.values()]
    try:
        stub, module, many, *further = [
            (static / name).read_text(encoding="utf-8") for name in names
        ]
    except FileNotFoundError:
        raise UsageError(
            "nbstream's front end has not been built.", remedy="cd js && npm ci && npm run build"
        ) from None
    sources = {_hash(source): source for source in further}
    hashes = dict(zip(_FURTHER.values(), sources, strict=True))
    for placeholder, name in _FURTHER.items():
        module = module.replace(placeholder, hashes[name])
    own, of_map = _hash(module), _hash(many)
    sources |= {own: module, of_map: many}
    stubs = [stub.replace("__NBSTREAM_HASH__", name) for name in (own, of_map)]
    of_runs = tuple(hashes[name] for name in OF_RUNS)
    return Frontend(stubs[0], own, sources, hashes[FORM], of_runs, stubs[1], of_map)


def _hash(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:16]
