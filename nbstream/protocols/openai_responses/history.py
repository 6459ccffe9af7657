"""Converts a conversation to the input items that the Responses API accepts.

The shared repair of calls is in ``nbstream.protocols.history``; here is what only this API
demands. Messages from this API become the items that they were made from (``message_items``).
Messages of other providers are sent as text, files, calls and results, without their thinking.

Sources: "Input items" in https://platform.openai.com/docs/api-reference/responses/create;
https://platform.openai.com/docs/guides/reasoning, "Keeping reasoning items in context"
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from nbstream.core.message import BuiltinToolCallPart, ToolCallPart, ToolResultPart
from nbstream.protocols.call_rules import CallRules
from nbstream.protocols.history import EARLIER, repaired, without_call
from nbstream.protocols.json_fields import Json, dict_of, text_of, without
from nbstream.protocols.openai_responses.content import content
from nbstream.protocols.openai_responses.message_items import REASONING, message_items
from nbstream.protocols.openai_responses.metadata_key import KEY
from nbstream.protocols.openai_responses.tool_outputs import result_item

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from nbstream.core.message import Message, Part

# "Invalid 'input[2].call_id': string too long. Expected a string with maximum length 64".
_RULES = CallRules(re.compile(r".{1,64}", re.DOTALL), prefix="call_")

# "Expected an ID that contains letters, numbers, underscores, or dashes", up to 64 of them.
_ITEM_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")

_ANSWERED = frozenset(
    {
        "apply_patch_call",
        "computer_call",
        "local_shell_call",
        "mcp_approval_request",
        "shell_call",
        "tool_search_call",
    }
)
"""Items of OpenAI's own tools that the user's side may have to answer."""

_NO_REASONING_NEEDED = ("message", "function_call", "custom_tool_call")
"""Items that are accepted without the reasoning before them if they have no id."""


def items(
    messages: Sequence[Message], *, stored: bool, declared: Collection[str] = ()
) -> list[Json]:
    """The input items. ``stored``: the provider keeps its responses."""
    messages = repaired(messages, _RULES, declared=declared, can_answer=_is_answered)
    parts = [part for message in messages for part in message.parts]
    answered = {part.tool_call_id for part in parts if isinstance(part, ToolResultPart)}
    answered -= {part.tool_call_id for part in parts if isinstance(part, ToolCallPart)}
    rows: list[Json] = []
    seen: set[str] = set()
    sent: dict[str, Json] = {}
    for message in messages:
        if message.role == "assistant":
            calls = _calls(message)
            new = message_items(message, stored=stored)
            new = [row for row in new if _is_complete(row, new, answered)]
            new = list(_with_their_reasoning([*_once(new, seen)], seen))
            ids = {_call_id(row) for row in new}
            sent |= {call_id: call for call_id, call in calls.items() if call_id in ids}
            rows += new
        else:
            rows += _input_message(message, sent)
    return rows or [{"role": "user", "content": EARLIER}]


def _input_message(message: Message, calls: dict[str, Json]) -> list[Json]:
    """A message of the user, a tool or the system: first tool results, then other content."""
    rows: list[Json] = []
    others: list[Part] = [row for row in message.parts if not isinstance(row, ToolResultPart)]
    for part in message.parts:
        if isinstance(part, ToolResultPart):
            if part.tool_call_id in calls:
                rows.append(result_item(part, calls[part.tool_call_id]))
            else:  # the call could not be sent without its reasoning
                others += without_call(part)
    if rest := content(others):
        role = "developer" if message.role == "system" else "user"
        rows.append({"role": role, "content": rest})
    return rows


def _with_their_reasoning(rows: list[Json], seen: set[str]) -> Iterator[Json]:
    """The items of one answer: reasoning with the item that it led to, or neither with an id.

    The API refuses reasoning "without its required following item", and an item with an id
    "without its required reasoning item". ``seen``: the ids so far, because none comes twice.
    """
    groups: list[tuple[list[Json], list[Json]]] = [([], [])]
    for row in rows:
        if row["type" if "type" in row else "role"] == REASONING:
            groups.append(([row], []))
        else:
            groups[-1][1].append(row)
    for reasoning, following in groups:
        items_with_id = (row for row in [*reasoning, *following] if "id" in row)
        ids = [text_of(row["id"]) for row in items_with_id]
        is_known = all(map(_ITEM_ID.fullmatch, ids)) and not seen.intersection(ids)
        is_known = is_known and len(set(ids)) == len(ids)
        if not reasoning:
            seen.update(ids)
            yield from following if is_known else map(_without_id, following)
        elif is_known and following and "id" in following[0] and _is_useful(reasoning[0]):
            seen.update(ids)
            yield from (*reasoning, *following)
        else:
            yield from (
                _without_id(row)
                for row in following
                if row.get("type", "message") in _NO_REASONING_NEEDED
            )


def _once(rows: Iterable[Json], seen: Collection[str]) -> Iterator[Json]:
    """The items without those that need their id and were sent before."""
    here = set(seen)
    for row in rows:
        kind, item_id = row.get("type", "message"), text_of(row.get("id"))
        if kind in (REASONING, *_NO_REASONING_NEEDED):
            yield row
        elif item_id not in here:
            here |= {item_id} - {""}
            yield row


def _is_useful(reasoning: Json) -> bool:
    """Whether the server can read the reasoning; see ``message_items``."""
    return reasoning.get("lost") is not True


def _without_id(row: Json) -> Json:
    return without(row, "id") if row.get("type") in _NO_REASONING_NEEDED else row


def _is_complete(row: Json, rows: Iterable[Json], answered: set[str]) -> bool:
    """Whether a call of OpenAI's own tools is sent: one for the user's side needs its answer.

    ``answered``: the ids of such calls that have a result; each is for one call.
    """
    kind = text_of(row.get("type"))
    if kind not in _ANSWERED:
        return True
    if _call_id(row) in answered:
        answered.remove(_call_id(row))
        return True
    if kind == "tool_search_call" and row.get("execution") != "client":
        return True
    outputs = (other for other in rows if text_of(other.get("type")).endswith("_output"))
    return any(_call_id(other) == _call_id(row) for other in outputs)


def _call_id(row: Json) -> str:
    return text_of(row.get("call_id")) or text_of(row.get("id"))


def _is_answered(part: BuiltinToolCallPart) -> bool:
    return text_of(dict_of(_own(part).get("item")).get("type")) in _ANSWERED


def _calls(message: Message) -> dict[str, Json]:
    """The item of each call by its id, without the fields that the part itself has."""
    items_by_id: dict[str, Json] = {}
    for part in message.parts:
        if isinstance(part, ToolCallPart):
            items_by_id[part.tool_call_id] = _own(part)
        elif isinstance(part, BuiltinToolCallPart):
            items_by_id.setdefault(part.tool_call_id, dict_of(_own(part).get("item")))
    return items_by_id


def _own(part: Any) -> Json:
    """The fields that this protocol keeps in the part's metadata."""
    return dict_of(part.provider_metadata.get(KEY))
