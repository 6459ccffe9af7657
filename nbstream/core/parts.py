"""The parts of a message, as frozen values.

``kind`` names the class in JSON. ``provider_metadata`` holds what only the provider
understands (signatures, item ids, unknown fields); it is sent back unchanged with the
message.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, ClassVar

from nbstream.core import builtin_tools
from nbstream.core.file_part import FilePart

__all__ = [
    "BuiltinToolCallPart",
    "BuiltinToolResultPart",
    "Citation",
    "FilePart",
    "Part",
    "RefusalPart",
    "TextPart",
    "ThinkingPart",
    "ToolCallPart",
    "ToolResultPart",
]

Metadata = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a piece of text comes from.

    ``start`` and ``end`` are the cited span in characters of the text part, if the
    provider reports it; ``cited_text`` is quoted from the source.
    """

    url: str | None = None
    title: str | None = None
    cited_text: str | None = None
    start: int | None = None
    end: int | None = None
    provider_metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TextPart:
    """Text of the answer, or of a prompt."""

    kind: ClassVar[str] = "text"
    text: str
    citations: tuple[Citation, ...] = ()
    provider_metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ThinkingPart:
    """The model's thinking before its answer.

    ``signature`` lets the provider verify the text. ``redacted`` is encrypted
    thinking; ``text`` is then empty or a summary.
    """

    kind: ClassVar[str] = "thinking"
    text: str
    signature: str | None = None
    redacted: str | None = None
    provider_metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefusalPart:
    """The model's explanation of why it does not answer."""

    kind: ClassVar[str] = "refusal"
    text: str
    provider_metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Call:
    tool_call_id: str
    tool_name: str
    args_json: str = ""
    provider_metadata: Metadata = field(default_factory=dict)

    @property
    def args(self) -> Any:
        """The arguments, parsed; ``{}`` for a call without any.

        Raises:
            json.JSONDecodeError: the JSON is incomplete or invalid; it is in
                ``args_json``.
        """
        return json.loads(self.args_json) if self.args_json.strip() else {}

    @property
    def tool_args(self) -> str:
        """``args_json``, by its name in Vercel's ``ai``."""
        return self.args_json


@dataclass(frozen=True, slots=True)
class ToolCallPart(_Call):
    """A call of a tool that the model asks for, with its arguments as JSON text."""

    kind: ClassVar[str] = "tool_call"


@dataclass(frozen=True, slots=True)
class ToolResultPart:
    """The result of a tool call.

    ``result`` is text, another JSON value, or a list of text and file parts.
    """

    kind: ClassVar[str] = "tool_result"
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
        return json.dumps(self.result, ensure_ascii=False, indent=2, default=str)

    @property
    def files(self) -> list[FilePart]:
        """The files of the result."""
        return [part for part in parts_in(self.result) if isinstance(part, FilePart)]


@dataclass(frozen=True, slots=True)
class BuiltinToolCallPart(_Call):
    """A call of a tool that the provider runs, such as a web search.

    ``queries``, ``urls``, ``code`` and ``details`` are its arguments for people to read.
    """

    kind: ClassVar[str] = "builtin_tool_call"

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


@dataclass(frozen=True, slots=True)
class BuiltinToolResultPart:
    """The result of a tool that the provider runs; ``result`` is the provider's JSON.

    ``sources``, ``output`` and ``files`` are its content for people to read.
    """

    kind: ClassVar[str] = "builtin_tool_result"
    tool_call_id: str
    tool_name: str
    result: Any
    is_error: bool = False
    provider_metadata: Metadata = field(default_factory=dict)

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


Part = (
    TextPart
    | ThinkingPart
    | RefusalPart
    | ToolCallPart
    | ToolResultPart
    | BuiltinToolCallPart
    | BuiltinToolResultPart
    | FilePart
)
