"""Failures before and within a response, retries and time limits."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import nbstream
from nbstream import errors
from nbstream.core.events import Event, Retry
from nbstream.transport.retries import retry_delay
from tests.harness.background import run_async
from tests.harness.llm_server import LLMServer

KEY = "sk-very-secret-0123456789"

Answer = Callable[[httpx.Request], httpx.Response]


def sse(*values: dict[str, Any]) -> bytes:
    return b"".join(b"data: " + json.dumps(value).encode() + b"\n\n" for value in values)


def delta(text: str, finish: str | None = None) -> dict[str, Any]:
    return {"id": "c", "choices": [{"delta": {"content": text}, "finish_reason": finish}]}


def answers() -> httpx.Response:
    body = sse(delta("Hello"), delta("", "stop")) + b"data: [DONE]\n\n"
    return httpx.Response(200, content=body, headers={"content-type": "text/event-stream"})


def fails(status: int, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json={"error": {"message": "no"}}, headers=named)


class Script:
    """A server that returns these responses in order; an exception is raised instead."""

    def __init__(self, *steps: httpx.Response | Exception) -> None:
        self.steps = list(steps)
        self.requests: list[httpx.Request] = []
        self.client = httpx.AsyncClient(transport=httpx.MockTransport(self._handle))

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        step = self.steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    def ask(self, **settings: Any) -> nbstream.Stream:
        return nbstream.stream(
            "openai-chat/m",
            "hi",
            base_url="http://provider.example/v1",
            api_key=KEY,
            client=self.client,
            **settings,
        )


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shortens our own delays; a provider's delays are kept."""
    monkeypatch.setattr("nbstream.transport.retries._FIRST_DELAY", 0.01)


# Statuses, and names of the HTTP library's exceptions.
SAFE = [408, 409, 429, 500, 502, 503, 529, "ConnectError", "ConnectTimeout", "RemoteProtocolError"]


@pytest.mark.parametrize("failure", SAFE)
def test_a_safe_retry_is_sent_and_shown(failure: int | str) -> None:
    step = fails(failure) if isinstance(failure, int) else getattr(httpx, failure)("failed")
    script = Script(step, answers())
    events = list(stream := script.ask())
    retries = [event for event in events if isinstance(event, Retry)]
    assert events[0] is retries[0]
    assert [retry.attempt for retry in retries] == [2]
    assert "provider.example" in retries[0].reason
    assert stream.text == "Hello"
    assert stream.error is None
    assert script.requests[0].content == script.requests[1].content


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 422])
def test_a_permanent_failure_is_not_retried(status: int) -> None:
    script = Script(fails(status))
    with pytest.raises(errors.ProviderError) as caught:
        script.ask().until_done()
    assert len(script.requests) == 1
    assert caught.value.status == status
    assert caught.value.provider == "openai-chat"


def test_two_retries_by_default() -> None:
    script = Script(*(fails(503, x_request_id=f"req_{n}") for n in range(3)))
    events: list[Event] = []
    with pytest.raises(errors.OverloadedError) as caught:
        events.extend(stream := script.ask())
    assert caught.value.request_id == "req_2"
    assert len(script.requests) == 3
    assert stream.error is caught.value


@pytest.mark.parametrize("retries", [0, 1, 4])
def test_retries_can_be_set(retries: int) -> None:
    script = Script(*(fails(500) for _ in range(9)))
    with pytest.raises(errors.ServerError):
        script.ask(retries=retries).until_done()
    assert len(script.requests) == retries + 1


def test_retry_after_is_obeyed() -> None:
    script = Script(fails(429, retry_after="0.4"), answers())
    began = time.monotonic()
    retry = next(iter(stream := script.ask().__iter__()))
    assert isinstance(retry, Retry)
    assert 0.4 <= retry.wait < 0.7
    assert any(True for _ in stream)
    assert time.monotonic() - began >= 0.4


def test_a_long_retry_after_is_not_waited_for() -> None:
    script = Script(fails(429, retry_after="3600"))
    with pytest.raises(errors.RateLimitError) as caught:
        script.ask().until_done()
    assert caught.value.wait == 3600
    assert "1 h 00 min" in str(caught.value)


