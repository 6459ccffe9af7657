"""Makes a Messages API request ask for structured output: by schema, forced tool or prompt.

Sources: https://platform.claude.com/docs/en/build-with-claude/structured-outputs
(``output_config.format``, which models have it) and
.../agents-and-tools/tool-use/implement-tool-use ("Forcing tool use", and that
thinking does not allow it).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from nbstream.core.tool_spec import ToolSpec
from nbstream.errors import UsageError
from nbstream.protocols.structured import schema_in_prompt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool, ToolChoice

_CLAUDE = re.compile(r"claude-(?:opus|sonnet|haiku|fable|mythos)-(\d+)(?:[.-](\d{1,2}))?(?!\d)")
_OLDEST = (4, 5)  # the first version with output_config.format
_TOOL_DESCRIPTION = "Call this once, to give the answer."


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """The messages, tools and tool choice of a request, and further fields of its body."""

    messages: Sequence[Message]
    tools: Sequence[Tool]
    choice: ToolChoice
    fields: Mapping[str, Any] = field(default_factory=dict)


def ask_for(
    spec: OutputSpec, model: str, asked: AnswerRequest, params: Mapping[str, Any]
) -> AnswerRequest:
    """The request, changed so that it asks for an answer of the type in ``spec``.

    The first way that works is used: ``output_config``, if the model has it and it can
    express the schema; a tool with that schema, which the model must call; the schema in the
    prompt, because thinking does not allow a forced tool.
    """
    if schema := _schema(spec, model):
        given = params.get("output_config")
        known = given if isinstance(given, Mapping) else {}
        config = {"format": {"type": "json_schema", "schema": schema}, **known}
        return replace(asked, fields={"output_config": config})
    if _thinks(params):
        return replace(asked, messages=schema_in_prompt(asked.messages, spec))
    if isinstance(asked.choice, Mapping) or asked.choice not in (None, "auto", "none"):
        return asked  # the model must call another tool now; this turn is not the answer
    tools = [*asked.tools, ToolSpec(spec.tool, _TOOL_DESCRIPTION, spec.schema)]
    any_tool = bool(asked.tools) and asked.choice != "none"
    return replace(asked, tools=tools, choice=_forced_choice(spec, any_tool=any_tool))


def _forced_choice(spec: OutputSpec, *, any_tool: bool) -> dict[str, Any]:
    if any_tool:  # the user's tools may be called first, but the answer is never plain text
        return {"type": "any"}
    return {"type": "tool", "name": spec.tool, "disable_parallel_tool_use": True}


def _schema(spec: OutputSpec, model: str) -> dict[str, Any] | None:
    """The schema for ``output_config``; None if the model or the dialect does not allow it."""
    version = _CLAUDE.search(model.lower())
    if not version or (int(version[1]), int(version[2] or 0)) < _OLDEST:
        return None
    from nbstream.typed.dialects import anthropic

    try:
        return anthropic(dict(spec.schema))
    except UsageError:
        return None  # a tool takes any schema


def _thinks(params: Mapping[str, Any]) -> bool:
    """Whether the request asks for thinking."""
    thinking = params.get("thinking")
    return isinstance(thinking, Mapping) and thinking.get("type") != "disabled"
