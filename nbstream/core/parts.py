"""The parts of a message: what can be said in one.

Pure values that can be kept, compared, copied and sent back. ``kind`` is a fact
of the class and is what the codec writes. ``provider_metadata`` holds what only
the provider understands (signatures, item ids, fields this library does not
know); it is sent back unchanged on the next turn.
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

    ``start`` and ``end`` are the cited span in characters of the text part, if
    the provider says; ``cited_text`` is the source's own words.
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
    """What the model thought before it answered.

    ``signature`` proves to the provider that it wrote this. ``redacted`` is
    thinking that only the provider can read; ``text`` is then empty or a
    summary.
    """

    kind: ClassVar[str] = "thinking"
    text: str
    signature: str | None = None
    redacted: str | None = None
    provider_metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefusalPart:
    """The model's own words for why it will not answer."""

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
            json.JSONDecodeError: the model broke off or wrote no valid JSON;
                ``args_json`` has what it did write.
        """
        return json.loads(self.args_json) if self.args_json.strip() else {}

    @property
    def tool_args(self) -> str:
        """``args_json``, under the name that Vercel's ``ai`` has for it."""
        return self.args_json


@dataclass(frozen=True, slots=True)
class ToolCallPart(_Call):
    """A tool the model asks to have called, with its arguments as JSON text."""

    kind: ClassVar[str] = "tool_call"


@dataclass(frozen=True, slots=True)
class ToolResultPart:
    """What a tool that was called gave back.

    ``result`` is text or JSON values; or a list of text and file parts, for the
    model to see.
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
    """A tool that the provider itself called, such as a web search.

    What people want to read of it is ``queries``, ``urls`` and ``code``.
    """

    kind: ClassVar[str] = "builtin_tool_call"

    @property
    def queries(self) -> list[str]:
        """What was searched for; empty if it was no search, or is not written out yet."""
        return builtin_tools.queries(self.args_json)

    @property
    def urls(self) -> list[str]:
        """The addresses it was to read."""
        return builtin_tools.urls(self.args_json)

    @property
    def code(self) -> str | None:
        """The program or the commands it was to run."""
        return builtin_tools.code(self.args_json)

    @property
    def details(self) -> list[str]:
        """What else it was called with, as ``name: value``."""
        return builtin_tools.details(self.args_json)


@dataclass(frozen=True, slots=True)
class BuiltinToolResultPart:
    """What the provider's own tool gave back; ``result`` is as the provider wrote it.

    What people want to read of it is ``sources``, ``output`` and ``files``.
    """

    kind: ClassVar[str] = "builtin_tool_result"
    tool_call_id: str
    tool_name: str
    result: Any
    is_error: bool = False
    provider_metadata: Metadata = field(default_factory=dict)

    @property
    def sources(self) -> list[Citation]:
        """What a search or a fetch found, each address once, in its order."""
        found = builtin_tools.sources(self.result)
        return [Citation(one.url, one.title, one.text) for one in found]

    @property
    def output(self) -> str:
        """What a program printed, or the tool said; errors of either included."""
        return builtin_tools.output(self.result)

    @property
    def files(self) -> list[FilePart]:
        """Pictures and other files that stand in the result with their bytes."""
        return [FilePart(kind, data) for kind, data in builtin_tools.files(self.result)]


def parts_in(result: Any) -> list[TextPart | FilePart]:
    """The parts that a tool's result consists of; none if it is a value."""
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
