"""Converts a provider's error, in an HTTP response or inside a stream, to one of our exceptions.

It depends on the JSON shapes of errors and not on providers; any field may hold anything.
``codes`` finds the class, ``retry_after`` how long to wait, ``request_ids`` the request's id.
"""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbstream.core.redact import redact
from nbstream.errors import codes, provider, request_ids, retry_after
from nbstream.errors.context_length import excess

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONG = 300  # characters of a provider's own text that an error shows
_UNNAMED = "The provider reported an error without saying which."

_NESTED_FIELDS = ("error", "response", "innererror", "inner_error")
_TEXT_FIELDS = ("message", "detail", "msg", "error_description", "title", "reason", "description")
_CODE_FIELDS = ("code", "type", "status", "reason", "error_type", "kind")


@dataclass(frozen=True, slots=True)
class _Report:
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
) -> provider.ProviderError:
    """The exception for a provider's error ``text`` and codes; ``text`` is kept as it is.

    ``kind`` and ``code`` are the provider's names for the error, ``status`` an HTTP status or
    another such name. A value of a wrong type is ignored.
    """
    found = _read({"message": text, "type": kind, "code": code, "status": status})
    return _make(text or _UNNAMED, found, found.status, request_id, wait)


def error_in_stream(value: Any) -> provider.ProviderError:
    """The exception for a JSON value that reports an error inside a running stream.

    ``value`` is the whole event or the error in it: ``{"error": {...}}``,
    ``{"message": ..., "code": ...}``, a list of those, or a plain string.
    """
    found = _read(value)
    request_id = request_ids.in_json(value) or request_ids.in_text(found.text)
    return _make(found.text or _UNNAMED, found, found.status, request_id, found.wait)


def status_error(
    status: int,
    headers: Mapping[str, str],
    body: str,
    *,
    host: str,
    model: str | None = None,
    secret: str | None = None,
) -> provider.ProviderError:
    """The exception for a failed HTTP response.

    ``headers`` are looked up by lower-case names. ``secret`` is kept out of the text, because
    some providers repeat the key that they were given.
    """
    try:
        parsed = json.loads(body)
        found, request_id = _read(parsed), request_ids.in_json(parsed)
    except (ValueError, RecursionError):
        found, request_id = _Report(_text_of_page(body), (), None, None), None
    request_id = request_ids.from_headers(headers, request_id or request_ids.in_text(body))
    reason = redact(" ".join(found.text.split()) or "no details", [secret or ""])[:_LONG]
    wait = retry_after.seconds_in(headers)
    wait = found.wait if wait is None else wait
    text = f"{host} answered {status}: {reason}"
    error = _make(text, found, status, request_id, wait)
    if (asked := headers.get("x-should-retry")) in {"true", "false"}:  # OpenAI's and Anthropic's
        error.retryable = asked == "true"
    if (
        model
        and isinstance(error, provider.NotFoundError)
        and (near := _similar_models(model, body))
    ):
        error.similar = tuple(near)
        error.remedy = f"Did you mean {' or '.join(near)}?"
    if isinstance(error, provider.ContextLengthError) and (over := excess(found.text, body)):
        error.remedy = f"It is {over:,} tokens too long. {error.default_remedy}"
    return error


def _make(
    text: str, found: _Report, status: int | None, request_id: str | None, wait: float | None
) -> provider.ProviderError:
    """The exception for what an error object says; decides if it may be retried."""
    kind = codes.kind_of(found.words, status, found.text)
    error = kind(text, status=status, request_id=request_id, wait=wait)
    if status in {408, 409}:
        error.retryable = True
    if isinstance(error, provider.RateLimitError):
        if codes.is_out_of_budget(found.words, status, found.text):
            error.retryable = False
            error.remedy = "The account's budget is used up; see its billing."
        elif wait is not None:
            error.remedy = f"Wait {retry_after.words(wait)}, then run it again."
    return error


def _read(value: Any, depth: int = 0) -> _Report:
    """What a JSON value reports, with the objects nested in it."""
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, (dict, str))), {})
    if isinstance(value, str):
        return _Report(value, (), None, None)
    if not isinstance(value, dict):
        return _Report("" if value is None else str(value)[:_LONG], (), None, None)
    mine = _own_report(value)
    inner = [_read(value[key], depth + 1) for key in _NESTED_FIELDS if value.get(key) and depth < 4]
    inner += [_read(row, depth + 1) for row in _google_details(value.get("details")) if depth < 4]
    texts = [said.text for said in (*inner, mine) if said.text]
    return _Report(
        texts[0] if texts else ("" if depth else json.dumps(value)[:_LONG]),
        tuple(word for said in (*inner, mine) for word in said.words),
        next((said.status for said in (*inner, mine) if said.status), None),
        next((said.wait for said in (*inner, mine) if said.wait is not None), None),
    )


def _own_report(value: dict[str, Any]) -> _Report:
    """What the object itself reports, without the objects in it."""
    names = [value[key] for key in _CODE_FIELDS if key in value]
    # As a type, "error" says nothing more.
    codes = tuple(name for name in names if isinstance(name, str) and name != "error")
    numbers = [_number(name) for name in (*names, value.get("status_code"))]
    text = next((row for key in _TEXT_FIELDS if (row := _sentence(value.get(key)))), "")
    return _Report(
        text,
        codes,
        next((number for number in numbers if number and 400 <= number < 600), None),
        retry_after.seconds(value.get("retryDelay") or value.get("retry_after")),
    )


def _sentence(value: Any) -> str:
    """The text of an error field: a string, FastAPI's list of rows, or an object with a message."""
    if isinstance(value, list):  # FastAPI's validation errors
        rows = [row.get("msg") if isinstance(row, dict) else row for row in value]
        return "; ".join(row for row in rows if isinstance(row, str))
    if isinstance(value, dict):
        value = value.get("message")
    return value if isinstance(value, str) else ""


def _google_details(value: Any) -> list[Any]:
    # Google's details: a row may hold a reason or a delay, never the message.
    if not isinstance(value, list):
        return []
    return [
        {"code": row.get("reason"), "retryDelay": row.get("retryDelay")}
        for row in value
        if isinstance(row, dict)
    ]


def _number(value: Any) -> int | None:
    """An int, or a string of three digits as an int; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{2}", value):
        return int(value)
    return value if isinstance(value, int) else None


def _text_of_page(body: str) -> str:
    """The text of a body that is not JSON; a web page's title."""
    if title := re.search(r"<title[^>]*>(.*?)</title>", body, re.IGNORECASE | re.DOTALL):
        return title[1]
    return re.sub(r"<[^>]*>", " ", body[: 10 * _LONG])


def _similar_models(model: str, body: str) -> list[str]:
    """Model names in the provider's response that are similar to ``model``."""
    names = set(re.findall(r"[\w./:-]+", body)) - {model}
    names = {name.strip("./:-") for name in names if name.strip("./:-") != model}
    return difflib.get_close_matches(model, sorted(names), n=3, cutoff=0.65)
