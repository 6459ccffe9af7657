"""What each field of a chunk and of a choice does; ``delta`` has the rest.

Knows the fields of OpenAI's document and those that other servers add. Refuses
to know how chunks come and what is said in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.openai_chat.delta import read_content, read_delta, read_message
from nbstream.protocols.openai_chat.dispatch import reader, skip
from nbstream.protocols.openai_chat.usage import read_usage

if TYPE_CHECKING:
    from nbstream.protocols.openai_chat.decoder_state import Answer
    from nbstream.protocols.openai_chat.dispatch import Holder


# The chunk.


def _choices(answer: Answer, value: Any, chunk: Holder) -> None:  # noqa: ARG001
    for choice in value if type(value) is list else [value]:
        if type(choice) is not dict:
            continue
        if (index := choice.get("index")) and index != "0":
            answer.others.append(choice)
        else:
            _read_choice(answer, choice)
            if choice.get("error"):  # OpenRouter
                raise error_in_stream(choice["error"])


def _usage(answer: Answer, value: Any, holder: Holder) -> None:  # noqa: ARG001
    # The latest count is the whole; but some servers send zeros at the end.
    if isinstance(value, dict) and (answer.usage is None or read_usage(value).total_tokens):
        answer.usage = value


def _x_groq(answer: Answer, value: Any, chunk: Holder) -> None:
    if isinstance(value, dict):
        _usage(answer, value.get("usage"), chunk)
        kept = answer.metadata.get("x_groq")
        answer.metadata["x_groq"] = {**kept, **value} if isinstance(kept, dict) else value


def _citations(answer: Answer, value: Any, chunk: Holder) -> None:  # noqa: ARG001
    if isinstance(value, list):
        answer.sources.urls = value


def _search_results(answer: Answer, value: Any, chunk: Holder) -> None:  # noqa: ARG001
    if isinstance(value, list):
        answer.sources.results = value


# The choice.


def _message(answer: Answer, value: Any, choice: Holder) -> None:
    # Perplexity sends the whole message so far beside each delta; others send
    # one whole message in place of deltas.
    if not answer.in_deltas and choice.get("delta") is None:
        read_message(answer, value)


def _text(answer: Answer, value: Any, choice: Holder) -> None:
    # Together repeats the delta's content here.
    if not answer.in_deltas and not ("delta" in choice or "message" in choice):
        read_content(answer, value, choice)


def _finish(answer: Answer, value: Any, choice: Holder) -> None:  # noqa: ARG001
    if isinstance(value, str):
        answer.finish = value


def _logprobs(answer: Answer, value: Any, choice: Holder) -> None:  # noqa: ARG001
    kept = answer.metadata.setdefault("logprobs", {})
    for name, rows in value.items() if isinstance(value, dict) else ():
        if isinstance(rows, list):
            kept.setdefault(name, []).extend(rows)


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
        "obfuscation": skip,  # padding against eavesdroppers (OpenAI)
        "p": skip,  # the same (Mistral)
        "choices": _choices,
        "usage": _usage,
        "x_groq": _x_groq,
        "citations": _citations,
        "search_results": _search_results,
    }
)
