"""Writes the answers of scripted models in the format of OpenAI's Chat Completions.

`llm_server` sends them: events of a stream, whole answers and errors.
"""

import json
from typing import Any

from tests.harness.llm_scripts import Script

ERRORS = {
    400: ("invalid_request_error", "invalid_value", "Invalid value for 'messages'."),
    401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided: {key}."),
    403: ("invalid_request_error", "forbidden", "You are not allowed to use this model."),
    404: ("invalid_request_error", "model_not_found", "The model does not exist."),
    413: (
        "invalid_request_error",
        "context_length_exceeded",
        "Maximum context length is 8192 tokens, but your messages resulted in 10400 tokens.",
    ),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached. Please try again in 1s."),
    500: ("server_error", "internal_error", "The server had an error while processing."),
    503: ("server_error", "overloaded", "The server is overloaded."),
}
DONE = b"data: [DONE]\n\n"
MALFORMED = b'data: {"id": "chatcmpl-test", "choices": [{"delta": {"cont\n\n'


def sse(value: dict[str, Any]) -> bytes:
    """One event of the stream."""
    return b"data: " + json.dumps(value, separators=(",", ":")).encode() + b"\n\n"


def chunk(model: str, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    """One chunk of an answer."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return {**_head(model, "chat.completion.chunk"), "choices": [choice], "usage": None}


def usage_chunk(model: str, script: Script) -> dict[str, Any]:
    """The chunk after the last, when `stream_options.include_usage` asked for it."""
    return {**_head(model, "chat.completion.chunk"), "choices": [], "usage": usage(script)}


def completion(model: str, script: Script) -> dict[str, Any]:
    """The whole answer at once."""
    message: dict[str, Any] = {"role": "assistant", "content": "".join(script.text)}
    if script.thinking:
        message["reasoning_content"] = "".join(script.thinking)
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {**_head(model, "chat.completion"), "choices": [choice], "usage": usage(script)}


def usage(script: Script) -> dict[str, Any]:
    """Each delta counts as one token, each prompt as seven."""
    output = len(script.deltas)
    return {
        "prompt_tokens": 7,
        "completion_tokens": output,
        "total_tokens": 7 + output,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": len(script.thinking)},
    }


def error(status: int, key: str) -> dict[str, Any]:
    """The body of an error. It repeats the key in full, as some servers do."""
    kind, code, message = ERRORS.get(status, ("server_error", str(status), "Something failed."))
    message = message.format(key=key)
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def _head(model: str, kind: str) -> dict[str, Any]:
    return {
        "id": "chatcmpl-test",
        "object": kind,
        "created": 1_700_000_000,
        "model": model,
        "system_fingerprint": "fp_test",
    }
