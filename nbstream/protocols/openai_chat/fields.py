"""What each field of a chunk and of a choice does; ``delta`` has the rest.

Knows the fields of OpenAI's document and those that other servers add. Refuses
to know how chunks come and what is said in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.openai_chat.delta import read_content, read_delta
from nbstream.protocols.openai_chat.plan import planner, skip

if TYPE_CHECKING:
    from nbstream.protocols.openai_chat.answer import Answer
    from nbstream.protocols.openai_chat.plan import Holder, Table


def read_chunk(answer: Answer, chunk: Holder) -> None:
    """Take one chunk in."""
    for name, handle in _chunk_plan(tuple(chunk)):
        if value := chunk[name]:
            handle(answer, value, chunk)


# The chunk.


def _choices(answer: Answer, value: Any, chunk: Holder) -> None:  # noqa: ARG001
    if not isinstance(value, list):
        return
    for choice in value:
        if not isinstance(choice, dict):
            continue
        if choice.get("index"):
            answer.others.append(choice)
            continue
        for name, handle in _choice_plan(tuple(choice)):
            if found := choice[name]:
                handle(answer, found, choice)


def _usage(answer: Answer, value: Any, holder: Holder) -> None:  # noqa: ARG001
    if isinstance(value, dict):
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


def _delta(answer: Answer, value: Any, choice: Holder) -> None:  # noqa: ARG001
    answer.in_deltas = True
    read_delta(answer, value)


def _message(answer: Answer, value: Any, choice: Holder) -> None:
    # Perplexity sends the whole message so far beside each delta; others send
    # one whole message in place of deltas.
    if not answer.in_deltas and choice.get("delta") is None:
        read_delta(answer, value)


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


_CHOICE: Table = {
    "index": skip,
    "delta": _delta,
    "message": _message,
    "text": _text,
    "finish_reason": _finish,
    "usage": _usage,  # Moonshot
    "logprobs": _logprobs,
}

_CHUNK: Table = {
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

_chunk_plan = planner(_CHUNK)
_choice_plan = planner(_CHOICE)
