"""The provider's own tools, as values: which fields are a call's, which its result's.

Source: the API reference's list of output items. Knows the fields by name and
not the tools one by one, so that a tool that does not exist yet reads the same
way. Taking apart and putting together are each other's inverse: the provider
gets back exactly what it sent. Refuses to know streams.
"""

from __future__ import annotations

from typing import Any

from nbstream.protocols.json_fields import Json, dict_of, text_of, without
from nbstream.protocols.openai_responses.names import json_text

_RESULTS = ("outputs", "output", "results", "result", "tools", "error")
"""Fields that hold what a tool gave back, the more telling first."""

_SOURCES = "action.sources"
"""Web search puts what it found beside what it looked for."""


def take_apart(item: Json) -> tuple[Json, str | None, Any]:
    """The call, and the field and value of its result; (item, None, None) without one."""
    for field in _RESULTS:
        if value := item.get(field):
            return without(item, field), field, value
    action = item.get("action")
    if isinstance(action, dict) and (sources := action.get("sources")):
        return {**item, "action": without(action, "sources")}, _SOURCES, sources
    return item, None, None


def put_together(call: Json, field: str, value: Any) -> Json:
    """The item that ``take_apart`` took apart."""
    if field == _SOURCES:
        return {**call, "action": {**dict_of(call.get("action")), "sources": value}}
    return {**call, field: value}


def name(item: Json) -> str:
    """What the tool is called: by its own name if it has one, else by the item's type."""
    kind = text_of(item.get("type"))
    if not kind.endswith("_call"):
        return kind.removesuffix("_output").removesuffix("_call")
    return text_of(item.get("name")) or kind.removesuffix("_call")


def arguments(item: Json) -> str:
    """What the tool was called with, as JSON text; empty if with nothing."""
    for field in ("arguments", "input"):
        if text := text_of(item.get(field)):
            return text
    for field in ("arguments", "input", "action", "operation"):
        value = item.get(field)
        if isinstance(value, dict):
            # Commands first: they are what streams.
            first = {"commands": value["commands"]} if "commands" in value else {}
            return json_text({**first, **value}) if value else ""
    # An image's action is a word, and a computer may be told several actions at once.
    for field in ("code", "queries", "action", "actions"):
        if value := item.get(field):
            return json_text({field: value})
    return ""


def declared_custom(tools: Any) -> set[str] | None:
    """The names of the custom tools in a request's ``tools``; None if it has no tools at all.

    Tools may lie in namespaces.
    """
    if not isinstance(tools, list) or not tools:
        return None
    found: set[str] = set()
    for tool in tools:
        row = dict_of(tool)
        if row.get("type") == "custom":
            found.add(text_of(row.get("name")))
        found |= declared_custom(row.get("tools")) or set()
    return found
