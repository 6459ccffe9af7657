"""What each field of a delta does.

Knows the fields of OpenAI's document and those that other servers add. Refuses
to know where a delta stands and what the parts of an answer look like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.openai_chat import calls, media
from nbstream.protocols.openai_chat.dispatch import reader_in_order, skip

if TYPE_CHECKING:
    from nbstream.protocols.openai_chat.decoder_state import Answer
    from nbstream.protocols.openai_chat.dispatch import Holder, Table


def read_delta(answer: Answer, delta: Any, choice: Holder) -> None:  # noqa: ARG001
    """Take a delta in."""
    answer.in_deltas = True
    writer = answer.writer
    if (
        writer.kind == "text"
        and type(delta) is dict
        and len(delta) == 1
        and type(text := delta.get("content")) is str
    ):
        if text:  # nearly all are like this
            answer.out.append(writer.more(text))
    else:
        read_message(answer, delta)


def read_message(answer: Answer, message: Any) -> None:
    """Take a delta, or a whole message in its place, in."""
    if isinstance(message, dict):
        _read_fields(answer, message)


def read_content(answer: Answer, value: Any, delta: Holder) -> None:  # noqa: ARG001
    """Take text in: a string, or pieces of it."""
    if isinstance(value, str):
        answer.out += answer.writer.grow("text", value)
        return
    for piece in value if isinstance(value, list) else [value]:
        if isinstance(piece, str):
            answer.out += answer.writer.grow("text", piece)
        elif isinstance(piece, dict):
            kind = str(piece.get("type") or ("text" if "text" in piece else None))
            handle = _PIECES.get(kind)
            if handle:
                handle(answer, piece.get(kind), piece)
            else:
                answer.metadata.setdefault("unknown_content", []).append(piece)


def _thinking(answer: Answer, value: Any, delta: Holder) -> None:
    if words := _words(value):
        name = "reasoning_content" if "reasoning_content" in delta else "reasoning"
        answer.reasoning.field = name
        answer.out += answer.writer.grow("thinking", words)


def _words(value: Any) -> str:
    """Thinking is a string, but for servers that send pieces, or an object with the string."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(map(_words, value))
    if isinstance(value, dict):
        named = (value.get(name) for name in ("text", "content", "thinking", "summary"))
        return next((text for text in named if isinstance(text, str)), "")
    return ""


def _reasoning(answer: Answer, value: Any, delta: Holder) -> None:
    if not delta.get("reasoning_content"):  # vLLM sends both, with the same words
        _thinking(answer, value, {})


def _reasoning_details(answer: Answer, value: Any, delta: Holder) -> None:
    words = answer.reasoning.add(value if isinstance(value, list) else [value])
    if words and not (delta.get("reasoning") or delta.get("reasoning_content")):
        answer.out += answer.writer.grow("thinking", words)


def _refusal(answer: Answer, value: Any, delta: Holder) -> None:  # noqa: ARG001
    if isinstance(value, str):
        answer.out += answer.writer.grow("refusal", value)


def _tool_calls(answer: Answer, value: Any, delta: Holder) -> None:  # noqa: ARG001
    answer.out += answer.calls.take(value if isinstance(value, list) else [value])


def _function_call(answer: Answer, value: Any, delta: Holder) -> None:  # noqa: ARG001
    answer.out += answer.calls.take([{"index": calls.LEGACY, "function": value}])


def _executed_tools(answer: Answer, value: Any, delta: Holder) -> None:  # noqa: ARG001
    if isinstance(value, list):
        answer.out += answer.executed.take(value)


def _audio(answer: Answer, value: Any, delta: Holder) -> None:  # noqa: ARG001
    if isinstance(value, dict) and (transcript := answer.audio.take(value)):
        answer.out += answer.writer.grow("text", transcript)


def _images(answer: Answer, value: Any, delta: Holder) -> None:  # noqa: ARG001
    for row in value if isinstance(value, list) else [value]:
        if event := media.image(row):
            answer.out += answer.writer.begin(event)


def _annotations(answer: Answer, value: Any, delta: Holder) -> None:  # noqa: ARG001
    if isinstance(value, list):
        answer.out += answer.sources.annotate(value)


# The pieces of a content that is a list (Mistral,
# https://docs.mistral.ai/capabilities/reasoning). A handler is given what
# stands under the type's own name, and the piece.


def _text_piece(answer: Answer, value: Any, piece: Holder) -> None:  # noqa: ARG001
    if value and isinstance(value, str):
        answer.out += answer.writer.grow("text", value)


def _output_text_piece(answer: Answer, value: Any, piece: Holder) -> None:  # noqa: ARG001
    _text_piece(answer, piece.get("text"), piece)  # as in a Responses answer


def _thinking_piece(answer: Answer, value: Any, piece: Holder) -> None:
    rows = value if isinstance(value, list) else [value]
    words = [row.get("text") if isinstance(row, dict) else row for row in rows]
    answer.reasoning.field = "content"
    for word in words:
        if word and isinstance(word, str):
            answer.out += answer.writer.grow("thinking", word)
    if isinstance(signature := piece.get("signature"), str):
        answer.reasoning.signature = signature


def _reference_piece(answer: Answer, value: Any, piece: Holder) -> None:  # noqa: ARG001
    answer.out += answer.sources.refer(piece)


def _image_piece(answer: Answer, value: Any, piece: Holder) -> None:  # noqa: ARG001
    _images(answer, piece, piece)


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
