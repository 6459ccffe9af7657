"""What a provider says when it fails, as one of our errors.

Reads the JSON shapes in which providers report errors, in a failed HTTP
response or inside a running stream. Knows shapes, not providers; anything may
stand anywhere, so nothing is taken on trust. Which class the words mean stands
in ``words``, how long to wait in ``waiting``.
"""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbstream.core.http_response import request_id_in
from nbstream.core.redact import blot
from nbstream.errors import codes, retry_after, types

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONG = 300  # characters of a provider's own words that are worth showing
_UNNAMED = "The provider reported an error without saying which."

_INNER = ("error", "response", "innererror", "inner_error")
_SAYING = ("message", "detail", "msg", "error_description", "title", "reason", "description")
_NAMING = ("code", "type", "status", "reason", "error_type", "kind")


@dataclass(frozen=True, slots=True)
class _Said:
    """What one error object says: a sentence, its codes, a status, a wait in seconds."""

    text: str
    words: tuple[str, ...]
    status: int | None
    wait: float | None


def provider_error(
    text: str,
    *,
    kind: Any = None,
    code: Any = None,
    status: Any = None,
    request_id: str | None = None,
    wait: float | None = None,
) -> types.ProviderError:
    """The error that a provider's words mean; ``text`` stays as it is.

    ``kind`` and ``code`` are its own names for the matter, ``status`` an HTTP
    status or such a name; any of them may be anything.
    """
    found = _read({"message": text, "type": kind, "code": code, "status": status})
    return _make(text or _UNNAMED, found, found.status, request_id, wait)


def error_in_stream(value: Any) -> types.ProviderError:
    """The error that a JSON value inside a running stream reports.

    Takes the whole event or the error in it: ``{"error": {...}}``,
    ``{"message": ..., "code": ...}``, a list of those, or a plain string.
    """
    found = _read(value)
    request_id = value.get("request_id") if isinstance(value, dict) else None
    request_id = request_id if isinstance(request_id, str) else None
    return _make(found.text or _UNNAMED, found, found.status, request_id, found.wait)


def status_error(
    status: int,
    headers: Mapping[str, str],
    body: str,
    *,
    host: str,
    model: str | None = None,
    secret: str | None = None,
) -> types.ProviderError:
    """The error that a failed HTTP response means.

    ``headers`` are looked up by their names in lower case. ``secret`` is kept
    out of the text, for some providers repeat the key they were given.
    """
    try:
        found = _read(json.loads(body))
    except (ValueError, RecursionError):
        found = _Said(_page(body), (), None, None)
    reason = blot(" ".join(found.text.split()) or "nothing more was said", [secret or ""])[:_LONG]
    wait = retry_after.asked_for(headers)
    wait = found.wait if wait is None else wait
    text = f"{host} answered {status}: {reason}"
    error = _make(text, found, status, request_id_in(headers), wait)
    if (asked := headers.get("x-should-retry")) in {"true", "false"}:  # OpenAI's and Anthropic's
        error.retryable = asked == "true"
    if model and isinstance(error, types.NotFoundError) and (near := _nearest(model, body)):
        error.remedy = f"Did you mean {' or '.join(near)}?"
    return error


def _make(
    text: str, found: _Said, status: int | None, request_id: str | None, wait: float | None
) -> types.ProviderError:
    kind = codes.kind_of(found.words, status, found.text)
    error = kind(text, status=status, request_id=request_id, wait=wait)
    if status in {408, 409}:
        error.retryable = True
    if isinstance(error, types.RateLimitError):
        if codes.is_out_of_budget(found.words, status, found.text):
            error.retryable = False
            error.remedy = "The account's budget is used up; see its billing."
        elif wait is not None:
            error.remedy = f"Wait {wait:g} s, then run it again."
    return error


def _read(value: Any, depth: int = 0) -> _Said:
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, (dict, str))), {})
    if isinstance(value, str):
        return _Said(value, (), None, None)
    if not isinstance(value, dict):
        return _Said("" if value is None else str(value)[:_LONG], (), None, None)
    mine = _own(value)
    inner = [_read(value[key], depth + 1) for key in _INNER if value.get(key) and depth < 4]
    inner += [_read(row, depth + 1) for row in _rows(value.get("details")) if depth < 4]
    texts = [said.text for said in (*inner, mine) if said.text]
    return _Said(
        texts[0] if texts else ("" if depth else json.dumps(value)[:_LONG]),
        tuple(word for said in (*inner, mine) for word in said.words),
        next((said.status for said in (*inner, mine) if said.status), None),
        next((said.wait for said in (*inner, mine) if said.wait is not None), None),
    )


def _own(value: dict[str, Any]) -> _Said:
    """What stands in the object itself."""
    names = [value[key] for key in _NAMING if key in value]
    # "error" is a name too, but as a type it says no more than that it is one.
    codes = tuple(name for name in names if isinstance(name, str) and name != "error")
    numbers = [_number(name) for name in (*names, value.get("status_code"))]
    text = next((row for key in _SAYING if (row := _sentence(value.get(key)))), "")
    return _Said(
        text,
        codes,
        next((number for number in numbers if number and 400 <= number < 600), None),
        retry_after.seconds(value.get("retryDelay") or value.get("retry_after")),
    )


def _sentence(value: Any) -> str:
    if isinstance(value, list):  # FastAPI's validation errors
        rows = [row.get("msg") if isinstance(row, dict) else row for row in value]
        return "; ".join(row for row in rows if isinstance(row, str))
    if isinstance(value, dict):
        value = value.get("message")
    return value if isinstance(value, str) else ""


def _rows(value: Any) -> list[Any]:
    # Google's details: each may hold a reason or a delay, none the sentence.
    if not isinstance(value, list):
        return []
    return [
        {"code": row.get("reason"), "retryDelay": row.get("retryDelay")}
        for row in value
        if isinstance(row, dict)
    ]


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{2}", value):
        return int(value)
    return value if isinstance(value, int) else None


def _page(body: str) -> str:
    """The words of a body that is no JSON; of a web page, its title."""
    if title := re.search(r"<title[^>]*>(.*?)</title>", body, re.IGNORECASE | re.DOTALL):
        return title[1]
    return re.sub(r"<[^>]*>", " ", body[: 10 * _LONG])


def _nearest(model: str, body: str) -> list[str]:
    """Names in the provider's own words that are nearly the model's."""
    names = set(re.findall(r"[\w./:-]+", body)) - {model}
    names = {name.strip("./:-") for name in names if name.strip("./:-") != model}
    return difflib.get_close_matches(model, sorted(names), n=3, cutoff=0.65)
