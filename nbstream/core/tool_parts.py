"""The parts of a message that hold tool calls and the results of tools.

The tools are the user's, or those that the provider runs itself (``Builtin...``).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, ClassVar

from nbstream.core import builtin_tools
from nbstream.core.file_part import FilePart
from nbstream.core.surrogates import pair_escapes
from nbstream.core.text_parts import Citation, Metadata, TextPart

_BRACKETS = re.compile(r"[\[\]{}]")
_MAX_INDENT = 20


def is_deep(json_text: str) -> bool:
    """Whether so many values are in each other that, indented, most of the text would be spaces."""
    depth = deepest = 0
    for sign in _BRACKETS.findall(json_text):
        depth += 1 if sign in "[{" else -1
        deepest = max(deepest, depth)
    return deepest > _MAX_INDENT


@dataclass(frozen=True, slots=True)
class _Call:
    """Base class of a tool call: its arguments, and other libraries' names for its fields."""

    tool_call_id: str
    tool_name: str
    args_json: str = ""
    provider_metadata: Metadata = field(default_factory=dict)

    @property
    def args(self) -> Any:
        """The arguments, parsed; ``{}`` for a call without any.

        Raises:
            json.JSONDecodeError: the JSON is incomplete, invalid or nested too deep; it is
                in ``args_json``.
        """
        if not self.args_json.strip():
            return {}
        try:
            return json.loads(pair_escapes(self.args_json))
        except RecursionError:
            raise json.JSONDecodeError("Nested too deep", self.args_json, 0) from None

    @property
    def tool_args(self) -> str:
        """``args_json``, in the word of Vercel's ``ai``."""
        return self.args_json

    @property
    def id(self) -> str:
        """``tool_call_id``, in Anthropic's word."""
        return self.tool_call_id

    @property
    def name(self) -> str:
        """``tool_name``, in Anthropic's word."""
        return self.tool_name

    @property
    def input(self) -> Any:
        """``args``, in Anthropic's word; of a call that is not complete, the part that has come.

        Raises:
            ValueError: ``args_json`` is not JSON.
        """
        from pydantic_core import from_json  # slow to import, and few messages have calls

        text = pair_escapes(self.args_json).strip() or "{}"
        return from_json(text, allow_partial="trailing-strings")

    def args_as_json_str(self) -> str:
        """``args_json``, in PydanticAI's word; ``{}`` for a call without arguments."""
        return self.args_json.strip() or "{}"

    def args_as_dict(self) -> dict[str, Any]:
        """``args``, in PydanticAI's word. Raises as ``args``."""
        return dict(self.args)


@dataclass(frozen=True, slots=True)
class ToolCallPart(_Call):
    """A call of a tool that the model asks for, with its arguments as JSON text.

    >>> call = nbstream.messages.ToolCallPart("call_1", "weather", '{"city": "Bern"}')
    >>> call.args["city"]
    'Bern'
    """

    kind: ClassVar[str] = "tool_call"
    type: ClassVar[str] = "tool_use"
    """Anthropic's tag of this block."""
    part_kind: ClassVar[str] = "tool-call"
    """PydanticAI's tag of this part."""


class _Result:
    """Base class of a tool's result: other libraries' names for its fields."""

    __slots__ = ()
    tool_call_id: str
    result: Any

    @property
    def tool_use_id(self) -> str:
        """``tool_call_id``, in Anthropic's word."""
        return self.tool_call_id

    @property
    def content(self) -> Any:
        """``result``, in Anthropic's and PydanticAI's word."""
        return self.result


@dataclass(frozen=True, slots=True)
class ToolResultPart(_Result):
    """The result of a tool call.

    ``result`` is text, another JSON value, or a list of text and file parts.

    >>> part = nbstream.messages.ToolResultPart("call_1", {"degrees": 21}, "weather")
    >>> part.result["degrees"], part.is_error
    (21, False)
    """

    kind: ClassVar[str] = "tool_result"
    type: ClassVar[str] = "tool_result"
    """Anthropic's tag of this block."""
    part_kind: ClassVar[str] = "tool-return"
    """PydanticAI's tag of this part."""
    tool_call_id: str
    result: Any
    tool_name: str = ""
    is_error: bool = False
    provider_metadata: Metadata = field(default_factory=dict)

    @property
    def output(self) -> str:
        """The result as text: files as their names, other values as indented JSON.

        >>> print(ToolResultPart("call_1", {"sky": "clear"}).output)
        {
          "sky": "clear"
        }
        """
        if isinstance(self.result, str):
            return self.result
        if parts := parts_in(self.result):
            return "\n".join(
                part.text if isinstance(part, TextPart) else f"[{part}]" for part in parts
            )
        short = json.dumps(self.result, ensure_ascii=False, default=str)
        if is_deep(short):
            return short
        return json.dumps(self.result, ensure_ascii=False, indent=2, default=str)

    @property
    def files(self) -> list[FilePart]:
        """The files of the result."""
        return [part for part in parts_in(self.result) if isinstance(part, FilePart)]


