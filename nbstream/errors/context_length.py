"""Finds by how many tokens a request is too long, in what the provider says of it."""

from __future__ import annotations

import re

_NUMBER = r"(\d{1,3}(?:[,_]\d{3})+|\d{3,})"
# OpenAI: maximum context length is N tokens; Gemini: maximum number of tokens allowed (N);
# Anthropic: M tokens > N maximum; Mistral: model with N maximum context length.
_LIMIT = re.compile(
    rf"(?:maximum|limit|allowed|context (?:size|length|window))[^\d]{{0,50}}?{_NUMBER}"
    rf"|{_NUMBER}(?: tokens?)? (?:maximum|limit|context)",
    re.IGNORECASE,
)
# llama.cpp says it in fields of its own.
_FIELDS = re.compile(r'"n_prompt_tokens"\s*:\s*(\d+).*?"n_ctx"\s*:\s*(\d+)', re.DOTALL)


def excess(text: str, body: str) -> int | None:
    """The tokens that are too many; None if neither the message nor the body tells it."""
    if found := _FIELDS.search(body):
        used, limit = int(found[1]), int(found[2])
    else:
        limits = [_int(one or other) for one, other in _LIMIT.findall(text)]
        numbers = [_int(one) for one in re.findall(_NUMBER, text)]
        if not limits:
            return None
        used, limit = max(numbers), min(limits)
    return used - limit if used > limit else None


def _int(text: str) -> int:
    return int(re.sub("[,_]", "", text))
