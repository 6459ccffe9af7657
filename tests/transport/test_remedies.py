"""The remedies of errors that a server's response causes."""

import json
from typing import Any

import httpx
import pytest

import nbstream
from nbstream import errors

KEY = "sk-very-secret-0123456789"
PROVIDERS = ["openai-chat", "openai", "anthropic", "google"]


def failure(
    name: str, content: bytes, status: int = 200, kind: str = "text/event-stream", **keywords: Any
) -> errors.StreamError:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=content, headers={"content-type": kind})

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    stream = nbstream.stream(f"{name}/m", "hi", client=client, retries=0, **keywords)
    with pytest.raises(errors.StreamError) as caught:
        stream.until_done()
    return caught.value


WRONG_KEY = json.dumps({"error": {"message": "bad key", "code": "invalid_api_key"}}).encode()


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("openai-chat", "OPENAI_API_KEY"),
        ("openai", "OPENAI_API_KEY"),
        ("anthropic", "ANTHROPIC_API_KEY"),
        ("google", "GOOGLE_API_KEY"),  # the second of its two
        ("mistral", "MISTRAL_API_KEY"),
        ("openrouter", "OPENROUTER_API_KEY"),
    ],
)
def test_a_rejected_key_names_the_provider_and_the_variable(
    name: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in ("GEMINI_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(variable, KEY)
    error = failure(name, WRONG_KEY, 401)
    assert isinstance(error, errors.AuthenticationError)
    assert error.remedy == f"Check the API key of {name} in {variable}."
    assert error.provider == name
    assert KEY not in str(error)
    # 400 with Google's and others' own words, and in a stream that has begun with 200
    assert failure(name, WRONG_KEY, 400).remedy == error.remedy
    in_stream = failure(name, b"data: " + WRONG_KEY + b"\n\n")
    assert in_stream.remedy == error.remedy


def test_a_rejected_key_of_a_keyword(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-another-secret-0123456789")
    error = failure("openai", WRONG_KEY, 401, api_key=KEY)
    assert "passed as api_key=" in str(error.remedy)
    assert "OPENAI_API_KEY" in str(error.remedy)
    assert "secret" not in str(error)


def test_a_server_of_the_users_own_that_wants_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VLLM_API_KEY", raising=False)
    error = failure("vllm", b'{"error": "Unauthorized"}', 401)
    assert error.remedy == "vllm wants an API key: set VLLM_API_KEY, or pass api_key=."


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize("kind", ["text/event-stream", "application/json", "text/plain"])
@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b'data: {"choices": [{"delta": oops\n\n', '{"choices": [{"delta": oops'),
        (b"data: <b>Sorry</b>\n\n", "<b>Sorry</b>"),
        (b"upstream connect error or disconnect", "upstream connect error or disconnect"),
        (b"<h1>Sign in</h1>", "<h1>Sign in</h1>"),
        (b"\xff\xfe\x00garbage", "garbage"),
    ],
)
def test_what_is_no_answer_is_shown(name: str, kind: str, content: bytes, shown: str) -> None:
    error = failure(name, content, 200, kind, api_key=KEY)
    assert isinstance(error, errors.ProtocolError)
    assert shown in error.text
    assert "base_url" in str(error.remedy)


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize("content", [b"", b"\r\n"])
def test_an_empty_response_says_so(name: str, content: bytes) -> None:
    error = failure(name, content, api_key=KEY)
    assert isinstance(error, errors.IncompleteResponseError)
    assert "empty" in error.text


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize("content", [b"d", b"data", b": ping\n\n", b"event: x\n", b"data: {"])
def test_a_stream_that_is_cut_at_its_start_is_incomplete(name: str, content: bytes) -> None:
    error = failure(name, content, api_key=KEY)
    assert isinstance(error, errors.IncompleteResponseError)
    assert "Run it again" in str(error.remedy)


def test_malformed_json_of_generate() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b'{"data": oops', headers={"content-type": "text/plain"})

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    made = nbstream.generate("openai/gpt-image-1", "a cat", api_key=KEY, client=client, retries=0)
    with pytest.raises(errors.StreamError, match="oops") as caught:
        made.result()
    assert "base_url" in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value", "keywords", "place"),
    [
        ("OLLAMA_HOST", "127.0.0.1:9", {}, "OLLAMA_HOST"),
        ("OLLAMA_BASE_URL", "http://127.0.0.1:9/v1", {}, "OLLAMA_BASE_URL"),
        ("OLLAMA_HOST", "h", {"base_url": "http://127.0.0.1:9/v1"}, "base_url"),
        ("OLLAMA_HOST", "", {}, "OLLAMA_HOST or base_url"),
    ],
)
def test_what_speaks_of_the_address_says_where_it_is_set(
    variable: str,
    value: str,
    keywords: dict[str, Any],
    place: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(variable, value)
    if value or keywords:
        with pytest.raises(errors.ConnectionFailedError) as caught:
            nbstream.stream("ollama/m", "hi", retries=0, **keywords).until_done()
        assert f"address ({place})." in str(caught.value)
    missing = failure("ollama", b'{"error": {"message": "no such model"}}', 404, **keywords)
    assert missing.remedy == f"Check the model's name, and the address ({place})."
    page = failure("ollama", b"<html></html>", kind="text/html", **keywords)
    assert f"address ({place})." in (page.remedy or "")


def test_the_address_of_a_provider_is_nothing_to_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    missing = failure("openai", b'{"error": {"message": "no"}}', 404, api_key=KEY)
    assert missing.remedy == "Check the model's name, and the address if you gave one."


ANSWERS = {
    "openai-chat": b'data: {"choices": [{"index": 0, "delta": {"content": "Hi"}}]}\n\n',
    "openai": b'event: response.created\ndata: {"type": "response.created", "response": {}}\n\n',
    "anthropic": b'event: ping\ndata: {"type": "ping"}\n\n'
    b'event: message_start\ndata: {"type": "message_start", "message": {}}\n\n',
    "google": b'data: {"candidates": [{"content": {"parts": [{"text": "Hi"}]}}]}\n\n',
}


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize("other", PROVIDERS)
def test_an_answer_in_the_format_of_another_protocol_names_a_provider_for_it(
    name: str, other: str
) -> None:
    error = failure(name, ANSWERS[other], api_key=KEY)
    if other == name:
        assert isinstance(error, errors.IncompleteResponseError)
        return
    assert isinstance(error, errors.ProtocolError)
    assert error.remedy == f"Name the model {other}/<model>, or check the address (base_url)."


@pytest.mark.parametrize("name", PROVIDERS)
def test_json_that_is_no_answer_is_shown(name: str) -> None:
    error = failure(name, b'{"status": "ok"}', kind="application/json", api_key=KEY)
    assert isinstance(error, errors.ProtocolError)
    assert '{"status": "ok"}' in error.text
    cut = failure(name, b'data: {"status": "o', api_key=KEY)
    assert isinstance(cut, errors.IncompleteResponseError)