@dataclass(frozen=True, slots=True)
class BuiltinToolCallPart(_Call):
    """A call of a tool that the provider runs, such as a web search.

    ``queries``, ``urls``, ``code`` and ``details`` are its arguments for people to read.

    >>> part = nbstream.messages.BuiltinToolCallPart("ws_1", "web_search", '{"query": "sky"}')
    >>> part.queries
    ['sky']
    """

    kind: ClassVar[str] = "builtin_tool_call"
    part_kind: ClassVar[str] = "builtin-tool-call"
    """PydanticAI's tag of this part."""

    @property
    def type(self) -> str:
        """Anthropic's tag of this block: the one it had, such as ``mcp_tool_use``, or its usual."""
        rows = (row.get("block") for row in self.provider_metadata.values() if type(row) is dict)
        kept = next((row.get("type") for row in rows if isinstance(row, dict)), None)
        return str(kept or _block_type(self.provider_metadata, "_tool_use") or "server_tool_use")

    @property
    def queries(self) -> list[str]:
        """The queries of a search; empty for other tools and before they have arrived."""
        return builtin_tools.queries(self.args_json)

    @property
    def urls(self) -> list[str]:
        """The addresses that it reads."""
        return builtin_tools.urls(self.args_json)

    @property
    def code(self) -> str | None:
        """The program or the commands that it runs."""
        return builtin_tools.code(self.args_json)

    @property
    def details(self) -> list[str]:
        """The other arguments, as ``name: value``."""
        return builtin_tools.details(self.args_json)

    @property
    def server(self) -> str | None:
        """The name of the MCP server that runs it; None for other tools."""
        return builtin_tools.server(self.provider_metadata)


@dataclass(frozen=True, slots=True)
class BuiltinToolResultPart(_Result):
    """The result of a tool that the provider runs; ``result`` is the provider's JSON.

    ``sources``, ``output`` and ``files`` are its content for people to read.

    >>> found = [{"url": "https://example.org", "title": "Example"}]
    >>> part = nbstream.messages.BuiltinToolResultPart("ws_1", "web_search", found)
    >>> part.sources[0].title
    'Example'
    """

    kind: ClassVar[str] = "builtin_tool_result"
    part_kind: ClassVar[str] = "builtin-tool-return"
    """PydanticAI's tag of this part."""
    tool_call_id: str
    tool_name: str
    result: Any
    is_error: bool = False
    provider_metadata: Metadata = field(default_factory=dict)

    @property
    def type(self) -> str:
        """Anthropic's tag of this block, such as ``web_search_tool_result``."""
        return (
            _block_type(self.provider_metadata, "_tool_result") or f"{self.tool_name}_tool_result"
        )

    @property
    def sources(self) -> list[Citation]:
        """What a search or a fetch found, each address once, in order."""
        found = builtin_tools.sources(self.result)
        return [Citation(one.url, one.title, one.text) for one in found]

    @property
    def output(self) -> str:
        """What the tool printed or reported, errors included."""
        return builtin_tools.output(self.result)

    @property
    def files(self) -> list[FilePart]:
        """The files whose bytes are in the result."""
        return [FilePart(kind, data) for kind, data in builtin_tools.files(self.result)]


def parts_in(result: Any) -> list[TextPart | FilePart]:
    """The parts of a tool's result; empty if the result is another value."""
    rows = result if isinstance(result, (list, tuple)) else [result]
    found = [one for one in rows if isinstance(one, (TextPart, FilePart))]
    return found if len(found) == len(rows) else []


def _block_type(metadata: Metadata, ending: str) -> str | None:
    """The block type that the provider gave the part, if that ends with ``ending``."""
    rows = (row.get("type") for row in metadata.values() if isinstance(row, dict))
    return next((row for row in rows if isinstance(row, str) and row.endswith(ending)), None)
