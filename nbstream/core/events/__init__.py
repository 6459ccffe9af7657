"""The events of a stream: one frozen class for each thing that can happen.

``kind`` names the class in JSON. One can match on the family (``PartDelta``) or on the
member (``TextDelta``); in a pattern the payload comes first: ``case TextDelta(chunk)``.

A run is a list of messages. ``message_index`` says which of them an event belongs to, and
``index`` which part of that message. Messages, and the parts of one message, start in the
order of their index; events of several open ones may interleave.

base       the base classes (families), and how an event keeps its snapshot
lifecycle  a message's start and end, a message in one piece, retry, progress
text       text, citations, thinking, refusal
tools      calls of tools
whole      parts in one piece: files, and results of the provider's own tools
agent      an agent's calls of its tools, their results, and users' own events
requests   what an agent's run asks a person: approvals, questions
run_result the result of an agent's run

A loop that was written for Anthropic's SDK, Vercel's ``ai`` or PydanticAI runs on these
events: they have those libraries' names for the same things, too. docs/vocabularies.md lists
them.
"""

from nbstream.core.events.agent import (
    CustomEvent,
    FinalResult,
    FunctionToolCall,
    FunctionToolProgress,
    FunctionToolResult,
    NestedEvent,
    RunEvent,
)
from nbstream.core.events.base import Event, PartDelta, PartEnd, PartEvent, PartStart
from nbstream.core.events.lifecycle import MessageEvent, Progress, Retry, StreamEnd, StreamStart
from nbstream.core.events.requests import ApprovalRequest, InputRequest, RequestAnswered
from nbstream.core.events.run_result import AgentRunResult
from nbstream.core.events.text import (
    CitationEvent,
    RefusalDelta,
    RefusalEnd,
    RefusalStart,
    SignatureEvent,
    TextDelta,
    TextEnd,
    TextStart,
    ThinkingDelta,
    ThinkingEnd,
    ThinkingStart,
)
from nbstream.core.events.tools import (
    BuiltinToolDelta,
    BuiltinToolEnd,
    BuiltinToolStart,
    CallDelta,
    ToolDelta,
    ToolEnd,
    ToolStart,
)
from nbstream.core.events.whole import BuiltinToolResult, FileEvent

# PydanticAI's names of the same classes.
PartStartEvent = PartStart
PartDeltaEvent = PartDelta
PartEndEvent = PartEnd
TextPartDelta = TextDelta
ThinkingPartDelta = ThinkingDelta
ToolCallPartDelta = CallDelta
FunctionToolCallEvent = FunctionToolCall
FunctionToolResultEvent = FunctionToolResult
FinalResultEvent = FinalResult
AgentRunResultEvent = AgentRunResult

__all__ = [
    "AgentRunResult",
    "AgentRunResultEvent",
    "ApprovalRequest",
    "BuiltinToolDelta",
    "BuiltinToolEnd",
    "BuiltinToolResult",
    "BuiltinToolStart",
    "CitationEvent",
    "CustomEvent",
    "Event",
    "FileEvent",
    "FinalResult",
    "FinalResultEvent",
    "FunctionToolCall",
    "FunctionToolCallEvent",
    "FunctionToolProgress",
    "FunctionToolResult",
    "FunctionToolResultEvent",
    "InputRequest",
    "MessageEvent",
    "NestedEvent",
    "PartDelta",
    "PartDeltaEvent",
    "PartEnd",
    "PartEndEvent",
    "PartEvent",
    "PartStart",
    "PartStartEvent",
    "Progress",
    "RefusalDelta",
    "RefusalEnd",
    "RefusalStart",
    "RequestAnswered",
    "Retry",
    "RunEvent",
    "SignatureEvent",
    "StreamEnd",
    "StreamStart",
    "TextDelta",
    "TextEnd",
    "TextPartDelta",
    "TextStart",
    "ThinkingDelta",
    "ThinkingEnd",
    "ThinkingPartDelta",
    "ThinkingStart",
    "ToolCallPartDelta",
    "ToolDelta",
    "ToolEnd",
    "ToolStart",
]
