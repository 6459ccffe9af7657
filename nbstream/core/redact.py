"""Keeps API keys and passwords out of tracebacks, logs and error messages.

``Secret`` and ``Address`` are strings whose repr hides the secret: tracebacks, debuggers
and logs print the repr of a variable. ``redact`` removes a key from a text of a server.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from contextlib import suppress
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_KEY_LENGTH = 8
"""Characters of a key; shorter ones are placeholders such as "none", which are ordinary words."""


class Secret(str):
    """A key; ``repr`` hides it, formatting does not."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'[key]'"


class Address(str):
    """An address; ``repr`` shows no user, password, query nor fragment, formatting does.

    >>> Address("https://me:pass@example.org/answers?token=1")
    'https://example.org/answers?...'
    """

    __slots__ = ()

    def __repr__(self) -> str:
        head, _, tail = self.rpartition("@")
        scheme, slashes, _ = head.partition("://")
        start = scheme + slashes if slashes else ""
        if "?" in head or "#" in head:  # the last @ belongs to the query, or to a password
            return repr(f"{start}...")
        shown = re.split("[?#]", tail, maxsplit=1)[0]
        return repr(start + shown + (f"{tail[len(shown)]}..." if shown != tail else ""))


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


def secrets_in_address(address: str) -> tuple[Secret, ...]:
    """The user's password and the values of the query of an address, as written and decoded.

    >>> [str(one) for one in secrets_in_address("https://me:pa%24s@example.org/a?token=123456789")]
    ['pa%24s', 'pa$s', '123456789']
    """
    try:
        parts = urlsplit(address)
        password, query = parts.password or "", parts.query
    except ValueError:
        return ()
    found = [password, unquote(password)]
    found += [row.partition("=")[2] for row in query.split("&")]
    found += [value for _, value in parse_qsl(query)]
    return tuple(dict.fromkeys(Secret(one) for one in found if one))


def secrets_in_headers(headers: Mapping[str, str]) -> tuple[Secret, ...]:
    """The values of headers, each also without its ``Bearer``, what ``Basic`` encodes, and cookies.

    >>> [str(one) for one in secrets_in_headers({"Authorization": "Bearer 123456789"})]
    ['Bearer 123456789', '123456789']
    """
    found: list[str] = []
    for name, value in headers.items():
        scheme, _, rest = value.strip().partition(" ")
        found += [value, rest.strip()]
        if name.lower() == "cookie":
            found += [one.partition("=")[2] for one in value.split(";")]
        if scheme.lower() == "basic":
            with suppress(ValueError):
                user_and_password = b64decode(rest).decode()
                found += [user_and_password, user_and_password.partition(":")[2]]
    return tuple(dict.fromkeys(Secret(one) for one in found if one))


def redact(text: str, secrets: Iterable[str]) -> str:
    """``text`` with ``[key]`` in place of each of ``secrets``, however it is encoded."""
    for secret in secrets:
        if len(secret) < _KEY_LENGTH:
            continue
        for form in _forms(secret):
            text = text.replace(form, "[key]")
        if secret[:_KEY_LENGTH] not in text:
            continue
        # A server that quotes a request may cut it off in the middle of the key.
        lengths = range(len(secret) - 1, _KEY_LENGTH - 1, -1)
        cut = "|".join(re.escape(secret[:length]) for length in lengths)
        if cut:
            text = re.sub(f"(?:{cut})$", "[key]", text, flags=re.MULTILINE)
    return text


def _forms(secret: str) -> list[str]:
    """The key as such and as written in a repr, JSON, URL, HTML and base64; longest first."""
    plain = str(secret)
    forms = {plain, str.__repr__(plain)[1:-1], json.dumps(plain)[1:-1]}
    forms |= {quote(plain, safe=""), quote(plain), escape(plain)}
    forms.add(b64encode(plain.encode()).decode().rstrip("="))
    return sorted(forms, key=len, reverse=True)