def test_overload_in_the_stream_before_its_first_event_is_retried() -> None:
    body = sse({"error": {"message": "Overloaded", "code": 529}})
    script = Script(httpx.Response(200, content=body), answers())
    assert script.ask().get_final_text() == "Hello"
    assert len(script.requests) == 2


def test_no_retry_once_the_response_has_begun() -> None:
    body = sse(delta("Hel"), {"error": {"message": "Overloaded", "code": 529}})
    script = Script(httpx.Response(200, content=body), answers())
    with pytest.raises(errors.ProviderError) as caught:
        script.ask().until_done()
    assert len(script.requests) == 1
    assert caught.value.message is not None
    assert caught.value.message.text == "Hel"


def test_a_json_error_with_status_200() -> None:
    reply = httpx.Response(200, json={"error": {"message": "no such model", "code": 404}})
    with pytest.raises(errors.NotFoundError, match="no such model"):
        Script(reply).ask().until_done()


def test_a_web_page_means_a_wrong_address() -> None:
    page = httpx.Response(200, html="<title>Welcome</title>")
    with pytest.raises(errors.ProtocolError, match="base_url"):
        Script(page).ask().until_done()
    moved = httpx.Response(308, headers={"location": "https://elsewhere.example"})
    with pytest.raises(errors.NotFoundError, match="base_url"):
        Script(moved).ask().until_done()


def test_cancelling_ends_the_wait_for_a_retry() -> None:
    script = Script(fails(503, retry_after="30"))
    stream = script.ask()
    events = iter(stream)  # a reader from the first event on: a later one is not told of a retry
    assert isinstance(next(events), Retry)
    threading.Timer(0.2, stream.cancel).start()
    began = time.monotonic()
    stream.until_done()
    assert time.monotonic() - began < 10
    assert stream.finish_reason == "cancelled"
    assert len(script.requests) == 1


def test_delays_grow_and_have_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbstream.transport.retries._FIRST_DELAY", 0.5)
    error = errors.ServerError("x")
    for attempt, most in [(2, 0.5), (3, 1.0), (4, 2.0), (9, 8.0)]:
        waits = {retry_delay(error, attempt, 9) for _ in range(20)}
        assert len(waits) > 1
        assert all(wait is not None and 0.75 * most <= wait <= most for wait in waits)
    assert retry_delay(error, 4, 2) is None
    assert retry_delay(errors.BadRequestError("x"), 2, 2) is None


def test_timeouts_reach_the_connection() -> None:
    script = Script(answers())
    script.ask(timeout=nbstream.Timeouts(connect=1.5)).until_done()
    assert script.requests[0].extensions["timeout"]["connect"] == 1.5
    script = Script(answers())
    script.client.timeout = httpx.Timeout(7.0)
    script.ask().until_done()
    assert script.requests[0].extensions["timeout"]["read"] == 7.0, "the user's own"


def test_a_blocking_client_is_refused_before_anything_is_sent() -> None:
    with httpx.Client() as client, pytest.raises(errors.UsageError, match="AsyncClient"):
        nbstream.stream("openai-chat/m", "hi", api_key=KEY, client=client)


def test_the_class_of_a_client_is_refused() -> None:
    with pytest.raises(errors.UsageError, match=r"client=AsyncClient\(\.\.\.\)"):
        nbstream.stream("openai-chat/m", "hi", api_key=KEY, client=httpx.AsyncClient)


def test_a_closed_client_is_named_in_the_error() -> None:
    script = Script(answers())
    run_async(script.client.aclose())
    with pytest.raises(errors.UsageError, match="closed"):
        script.ask().until_done()


def test_a_proxy_of_the_environment_is_used(
    llm_server: LLMServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", llm_server.url)
    url = "http://provider.example/v1"
    stream = nbstream.stream("openai-chat/paced-3-700", "hi", base_url=url, api_key=KEY)
    assert stream.get_final_text()
    assert llm_server.of("paced-3-700")[-1].path == f"{url}/chat/completions"


def test_stream_response() -> None:
    reply = answers()
    reply.headers["x-request-id"] = "req_9"
    stream = Script(reply).ask()
    assert (stream.response, stream.request_id) == (None, None)
    stream.until_done()
    assert stream.response is not None
    assert stream.response.status == 200
    assert stream.response.headers["X-Request-ID"] == "req_9"
    assert stream.request_id == "req_9"
    assert stream.message.provider == "openai-chat"
