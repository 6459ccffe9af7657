"""Tool results in requests: any value, and images."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

import pytest

from nbstream.core.codec import message_from_dict, message_to_dict
from nbstream.core.message import (
    FilePart,
    Message,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    assistant_message,
    tool_message,
    user_message,
)
from nbstream.protocols.anthropic import Anthropic
from nbstream.protocols.base import WireProtocol
from nbstream.protocols.gemini import Gemini
from nbstream.protocols.openai_chat import OpenAIChat
from nbstream.protocols.openai_responses import OpenAIResponses

ONE, TWO = ToolCallPart("a", "f", "{}"), ToolCallPart("b", "f", "{}")
PICTURE = FilePart("image/png", b"a")
ALL = [Anthropic(), OpenAIResponses(), OpenAIChat(), Gemini()]


@dataclass
class Day:
    """Values that a user's function may return."""

    date: dt.date
    seen: frozenset[int]


def sent(protocol: WireProtocol, *results: Message) -> list[Any]:
    """The conversation in the request, including the results."""
    parts = (part for message in results for part in message.parts)
    ids = {part.tool_call_id for part in parts if isinstance(part, ToolResultPart)}
    calls = [call for call in (ONE, TWO) if call.tool_call_id in ids]
    history = [user_message("q"), assistant_message(*calls), *results]
    body = json.loads(json.dumps(protocol.request("m", history, {}).body))
    rows: list[Any] = body.get("messages") or body.get("input") or body.get("contents")
    return rows


@pytest.mark.parametrize("protocol", ALL, ids=lambda one: one.name)
def test_any_value_is_sent_as_json(protocol: WireProtocol) -> None:
    message = tool_message(ONE, [Day(dt.date(2025, 1, 2), frozenset({1}))])
    assert message.parts[0].result == [{"date": "2025-01-02", "seen": [1]}]  # type: ignore[union-attr]
    assert "2025-01-02" in json.dumps(sent(protocol, message)[-1])
    assert message_from_dict(json.loads(json.dumps(message_to_dict(message)))) == message


def test_a_picture_survives_a_json_round_trip() -> None:
    message = tool_message(ONE, (TextPart("see"), PICTURE))
    assert message_from_dict(json.loads(json.dumps(message_to_dict(message)))) == message
    assert tool_message(ONE, PICTURE) == tool_message(ONE, [PICTURE])


@pytest.mark.parametrize("protocol", ALL, ids=lambda one: one.name)
def test_every_provider_gets_a_picture_in_a_result(protocol: WireProtocol) -> None:
    rows = sent(protocol, tool_message(ONE, [TextPart("see"), PICTURE]))
    told = json.dumps(rows)
    assert '"see"' in told
    assert "YQ==" in told


def test_pictures_are_inside_the_result_where_allowed() -> None:
    (*_, row) = sent(OpenAIResponses(), tool_message(ONE, [TextPart("see"), PICTURE]))
    assert row["type"] == "function_call_output"
    assert [one["type"] for one in row["output"]] == ["input_text", "input_image"]


def test_all_results_come_before_their_pictures() -> None:
    """Chat Completions refuses calls whose results do not follow at once."""
    beside = Message("tool", (*tool_message(ONE, "see").parts, PICTURE))
    for first in (tool_message(ONE, [PICTURE]), beside):
        rows = sent(OpenAIChat(), first, tool_message(TWO, "2"), user_message("and?"))
        assert [row["role"] for row in rows[2:]] == ["tool", "tool", "user"]
        kinds = [chunk["type"] for chunk in rows[-1]["content"]]
        assert kinds == ["image_url", "text"]
