"""Chat Completions: every recorded answer, against what the vendor's SDK made of it."""

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
def test_it_replays_to_what_the_sdk_made_of_it(recording: Recording) -> None:
    _, message, failure = decode(OpenAIChat().decoder, [recording.body])
    assert differences(message, recording) == []
    assert bool(failure) == (recording.name in BROKEN)
    assert failure not in ("IncompleteResponseError", "ProtocolError")


@parametrize("openai-chat")
def test_it_gives_the_same_events_however_cut(recording: Recording) -> None:
    same_however_cut(OpenAIChat().decoder, recording.body)


@parametrize("openai-chat")
def test_it_is_incomplete_when_cut(recording: Recording) -> None:
    if recording.name in BROKEN:
        pytest.skip("it has no end")
    if len(recording.body) < LONG:
        incomplete_when_cut(OpenAIChat().decoder, recording.body)


@parametrize("openai-chat")
def test_it_survives_mutation(recording: Recording) -> None:
    survives_mutation(
        OpenAIChat().decoder, recording.body[:LONG], seed=recording.meta["bytes"], rounds=4
    )
