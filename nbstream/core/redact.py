"""Keeps API keys and passwords out of tracebacks, logs and error messages.

``Secret`` and ``Address`` are strings whose repr hides the secret: tracebacks, debuggers
and logs print the repr of a variable. ``redact`` removes a key from a text of a server.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST = 8
"""Characters of a key; shorter ones are placeholders such as "none", which are ordinary words."""


class Secret(str):
    """A key; ``repr`` hides it, formatting does not."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'[key]'"


class Address(str):
    """An address; ``repr`` hides the user, the password and a query, formatting does not."""

    __slots__ = ()

    def __repr__(self) -> str:
        head, _, tail = self.rpartition("@")
        scheme, slashes, _ = head.partition("://")
        tail, question, _ = tail.partition("?")
        return repr((scheme + slashes if slashes else "") + tail + ("?..." if question else ""))


def hide_key(given: Any) -> Any:
    """A key as a ``Secret``, without white space around it; None for an empty one.

    Never raises, so that it can be the first line of a function: before that, a
    verbose traceback would print the argument. A value that is not text is returned
    unchanged.
    """
    if isinstance(given, (bytes, bytearray)):  # from a file opened with "rb"
        given = bytes(given).decode("latin-1")
    return Secret(given.strip()) or None if isinstance(given, str) else given


def hide_address(given: Any) -> Any:
    """A text as an ``Address``; None for an empty one. Never raises, like ``hide_key``."""
    return Address(given.strip()) or None if isinstance(given, str) else given


def redact(text: str, secrets: Iterable[str]) -> str:
    """``text`` with ``[key]`` in place of each of ``secrets``, however it is encoded."""
    for secret in secrets:
        if len(secret) < SHORTEST:
            continue
        for form in forms(secret):
            text = text.replace(form, "[key]")
        if secret[:SHORTEST] not in text:
            continue
        # A server that quotes a request may cut it off in the middle of the key.
        lengths = range(len(secret) - 1, SHORTEST - 1, -1)
        cut = "|".join(re.escape(secret[:length]) for length in lengths)
        if cut:
            text = re.sub(f"(?:{cut})$", "[key]", text, flags=re.MULTILINE)
    return text


def forms(secret: str) -> list[str]:
    """The key as such and as written in a repr, JSON, URL, HTML and base64; longest first."""
    plain = str(secret)
    forms = {plain, str.__repr__(plain)[1:-1], json.dumps(plain)[1:-1]}
    forms |= {quote(plain, safe=""), quote(plain), escape(plain)}
    forms.add(b64encode(plain.encode()).decode().rstrip("="))
    return sorted(forms, key=len, reverse=True)
