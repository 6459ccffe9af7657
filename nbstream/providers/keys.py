"""What proves to a server who asks: a key, or a user and a password in the address.

Knows what a key and an address may be made of, and says what is wrong without
showing them. Refuses to know where they come from, and in which header a key goes.
"""

from __future__ import annotations

import unicodedata
from base64 import b64encode
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from nbstream.core.redact import Address, Secret
from nbstream.errors import UsageError

_NAMES = {"\n": "a line break", "\r": "a line break", "\t": "a tab", "\0": "a NUL"}


def check_key(key: Any, place: str) -> None:
    """See that a key can stand in a header: HTTP takes printable ASCII there.

    ``place`` is where it was found, ``api_key=`` or the variable's name.

    Raises:
        UsageError: it cannot.
    """
    if key is None:
        return
    if not isinstance(key, str):
        raise UsageError(
            f"The API key in {place} is of type {type(key).__name__}.", remedy="Give it as a text."
        )
    for at, letter in enumerate(key):
        if not " " <= letter <= "~":
            raise UsageError(
                f"The API key in {place} cannot be sent: character {at + 1} of {len(key)} is"
                f" {_name(letter)}.",
                remedy="Copy it once more; a key is one line of plain letters, digits and signs.",
            )


def _name(letter: str) -> str:
    # Only what it is, where that is no part of what a key is made of.
    code = f"U+{ord(letter):04X}"
    return _NAMES.get(letter) or f"{unicodedata.name(letter, 'no letter')} ({code})"


def check_address(url: Any, place: str) -> None:
    """See that ``url`` is an address that paths can be written behind.

    Raises:
        UsageError: it is not.
    """
    if not isinstance(url, str):
        raise UsageError(f"{place} takes an address as a text, not {type(url).__name__}.")
    url = Address(url)
    if not _is_whole(url):
        raise UsageError(
            f"{place} is no address: {url!r}.",
            remedy="Write it with http:// or https:// and the host, as http://localhost:8080/v1.",
        )
    if "?" in url or "#" in url:
        raise UsageError(
            f"{place} has something after its path, where the request's own path goes.",
            remedy="Leave out the ? or # and what follows it.",
        )


def _is_whole(url: str) -> bool:
    # Apart from what raises: a verbose traceback would print the parts, the password among them.
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def without_user(url: str) -> tuple[str, Secret | None, Secret | None]:
    """``url`` without the user and the password in it, both as HTTP's Basic has them, the password.

    Neither may stay in an address, which is shown in errors and by ``stream.response``.
    """
    if "@" not in url:
        return url, None, None
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, None, None
    name, _, password = user.partition(":")
    pair = f"{unquote(name)}:{unquote(password)}".encode()
    plain = urlunsplit(parts._replace(netloc=host))
    return plain, Secret(b64encode(pair).decode()), Secret(unquote(password))
