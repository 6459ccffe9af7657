"""An unpaired surrogate in an answer: a str can contain it, but UTF-8 cannot encode it."""

import json
from typing import Any

import pytest

import nbstream
from nbstream.core.codec import message_from_dict, message_to_dict
from nbstream.core.events import Event, TextDelta
from nbstream.testing import ScriptedModel

HALF = "\ud83d"
TEXT = f"a {HALF} b"


def wire(text: str) -> bytes:
    """A response body with two deltas. `json` writes an unpaired surrogate as an escape."""
    middle = len(text) // 2
    rows = [{"delta": {"content": piece}} for piece in (text[:middle], text[middle:])]
    rows.append({"delta": {}, "finish_reason": "stop"})  # type: ignore[dict-item]
    lines = [json.dumps({"choices": [row]}) for row in rows]
    return "".join(f"data: {line}\n\n" for line in [*lines, "[DONE]"]).encode()


def test_text_from_a_provider_can_be_encoded() -> None:
    stream = nbstream.replay(wire(TEXT), protocol="openai_chat")
    assert stream.get_final_text() == stream.message.text == "a \ufffd b"


def test_unpaired_surrogates_from_a_custom_source_are_kept() -> None:
    stream = nbstream.stream(ScriptedModel(TEXT, chunk=1), "hi")
    received: list[Event] = []
    stream.on(TextDelta, received.append)
    with stream:
        assert "".join(stream.text_stream) == TEXT
    assert stream.text == stream.output == stream.message.text == TEXT
    assert list(stream.stream_text())[-1] == TEXT
    assert [event.snapshot for event in received if isinstance(event, TextDelta)][-1] == TEXT
    assert stream.finish_reason == "stop"
    assert repr(stream).isascii()
    stored = json.loads(json.dumps(message_to_dict(stream.message)))
    assert message_from_dict(stored) == stream.message


@pytest.mark.parametrize("of", [list[str], dict[str, Any]])
def test_unpaired_surrogates_in_a_typed_value_are_a_printable_error(of: Any) -> None:
    """Pydantic does not accept such an escape in JSON."""
    quoted = f'["{HALF}"]' if of is list[str] else f'{{"a": "{HALF}"}}'
    stream = nbstream.stream(ScriptedModel(quoted), "hi", output_type=of)
    for _ in stream.stream_responses():
        pass
    assert stream.text == quoted
    with pytest.raises(nbstream.errors.OutputError) as failure:
        stream.get_output()
    assert failure.value.raw == quoted
    str(failure.value).encode()
