"""Reads the output item of one of OpenAI's own tools: name, arguments, call and result.

Also tells whether the response waits for the client, to run or approve the call.
``join`` reverses ``split``: the provider gets back exactly what it sent. Fields are known by name,
for all tools alike, so that new tools work too.

Source: "Output items" in
https://platform.openai.com/docs/api-reference/responses/object
"""

from __future__ import annotations

from typing import Any

from nbstream.protocols.json_fields import Json, dict_of, json_text, text_of, without

_RESULTS = ("outputs", "output", "results", "result", "tools", "error")
"""Fields that contain a tool's result, the most specific first."""

_SOURCES = "action.sources"
"""Web search puts its results into the field of its query."""


def split(item: Json) -> tuple[Json, str | None, Any]:
    """The call, and the result's field and value; (item, None, None) if there is no result."""
    for field in _RESULTS:
        if value := item.get(field):
            return without(item, field), field, value
    action = item.get("action")
    if isinstance(action, dict) and (sources := action.get("sources")):
        return {**item, "action": without(action, "sources")}, _SOURCES, sources
    return item, None, None


def join(call: Json, field: str, value: Any) -> Json:
    """Reverse ``split``: the item with the call and its result."""
    if field == _SOURCES:
        return {**call, "action": {**dict_of(call.get("action")), "sources": value}}
    return {**call, field: value}


_OF_CLIENT = frozenset(
    ("apply_patch_call", "computer_call", "local_shell_call", "shell_call", "mcp_approval_request")
)


def needs_client(item: Json) -> bool:
    """Whether the response waits for the client: to run the call, or to approve it.

    The provider runs a ``shell_call`` in a container of its own; its output then follows in the
    same response. A ``tool_search_call`` says who runs it.
    """
    kind = text_of(item.get("type"))
    return kind in _OF_CLIENT or (kind == "tool_search_call" and item.get("execution") == "client")


def name(item: Json) -> str:
    """The tool's name: the item's ``name`` if it has one, else from its type."""
    kind = text_of(item.get("type"))
    if not kind.endswith("_call"):
        return kind.removesuffix("_output").removesuffix("_call")
    return text_of(item.get("name")) or kind.removesuffix("_call")


def arguments(item: Json) -> str:
    """The tool's arguments as JSON text; empty if there are none."""
    for field in ("arguments", "input"):
        if text := text_of(item.get(field)):
            return text
    for field in ("arguments", "input", "action", "operation"):
        value = item.get(field)
        if isinstance(value, dict):
            # ``commands`` first and ``diff`` last, in the order in which the arguments stream.
            first = {"commands": value["commands"]} if "commands" in value else {}
            last = {"diff": value["diff"]} if "diff" in value else {}
            ordered = {**first, **without(value, *last), **last}
            return json_text(ordered) if value else ""
    # The action of an image tool is a string; a computer tool may have a list of actions.
    for field in ("code", "queries", "action", "actions"):
        if value := item.get(field):
            return json_text({field: value})
    return ""
