"""Checks ``extra_body=``, ``extra_headers=`` and ``extra_query=``, and hides API keys.

It hides them in all keywords of ``stream()``: what looks like a key is shown in no repr, error or
traceback.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from nbstream.core.hidden import HEADER, KEY, LIKE_A_KEY, hidden, is_secret
from nbstream.core.redact import Secret, hide_address, hide_key
from nbstream.core.shown import shown
from nbstream.errors import UsageError
from nbstream.protocols.parameter_checks import wrong
from nbstream.request.json_values import json_value

NAMES = ("extra_body", "extra_headers", "extra_query")

_PRINTABLE = re.compile(r"[ -~\t]*")  # RFC 9110: the value of a header
_SET_HERE = frozenset({"content-length", "transfer-encoding", "host", "connection"})
_SCHEME = re.compile(r"(?:bearer|basic|token|key)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Extras:
    """What is added to a request, after everything else. Its repr shows no values."""

    body: Mapping[str, Any] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The values that look like keys, each also without its ``Bearer``."""
        found = [
            *_secrets(self.body, KEY),
            *_secrets(self.headers, LIKE_A_KEY),
            *_secrets(self.query, LIKE_A_KEY),
        ]
        bare = [Secret(_SCHEME.sub("", one, count=1)) for one in found]
        return tuple(dict.fromkeys([*found, *bare]))

    def added_to(self, headers: Mapping[str, str]) -> dict[str, str]:
        """``headers`` with the extra ones, which replace those of the same name.

        ``anthropic-beta`` is a list, and is added to.
        """
        if not self.headers:
            return dict(headers)
        extra = {name.lower(): value for name, value in self.headers.items()}
        kept = {name: value for name, value in headers.items() if name.lower() not in extra}
        for name, value in headers.items():
            if name.lower() == "anthropic-beta" and name.lower() in extra:
                betas = [*value.split(","), *extra["anthropic-beta"].split(",")]
                extra["anthropic-beta"] = ",".join(dict.fromkeys(one.strip() for one in betas))
        return {**kept, **extra}


def hide(given: Mapping[str, Any], known: Container[str]) -> dict[str, Any]:
    """``given`` with API keys as ``Secret``, and without the values of names not ``known``.

    Never raises.

    The first line of ``stream()``: a verbose traceback prints the variables of every frame.
    """
    # An unknown name is refused next; it may be a misspelt api_key=.
    found = {name: one if name in known else Secret("") for name, one in given.items()}
    key = hidden(hide_key(found.get("api_key")), whole=True)
    keys = (key,) if isinstance(key, str) else ()
    for name, one in found.items():
        like = LIKE_A_KEY if name in NAMES else KEY
        found[name] = hidden(one, like, whole=name == "extra_headers", keys=keys)
    found["api_key"] = key
    found["base_url"] = hide_address(found.get("base_url"))
    return found


def _secrets(value: Any, like: re.Pattern[str], name: Any = "") -> list[Secret]:
    """All API keys in a value, also those in nested dicts and lists."""
    if isinstance(value, Mapping):
        return [one for key, inner in value.items() for one in _secrets(inner, like, key)]
    if isinstance(value, (list, tuple)):
        return [one for inner in value for one in _secrets(inner, like, name)]
    if isinstance(value, str) and is_secret(name, value, like):
        return [Secret(value)]
    return []


def as_extras(body: Any, headers: Any, query: Any) -> Extras:
    """The values of ``extra_body=`` and its like, copied and checked; None means none.

    Raises:
        UsageError: one of them is no dict, or holds what cannot be sent.
    """
    for name, value in zip(NAMES, (body, headers, query), strict=True):
        if value is not None and not isinstance(value, Mapping):
            raise UsageError(
                f"{name}= takes a dict, not an object of type {type(value).__name__}.",
                remedy=f'Write {name}={{"name": value}}.',
            )
    fields = json_value(body, "extra_body=") if body else {}
    found = {name: _header(name, value) for name, value in (headers or {}).items()}
    return Extras(fields, found, {name: _text(name, one) for name, one in (query or {}).items()})


def _header(name: Any, value: Any) -> str:
    """Check one extra header; its value is returned as a ``Secret``."""
    if not isinstance(name, str) or not HEADER.fullmatch(name):
        raise UsageError(
            "extra_headers= has a key that is not a valid header name.",  # it may be a secret
            remedy="Use letters, digits and -.",
        )
    if name.lower() in _SET_HERE:
        raise UsageError(
            f"extra_headers= cannot set {name}: the HTTP client sets it.", remedy="Leave it out."
        )
    if not isinstance(value, str) or not _PRINTABLE.fullmatch(value):
        raise UsageError(  # the value may be a key, and is not shown
            f"extra_headers= has an invalid value for {name}.",
            remedy="Use one line of ASCII text.",
        )
    return Secret(value)


def _text(name: Any, value: Any) -> str:
    """One value of ``extra_query=`` as text."""
    if not isinstance(name, str) or not name:
        raise UsageError(
            f"extra_query= has {shown(name)}, which is not a string.", remedy="Use strings as keys."
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return Secret(value) if isinstance(value, str) else str(value)
    raise wrong(f"extra_query[{shown(name)}]", value, "a string or a number")
