"""Chat Completions: recorded streams give the same message as the vendor's SDK."""

import pytest

from nbstream.protocols.openai_chat import OpenAIChat
from tests.protocols.any_decoder import (
    decode,
    incomplete_when_cut,
    same_however_cut,
    survives_mutation,
)
from tests.protocols.compare_openai_chat import differences
from tests.recordings import Recording, parametrize

# Streams in which the provider reports an error. The SDK raises too, or (GPUStack's) overlooks it.
BROKEN = (
    "pydantic-ai--models--test-groq--test-tool-use-failed-error-streaming-with-text",
    "pydantic-ai--models--test-openrouter--test-openrouter-stream-error",
    "ruby-llm--chat-with-extended-thinking-gpustack-qwen3-streams-thinking-content-when-available",
)
LONG = 60_000  # bytes; longer bodies are not cut after every event


@parametrize("openai-chat")
def test_a_recording_agrees_with_the_sdk(recording: Recording) -> None:
    _, message, failure = decode(OpenAIChat().decoder, [recording.body])
    assert differences(message, recording) == []
    assert bool(failure) == (recording.name in BROKEN)
    assert failure not in ("IncompleteResponseError", "ProtocolError")


@parametrize("openai-chat")
def test_a_recording_is_the_same_however_it_is_cut(recording: Recording) -> None:
    same_however_cut(OpenAIChat().decoder, recording.body)


@parametrize("openai-chat")
def test_a_truncated_recording_is_incomplete(recording: Recording) -> None:
    if recording.name in BROKEN:
        pytest.skip("it has no end")
    if len(recording.body) < LONG:
        incomplete_when_cut(OpenAIChat().decoder, recording.body)


@parametrize("openai-chat")
def test_a_damaged_recording_raises_only_our_own_errors(recording: Recording) -> None:
    survives_mutation(
        OpenAIChat().decoder, recording.body[:LONG], seed=recording.meta["bytes"], rounds=4
    )
