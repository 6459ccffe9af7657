"""``TypedAnswer``: stands in a message for the texts that are the value of a typed answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from nbstream.core.message import TextPart
from nbstream.streams.output_report import end_of, schema_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbstream.core.message import Message, Part
    from nbstream.streams import Stream
    from nbstream.streams.output_report import OutputReport


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """The value of a typed answer as it was read, its schema, and the report of its end.

    ``text`` is the model's whole text.
    """

    text: str
    value: Any
    schema: Mapping[str, Any]
    report: OutputReport


def messages_of(stream: Stream) -> Sequence[Message]:
    """The stream's messages; in the last reply a ``TypedAnswer`` stands for its texts.

    The messages are unchanged while the answer streams, without an output type, and if the
    answer has no JSON.
    """
    messages = stream.messages
    schema, report = schema_of(stream), end_of(stream)
    at = max((i for i, one in enumerate(messages) if one.role == "assistant"), default=None)
    if schema is None or report is None or not report.json or at is None:
        return messages
    try:
        value = json.loads(report.json)
    except (ValueError, RecursionError):
        return messages
    reply = messages[at]
    wrapper = schema.get("x-wrapped")
    if wrapper and isinstance(value, dict) and next(iter(value), None) == wrapper:
        value = value[wrapper]
    answer = TypedAnswer(reply.text, value, schema, report)
    parts: list[Part | TypedAnswer] = []
    for part in reply.parts:
        if not isinstance(part, TextPart):
            parts.append(part)
        elif answer not in parts:
            parts.append(answer)
    changed = replace(reply, parts=cast("tuple[Part, ...]", tuple(parts)))
    return [*messages[:at], changed, *messages[at + 1 :]]
