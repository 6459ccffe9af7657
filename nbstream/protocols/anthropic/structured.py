"""How Claude is asked for an answer of a type.

Sources: https://platform.claude.com/docs/en/build-with-claude/structured-outputs
(``output_config.format``, which models have it) and
.../agents-and-tools/tool-use/implement-tool-use ("Forcing tool use", and that
thinking allows none of it). Refuses to know types.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from nbstream.core.tool_spec import ToolSpec
from nbstream.errors import UsageError
from nbstream.protocols.structured import in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool, ToolChoice

_CLAUDE = re.compile(r"claude-(?:opus|sonnet|haiku)-(\d+)(?:[.-](\d{1,2}))?(?!\d)")
_FIRST = (4, 5)
_ANSWER = "Call this once, to give the answer."


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request says of the conversation, the tools and the answer."""

    messages: Sequence[Message]
    tools: Sequence[Tool]
    choice: ToolChoice
    fields: Mapping[str, Any] = field(default_factory=dict)


def ask_for(spec: OutputSpec, model: str, asked: Asked, params: Mapping[str, Any]) -> Asked:
    """What to ask instead of ``asked``, to get an answer of the type.

    ``output_config`` where the model has it and its dialect can say the schema;
    else the schema is a tool's, which takes any, and must be called; else, with
    thinking, which forbids that, it stands in the prompt.
    """
    if schema := _schema(spec, model):
        given = params.get("output_config")
        known = given if isinstance(given, Mapping) else {}
        config = {"format": {"type": "json_schema", "schema": schema}, **known}
        return replace(asked, fields={"output_config": config})
    if _thinks(params):
        return replace(asked, messages=in_words(asked.messages, spec))
    if isinstance(asked.choice, Mapping) or asked.choice not in (None, "auto", "none"):
        return asked  # it is to call another tool now; there is no answer yet to have a shape
    tools = [*asked.tools, ToolSpec(spec.tool, _ANSWER, spec.schema)]
    any_tool = bool(asked.tools) and asked.choice != "none"
    return replace(asked, tools=tools, choice=_must(spec, any_tool=any_tool))


def _must(spec: OutputSpec, *, any_tool: bool) -> dict[str, Any]:
    if any_tool:  # its own tools first, as it sees fit; but no answer in prose
        return {"type": "any"}
    return {"type": "tool", "name": spec.tool, "disable_parallel_tool_use": True}


def _schema(spec: OutputSpec, model: str) -> dict[str, Any] | None:
    found = _CLAUDE.search(model.lower())
    if not found or (int(found[1]), int(found[2] or 0)) < _FIRST:
        return None
    from nbstream.typed.dialects import anthropic

    try:
        return anthropic(dict(spec.schema))
    except UsageError:
        return None  # a tool's schema may be any


def _thinks(params: Mapping[str, Any]) -> bool:
    thinking = params.get("thinking")
    return isinstance(thinking, Mapping) and thinking.get("type") != "disabled"
