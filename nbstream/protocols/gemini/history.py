"""Converts a conversation to the ``contents`` that generateContent accepts.

The shared repair of calls is in ``nbstream.protocols.history``; here is what only this API
demands. ``content`` converts each part.

Sources: https://ai.google.dev/api/caching#Content;
https://ai.google.dev/gemini-api/docs/function-calling;
https://ai.google.dev/gemini-api/docs/thought-signatures
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbstream.core.message import BuiltinToolCallPart, BuiltinToolResultPart
from nbstream.protocols.call_rules import CallRules
from nbstream.protocols.gemini.content import CallNames, wire_parts
from nbstream.protocols.history import EARLIER, repaired
from nbstream.protocols.json_fields import Json, dict_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message

# Function names: "a-z, A-Z, 0-9, or contain underscores, colons, dots, and dashes", up to 64.
# https://ai.google.dev/api/caching#FunctionDeclaration. Ids may be any text, or none.
_RULES = CallRules(
    re.compile(r".*", re.DOTALL),
    prefix="call_",
    names=re.compile(r"[a-zA-Z_][a-zA-Z0-9_.:-]*"),
    letters=re.compile(r"[^a-zA-Z0-9_.:-]"),
)

_WHOLE = ("stop", "tool_call", "other")
"""How an answer ends that was not cut."""

# Gemini 3 refuses a model turn whose first function call has no signature. This value
# is documented for calls that another model made.
_UNSIGNED = "skip_thought_signature_validator"


def contents(messages: Sequence[Message], *, requires_signatures: bool) -> list[Json]:
    """Alternating turns, the user's first: neighbouring messages of one role are one content.

    "Please ensure that function call turn comes immediately after a user turn or after a
    function response turn", and that the numbers of calls and responses are equal.
    """
    rows: list[Json] = []
    names = CallNames()
    for message in repaired(messages, _RULES):
        if message.role == "system":
            continue
        role = "model" if message.role == "assistant" else "user"
        unpaired = _unpaired(message)
        parts = [
            row
            for place, part in enumerate(message.parts)
            if place not in unpaired
            for row in wire_parts(part, names)
        ]
        if role == "model" and requires_signatures:
            _sign_first_call(parts)
        if not parts:
            continue
        if rows and rows[-1]["role"] == role:
            rows[-1]["parts"].extend(parts)
        else:
            rows.append({"role": role, "parts": parts})
    if not rows or rows[0]["role"] == "model":
        rows.insert(0, {"role": "user", "parts": [{"text": EARLIER}]})
    return rows


def _unpaired(message: Message) -> set[int]:
    """The places of calls of Google's tools that were cut off from their result, or reverse.

    A whole answer may hold a call whose result Google does not show.
    """
    waiting: dict[str, list[int]] = {}
    unpaired: set[int] = set()
    for place, part in enumerate(message.parts):
        if isinstance(part, BuiltinToolCallPart) and _is_own(part):
            waiting.setdefault(part.tool_call_id, []).append(place)
        elif isinstance(part, BuiltinToolResultPart) and _is_own(part):
            if same_id := waiting.get(part.tool_call_id):
                same_id.pop()
            else:
                unpaired.add(place)
    if message.finish_reason in _WHOLE:
        return unpaired
    return unpaired.union(*waiting.values())


def _is_own(part: BuiltinToolCallPart | BuiltinToolResultPart) -> bool:
    return "part" in dict_of(part.provider_metadata.get("gemini"))


def _sign_first_call(parts: list[Json]) -> None:
    """Add a placeholder signature to the first function call if it has none."""
    first = next((part for part in parts if "functionCall" in part), None)
    if first is not None:
        first.setdefault("thoughtSignature", _UNSIGNED)
