"""By how much a request is too long, as each provider words it."""

import json

import pytest

from nbstream.errors.parsing import status_error

# Wordings from the providers' documents and public reports.
CASES = [
    (
        (
            "The model's maximum context length is 8192 tokens. However, you requested 9000 tokens"
            " (5000 in the messages, 4000 in the completion). Please reduce the length."
        ),
        808,
    ),
    (
        (
            "This model's maximum context length is 128000 tokens. However, your messages resulted"
            " in 128,010 tokens."
        ),
        10,
    ),
    ("prompt is too long: 210000 tokens > 200000 maximum", 10_000),
    (
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
        151_424,
    ),
    (
        (
            "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768"
            " context length"
        ),
        7_232,
    ),
    ("Your input exceeds the context window of this model.", None),
    ("This model's maximum context length is 8192 tokens.", None),
]


@pytest.mark.parametrize(("text", "over"), CASES)
def test_the_remedy_says_by_how_much(text: str, over: int | None) -> None:
    body = json.dumps({"error": {"message": text, "code": "context_length_exceeded"}})
    error = status_error(400, {}, body, host="api.example.org")
    assert error.remedy is not None
    assert error.remedy.startswith("Send less" if over is None else f"It is {over:,} tokens too")


def test_llama_cpp_says_it_in_fields() -> None:
    error = {
        "code": 400,
        "message": "the request exceeds the available context size, try increasing it",
        "type": "exceed_context_size_error",
        "n_prompt_tokens": 9001,
        "n_ctx": 8192,
    }
    found = status_error(400, {}, json.dumps({"error": error}), host="127.0.0.1")
    assert found.remedy is not None
    assert found.remedy.startswith("It is 809 tokens too long.")
