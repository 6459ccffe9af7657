"""Handlers that read the fields of a Chat Completions chunk and of its choices.

The fields are OpenAI's, and those that other servers add.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.base import keep_unknown
from nbstream.protocols.openai_chat.delta_fields import read_content, read_delta, read_message
from nbstream.protocols.openai_chat.dispatch import reader, skip

if TYPE_CHECKING:
    from nbstream.protocols.json_fields import Json
    from nbstream.protocols.openai_chat.decoder_state import DecoderState


# Fields of the chunk.


def _choices(state: DecoderState, value: Any, chunk: Json) -> None:  # noqa: ARG001
    """Read the first choice; the others are only kept."""
    for choice in value if type(value) is list else [value]:
        if type(choice) is not dict:
            continue
        if (index := choice.get("index")) and index != "0":
            keep_unknown(state.other_choices, choice)
        else:
            _read_choice(state, choice)
            if choice.get("error"):  # OpenRouter
                raise error_in_stream(choice["error"])


def _usage(state: DecoderState, value: Any, source: Json) -> None:  # noqa: ARG001
    state.usage.update(value)


def _x_groq(state: DecoderState, value: Any, chunk: Json) -> None:
    if isinstance(value, dict):
        _usage(state, value.get("usage"), chunk)
        previous = state.metadata.get("x_groq")
        merged = {**previous, **value} if isinstance(previous, dict) else value
        state.metadata["x_groq"] = merged


def _citations(state: DecoderState, value: Any, chunk: Json) -> None:  # noqa: ARG001
    if isinstance(value, list):
        state.citations.urls = value


def _search_results(state: DecoderState, value: Any, chunk: Json) -> None:  # noqa: ARG001
    if isinstance(value, list):
        state.citations.results = value


# Fields of the choice.


def _message(state: DecoderState, value: Any, choice: Json) -> None:
    # Perplexity sends the message so far with each delta. Other servers send one complete
    # message and no deltas.
    if not state.has_deltas and choice.get("delta") is None:
        read_message(state, value)


def _text(state: DecoderState, value: Any, choice: Json) -> None:
    # Together repeats the delta's content here.
    if not state.has_deltas and not ("delta" in choice or "message" in choice):
        read_content(state, value, choice)


def _finish(state: DecoderState, value: Any, choice: Json) -> None:  # noqa: ARG001
    if isinstance(value, str):
        state.finish, state.ended = value, True


def _logprobs(state: DecoderState, value: Any, choice: Json) -> None:  # noqa: ARG001
    logprobs = state.metadata.setdefault("logprobs", {})
    for name, rows in value.items() if isinstance(value, dict) else ():
        if isinstance(rows, list):
            logprobs.setdefault(name, []).extend(rows)


_read_choice = reader(
    {
        "index": skip,
        "delta": read_delta,
        "message": _message,
        "text": _text,
        "finish_reason": _finish,
        "error": skip,
        "usage": _usage,  # Moonshot
        "logprobs": _logprobs,
    }
)

read_chunk = reader(
    {
        "id": skip,
        "object": skip,
        "created": skip,
        "model": skip,
        "error": skip,
        "obfuscation": skip,  # random padding that hides the length of the text (OpenAI)
        "p": skip,  # the same (Mistral)
        "choices": _choices,
        "usage": _usage,
        "x_groq": _x_groq,
        "citations": _citations,
        "search_results": _search_results,
    }
)
