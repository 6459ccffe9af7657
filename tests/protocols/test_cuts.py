"""Recorded answers that are cut anywhere: none that lacks something passes as whole."""

import random

import pytest

from nbstream.core.message import Message
from nbstream.recorded_body import protocol_named
from tests.protocols.any_decoder import decode
from tests.recordings import Recording, recordings

FOLDERS = ("anthropic", "openai-chat", "openai-responses", "gemini")
ALL = [one for folder in FOLDERS for one in recordings(folder)]


def read(recording: Recording, body: bytes) -> tuple[Message, str]:
    _, message, failure = decode(protocol_named(recording.protocol).decoder, [body])
    return message, failure


def content(message: Message) -> tuple[object, ...]:
    """What is shown of a message."""
    calls = [(call.tool_name, call.args_json) for call in message.tool_calls]
    return message.text, message.thinking, calls, len(message.parts)


@pytest.mark.skipif(not ALL, reason="no recordings beside this checkout")
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_cut_never_passes_as_whole(folder: str) -> None:
    for recording in recordings(folder):
        body = recording.body
        whole, failure = read(recording, body)
        if failure:
            continue
        chance = random.Random(recording.name)
        for at in sorted(chance.randrange(len(body)) for _ in range(4)):
            if body[:at].endswith(b"\n") and folder == "gemini":
                continue  # older models say in each chunk that it is the last one
            cut, failure = read(recording, body[:at])
            assert failure in ("", "IncompleteResponseError"), (recording.name, at)
            assert failure or content(cut) == content(whole), (recording.name, at)
