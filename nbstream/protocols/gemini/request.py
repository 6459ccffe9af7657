"""Writes a conversation as the JSON body of a generateContent request to Gemini.

Sources: https://ai.google.dev/api/generate-content and, for the parts of an answer that go back
unchanged, https://ai.google.dev/gemini-api/docs/thought-signatures. Such parts are kept in
``provider_metadata["gemini"]``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nbstream.core.message import Message, TextPart
from nbstream.protocols.base import Request
from nbstream.protocols.gemini.history import contents
from nbstream.protocols.json_merge import merge

if TYPE_CHECKING:
    from collections.abc import Sequence

# Fields of GenerationConfig. In `params` they may stand at the root; they are moved.
_GENERATION = frozenset(
    {
        "audioTimestamp",
        "candidateCount",
        "enableEnhancedCivicAnswers",
        "frequencyPenalty",
        "imageConfig",
        "logprobs",
        "maxOutputTokens",
        "mediaResolution",
        "modelConfig",
        "presencePenalty",
        "responseJsonSchema",
        "responseLogprobs",
        "responseMimeType",
        "responseModalities",
        "responseSchema",
        "routingConfig",
        "seed",
        "speechConfig",
        "stopSequences",
        "temperature",
        "thinkingConfig",
        "topK",
        "topP",
    }
)


def build_request(model: str, messages: Sequence[Message], params: dict[str, Any]) -> Request:
    """The streaming request. ``params`` are merged in last."""
    rows = contents(messages, requires_signatures=_requires_signatures(model))
    body: dict[str, Any] = {"contents": rows}
    if system := [_system(part) for message in messages for part in _texts_of(message)]:
        body["systemInstruction"] = {"parts": system}
    generation = {name: value for name, value in params.items() if name in _GENERATION}
    others = {name: value for name, value in params.items() if name not in _GENERATION}
    body = merge(body, others)
    if generation:
        body["generationConfig"] = {**generation, **(body.get("generationConfig") or {})}
    path = quote(model if "/" in model else f"models/{model}")
    return Request(f"/{path}:streamGenerateContent?alt=sse", body)


def _texts_of(message: Message) -> list[TextPart]:
    """A system message's texts. All of them go into ``systemInstruction``."""
    if message.role != "system":
        return []
    return [part for part in message.parts if isinstance(part, TextPart) and part.text]


def _system(part: TextPart) -> dict[str, Any]:
    return {"text": part.text}


def _requires_signatures(model: str) -> bool:
    return "gemini" in model and not re.search(r"gemini-[12]\b", model)
