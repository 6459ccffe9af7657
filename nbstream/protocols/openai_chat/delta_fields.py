"""Handlers that read the fields of a Chat Completions ``delta``: OpenAI's and other servers'.

They also read the pieces of a ``content`` that is a list, and a complete message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.openai_chat import calls, media
from nbstream.protocols.openai_chat.dispatch import reader_in_order, skip

if TYPE_CHECKING:
    from nbstream.protocols.json_fields import Json
    from nbstream.protocols.openai_chat.decoder_state import DecoderState
    from nbstream.protocols.openai_chat.dispatch import Table


def read_delta(state: DecoderState, delta: Any, choice: Json) -> None:  # noqa: ARG001
    """Read a ``delta`` object and add its events."""
    state.has_deltas = True
    writer = state.writer
    if (
        writer.kind == "text"
        and type(delta) is dict
        and len(delta) == 1
        and type(text := delta.get("content")) is str
    ):
        if text:  # the fast path: nearly all deltas are like this
            state.out.append(writer.append_open(text))
    else:
        read_message(state, delta)


def read_message(state: DecoderState, message: Any) -> None:
    """Read a delta, or a complete message in its place, and add its events."""
    if isinstance(message, dict):
        _read_fields(state, message)


def read_content(state: DecoderState, value: Any, delta: Json) -> None:  # noqa: ARG001
    """Read ``content``, a string or a list of pieces, and add its events."""
    if isinstance(value, str):
        state.out += state.writer.append("text", value)
        return
    for piece in value if isinstance(value, list) else [value]:
        if isinstance(piece, str):
            state.out += state.writer.append("text", piece)
        elif isinstance(piece, dict):
            kind = str(piece.get("type") or ("text" if "text" in piece else None))
            handle = _PIECES.get(kind)
            if handle:
                handle(state, piece.get(kind), piece)
            else:
                state.metadata.setdefault("unknown_content", []).append(piece)


def _thinking(state: DecoderState, value: Any, delta: Json) -> None:
    if text := _thinking_text(value):
        state.reasoning.field = "reasoning_content" if "reasoning_content" in delta else "reasoning"
        state.out += state.writer.append("thinking", text)


def _thinking_text(value: Any) -> str:
    """Thinking as a string. Some servers send a list of pieces, or an object with the string."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(map(_thinking_text, value))
    if isinstance(value, dict):
        named = (value.get(name) for name in ("text", "content", "thinking", "summary"))
        return next((text for text in named if isinstance(text, str)), "")
    return ""


def _reasoning(state: DecoderState, value: Any, delta: Json) -> None:
    if not delta.get("reasoning_content"):  # vLLM sends both, with the same text
        _thinking(state, value, {})


_PLAIN = ("reasoning_content", "reasoning", "reasoning_text", "thinking")
"""The fields for plain thinking. A server that fills several sends the same text in each."""


def _reasoning_text(state: DecoderState, value: Any, delta: Json) -> None:
    # GitHub Copilot's name, and Ollama's ("thinking").
    if not (delta.get("reasoning_content") or delta.get("reasoning")) and _thinking_text(value):
        _thinking(state, value, {})
        state.reasoning.field = "reasoning_text" if delta.get("reasoning_text") else "thinking"


def _reasoning_details(state: DecoderState, value: Any, delta: Json) -> None:
    text = state.reasoning.add(value if isinstance(value, list) else [value])
    if text and not any(delta.get(name) for name in _PLAIN):
        state.out += state.writer.append("thinking", text)


def _refusal(state: DecoderState, value: Any, delta: Json) -> None:  # noqa: ARG001
    if isinstance(value, str):
        state.out += state.writer.append("refusal", value)


def _tool_calls(state: DecoderState, value: Any, delta: Json) -> None:  # noqa: ARG001
    state.out += state.calls.add(value if isinstance(value, list) else [value])


def _function_call(state: DecoderState, value: Any, delta: Json) -> None:  # noqa: ARG001
    state.out += state.calls.add([{"index": calls.LEGACY, "function": value}])


def _executed_tools(state: DecoderState, value: Any, delta: Json) -> None:  # noqa: ARG001
    if isinstance(value, list):
        state.out += state.server_tools.add(value)


def _audio(state: DecoderState, value: Any, delta: Json) -> None:  # noqa: ARG001
    if isinstance(value, dict) and (transcript := state.audio.add(value)):
        state.out += state.writer.append("text", transcript)


def _images(state: DecoderState, value: Any, delta: Json) -> None:  # noqa: ARG001
    for row in value if isinstance(value, list) else [value]:
        if event := media.image(row):
            state.out += state.writer.begin(event)


def _annotations(state: DecoderState, value: Any, delta: Json) -> None:  # noqa: ARG001
    if isinstance(value, list):
        state.out += state.citations.add_annotations(value)


# Handlers for the pieces of a content that is a list (Mistral,
# https://docs.mistral.ai/capabilities/reasoning). ``value`` is the field that has the name of
# the piece's type.


def _text_piece(state: DecoderState, value: Any, piece: Json) -> None:  # noqa: ARG001
    if value and isinstance(value, str):
        state.out += state.writer.append("text", value)


def _output_text_piece(state: DecoderState, value: Any, piece: Json) -> None:  # noqa: ARG001
    _text_piece(state, piece.get("text"), piece)  # as in the Responses API


def _thinking_piece(state: DecoderState, value: Any, piece: Json) -> None:
    rows = value if isinstance(value, list) else [value]
    texts = [row.get("text") if isinstance(row, dict) else row for row in rows]
    state.reasoning.field = "content"
    for text in texts:
        if text and isinstance(text, str):
            state.out += state.writer.append("thinking", text)
    if isinstance(signature := piece.get("signature"), str):
        state.reasoning.signature = signature


def _reference_piece(state: DecoderState, value: Any, piece: Json) -> None:  # noqa: ARG001
    state.out += state.citations.add_reference(piece)


def _image_piece(state: DecoderState, value: Any, piece: Json) -> None:  # noqa: ARG001
    _images(state, piece, piece)


_PIECES: Table = {
    "text": _text_piece,
    "output_text": _output_text_piece,
    "thinking": _thinking_piece,
    "reference": _reference_piece,
    "image_url": _image_piece,
}

_read_fields = reader_in_order(
    {
        "role": skip,
        "reasoning_content": _thinking,
        "reasoning": _reasoning,
        "reasoning_text": _reasoning_text,
        "thinking": _reasoning_text,
        "reasoning_details": _reasoning_details,
        "content": read_content,
        "refusal": _refusal,
        "audio": _audio,
        "images": _images,
        "annotations": _annotations,
        "executed_tools": _executed_tools,
        "tool_calls": _tool_calls,
        "function_call": _function_call,
    }
)
