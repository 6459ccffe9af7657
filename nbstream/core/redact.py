"""Texts that are not shown: an API key on its way to a header, a password in an address.

They are ``str`` in every respect but their repr, which is what tracebacks,
debuggers and logs print of a variable. Knows the forms in which a key comes
back in somebody else's words. Refuses to know whose key it is, and whether it
is a good one.
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

_KEY_LENGTH = 8  # shorter ones are placeholders such as "none", which are words as well


class Secret(str):
    """A key; ``repr`` hides it, formatting does not."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'[key]'"


class Address(str):
    """An address; ``repr`` leaves out the user and the password in it, formatting does not."""

    __slots__ = ()

    def __repr__(self) -> str:
        head, _, tail = self.rpartition("@")
        scheme, slashes, _ = head.partition("://")
        return repr((scheme + slashes if slashes else "") + tail)


def hide_key(given: Any) -> Any:
    """A key as a ``Secret``, without the space that was pasted along; None for an empty one.

    Never raises, so that it can be a function's first line: until then a
    verbose traceback would print the argument. What is no text stays as it is.
    """
    if isinstance(given, (bytes, bytearray)):  # out of a file opened with "rb"
        given = bytes(given).decode("latin-1")
    return Secret(given.strip()) or None if isinstance(given, str) else given


def hide_address(given: Any) -> Any:
    """A text as an ``Address``, as ``hide_key``."""
    return Address(given.strip()) or None if isinstance(given, str) else given


def redact(text: str, secrets: Iterable[str]) -> str:
    """``text`` with ``[key]`` in place of each of ``secrets``, in whatever form it is quoted."""
    for secret in secrets:
        if len(secret) < _KEY_LENGTH:
            continue
        for form in _forms(secret):
            text = text.replace(form, "[key]")
        # What quotes a server cuts long words off, and perhaps in the middle of the key.
        lengths = range(len(secret) - 1, _KEY_LENGTH - 1, -1)
        cut = "|".join(re.escape(secret[:length]) for length in lengths)
        if cut:
            text = re.sub(f"(?:{cut})$", "[key]", text, flags=re.MULTILINE)
    return text


def _forms(secret: str) -> list[str]:
    """As it is, and as reprs, JSON, addresses, HTML and base64 write it; the longest first."""
    plain = str(secret)
    forms = {plain, str.__repr__(plain)[1:-1], json.dumps(plain)[1:-1]}
    forms |= {quote(plain, safe=""), quote(plain), escape(plain)}
    forms.add(b64encode(plain.encode()).decode().rstrip("="))
    return sorted(forms, key=len, reverse=True)
