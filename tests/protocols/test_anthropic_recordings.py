"""Messages API: recorded streams give the same message as the vendor's SDK."""

import dataclasses
import json
from typing import Any

from pydantic_core import from_json

from nbstream.core.codec import message_from_dict, message_to_dict
from nbstream.core.message import Message, tool_message, user_message
from nbstream.errors import IncompleteResponseError
from nbstream.protocols.anthropic import Anthropic
from tests.protocols.anthropic_final import bare, from_ours, from_sdk
from tests.protocols.any_decoder import (
    decode,
    incomplete_when_cut,
    same_however_cut,
    survives_mutation,
)
from tests.recordings import Recording, parametrize

SMALL = 20_000
"""Bytes. Feeding larger bodies byte by byte takes too long."""

every = parametrize("anthropic")
make = Anthropic().decoder


def replay(recording: Recording) -> Message:
    _, message, failure = decode(make, [recording.body])
    assert failure == ("" if recording.meta["terminal"] else IncompleteResponseError.__name__)
    return message


@every
def test_a_replay_agrees_with_the_vendors_sdk(recording: Recording) -> None:
    assert from_ours(replay(recording)) == from_sdk(recording.final)


@every
def test_a_replay_is_the_same_however_it_is_cut(recording: Recording) -> None:
    same_however_cut(make, recording.body)


@every
def test_a_replay_that_is_cut_off_is_incomplete(recording: Recording) -> None:
    body = recording.body
    if len(body) < SMALL:
        incomplete_when_cut(make, body + b"\n\n")  # not all end with a blank line
    else:
        _, message, failure = decode(make, [body[: len(body) // 2]])
        assert failure == IncompleteResponseError.__name__
        assert replay(recording).text.startswith(message.text)


@every
def test_a_damaged_replay_keeps_the_message(recording: Recording) -> None:
    survives_mutation(make, recording.body[:SMALL], seed=len(recording.body), rounds=5)


@every
def test_a_replayed_message_is_sent_back_unchanged(recording: Recording) -> None:
    """In history, also after JSON storage, the API's blocks are unchanged."""
    message = replay(recording)
    stored = message_from_dict(json.loads(json.dumps(message_to_dict(message))))
    assert stored == message
    said = _sent_again(stored)
    content = bare(recording.final)["content"]
    while content and content[-1]["type"] in ("thinking", "redacted_thinking"):
        content.pop()  # the API takes no thinking at the end
    calls = {block.get("id") for block in content}
    assert [_sent(block) for block in said] == [
        _sent(block)
        for block in content
        if _can_be_sent(block) and block.get("tool_use_id") in {None, *calls}
    ]


def _sent_again(message: Message) -> list[dict[str, Any]]:
    """The blocks of a message in a request that goes on after the results of its calls."""
    results = [tool_message(call, "done") for call in message.tool_calls]
    history = [user_message("q"), message, *results]
    body = Anthropic().request("m", history, {"thinking": {"type": "adaptive"}}).body
    turns = [turn for turn in body["messages"] if turn["role"] == "assistant"]
    return [block for turn in turns for block in turn["content"]]


def _sent(block: dict[str, Any]) -> dict[str, Any]:
    block = bare(block)
    if block.get("caller") == {"type": "direct"}:
        del block["caller"]  # says nothing, and older models refuse it
    if broken := block.get("input", {}).get("INVALID_JSON"):
        block["input"] = from_json(broken, allow_partial=True)  # as the library shows it
    if block["type"] == "text":
        block["text"] = block["text"].rstrip()  # at the very end, the API takes no white space
    return block


def _can_be_sent(block: dict[str, Any]) -> bool:
    """The API refuses blank text, and thinking without a signature."""
    match block:
        case {"type": "text", "text": text}:
            return bool(text.strip())
        case {"type": "thinking", "signature": signature}:
            return bool(signature)
        case {"type": "thinking"}:
            return False
    return True


@every
def test_another_providers_thinking_and_tools_are_left_out(recording: Recording) -> None:
    """Of another provider, text and calls are sent, thinking and its own tools are not."""
    message = replay(recording)
    foreign = dataclasses.replace(
        message,
        provider="elsewhere",
        provider_metadata={},
        parts=tuple(dataclasses.replace(part, provider_metadata={}) for part in message.parts),
    )
    assert {block["type"] for block in _sent_again(foreign)} <= {"text", "tool_use"}
