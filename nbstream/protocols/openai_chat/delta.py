"""What each field of a delta does.

Knows the fields of OpenAI's document and those that other servers add. Refuses
to know where a delta stands and what the parts of an answer look like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.openai_chat import calls, media
from nbstream.protocols.openai_chat.plan import planner, skip

if TYPE_CHECKING:
    from nbstream.protocols.openai_chat.answer import Answer
    from nbstream.protocols.openai_chat.plan import Holder, Table


def read_delta(answer: Answer, delta: Any) -> None:
    """Take a delta, or a message in its place, in."""
    if isinstance(delta, dict):
        if len(delta) == 1 and "content" in delta:  # nearly all are
            if text := delta["content"]:
                read_content(answer, text, delta)
            return
        for name, handle in _delta_plan(tuple(delta)):
            if value := delta[name]:
                handle(answer, value, delta)


def read_content(answer: Answer, value: Any, delta: Holder) -> None:  # noqa: ARG001
    """Take text in: a string, or pieces of it."""
    if isinstance(value, str):
        writer = answer.writer
        if writer.kind == "text":
            answer.out.append(writer.more(value))
        else:
            answer.out += writer.grow("text", value)
        return
    for piece in value if isinstance(value, list) else [value]:
        if isinstance(piece, str):
            answer.out += answer.writer.grow("text", piece)
        elif isinstance(piece, dict):
            handle = _PIECES.get(str(piece.get("type")))
            if handle:
                handle(answer, piece.get(str(piece["type"])), piece)
            else:
                answer.metadata.setdefault("unknown_content", []).append(piece)


def _thinking(answer: Answer, value: Any, delta: Holder) -> None:
    if isinstance(value, str):
        name = "reasoning_content" if "reasoning_content" in delta else "reasoning"
        answer.reasoning.field = name
        answer.out += answer.writer.grow("thinking", value)


def _reasoning(answer: Answer, value: Any, delta: Holder) -> None:
    if not delta.get("reasoning_content"):  # vLLM sends both, with the same words
        _thinking(answer, value, {})


def _reasoning_details(answer: Answer, value: Any, delta: Holder) -> None:
    if not isinstance(value, list):
        return
    words = answer.reasoning.add(value)
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
    "thinking": _thinking_piece,
    "reference": _reference_piece,
    "image_url": _image_piece,
}

_DELTA: Table = {
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

_delta_plan = planner(_DELTA)
