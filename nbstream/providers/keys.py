"""Checks API keys and base URLs, and moves a user and password out of a URL.

An error says what is wrong without showing the key or the password.
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
    """Check that an API key can be sent in an HTTP header: printable ASCII only.

    ``place`` is where the key came from: ``api_key=`` or the variable's name.

    Raises:
        UsageError: it cannot.
    """
    if key is None:
        return
    if not isinstance(key, str):
        raise UsageError(
            f"The API key in {place} is of type {type(key).__name__}.", remedy="Pass a string."
        )
    for at, letter in enumerate(key):
        if not " " <= letter <= "~":
            raise UsageError(
                f"The API key in {place} cannot be sent: character {at + 1} of {len(key)} is"
                f" {_name(letter)}.",
                remedy="Copy it again. A key is one line of plain letters, digits and signs.",
            )


def _name(letter: str) -> str:
    """The name of a character that a key must not contain, for the error."""
    # Naming a character that no key contains does not reveal the key.
    code = f"U+{ord(letter):04X}"
    return _NAMES.get(letter) or f"{unicodedata.name(letter, 'an unknown character')} ({code})"


def check_address(url: Any, place: str) -> None:
    """Check that ``url`` is an address to which a path can be appended.

    Raises:
        UsageError: it is not.
    """
    if not isinstance(url, str):
        raise UsageError(
            f"{place} takes an address as a string, not {type(url).__name__}.",
            remedy="Write it in quotes, as http://localhost:8080/v1.",
        )
    url = Address(url)
    if not _is_complete(url):
        raise UsageError(
            f"{place} is not an address: {url!r}.",
            remedy="Write it with http:// or https:// and the host, as http://localhost:8080/v1.",
        )
    if "?" in url or "#" in url:
        raise UsageError(
            f"{place} has a query or fragment, but the path of each request is appended to it.",
            remedy="Remove the ? or # and what follows it.",
        )


def _is_complete(url: str) -> bool:
    """Whether the URL has the scheme http or https, a host and a valid port."""
    # A separate function: verbose tracebacks show a frame's variables, here the password.
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def split_user(url: str) -> tuple[str, Secret | None, Secret | None]:
    """Remove user and password from a URL.

    Returns the URL, both encoded for HTTP Basic, and the password.

    They must not stay in the address, which errors and ``stream.response`` show.
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
