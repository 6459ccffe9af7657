"""A key never shows in an error, its causes, a traceback, a log, a response or a repr."""

import base64
import dataclasses
import itertools
import json
import logging
import math
import pickle
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
from IPython.core import ultratb

import nbstream
from nbstream import errors
from nbstream.core.redact import Address, Secret, redact
from nbstream.providers.model import Endpoint
from tests.harness.llm_server import LLMServer

KEY = "sk-very-secret-0123456789"
PASSWORD = "pa55word-of-mine"
ADDRESS = f"http://somebody:{PASSWORD}@p.example/v1"
BASIC = base64.b64encode(f"somebody:{PASSWORD}".encode()).decode()

PROVIDERS = ["openai-chat/m", "openai/m", "anthropic/m", "google/m", "azure/m"]


def texts(given: Any, depth: int = 2) -> Iterator[str]:
    """The repr and str of ``given`` and of its attributes, ``depth`` levels deep."""
    yield f"{given!s} {given!r}"
    if depth == 0:
        return
    names = {*getattr(given, "__dict__", ()), *("_request", "request", "response", "headers")}
    names |= {slot for kind in type(given).__mro__ for slot in getattr(kind, "__slots__", ())}
    for name in names:
        try:
            value = getattr(given, name)
        except (AttributeError, RuntimeError):  # httpx: "The .request property has not been set"
            continue
        yield from texts(value, depth - 1)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and all its causes and contexts."""
    todo, seen = [error], set()
    while todo:
        one = todo.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            todo += [one.__cause__, one.__context__]


def shown(error: BaseException) -> str:
    """Everything that can be printed of it, except the test's own frame, which holds the key."""
    trace = error.__traceback__.tb_next if error.__traceback__ else None
    found = [text for one in chain(error) for text in texts(one)]
    with_locals = traceback.TracebackException(type(error), error, trace, capture_locals=True)
    found += with_locals.format()
    # IPython prints the error's own traceback for a cell.
    bare = error.with_traceback(trace)
    found.append(str(ultratb.VerboseTB(theme_name="nocolor").text(type(bare), bare, trace)))
    found.append(repr(pickle.dumps(error.with_traceback(None))))
    return "\n".join(found)


def failure(ask: Callable[[], object]) -> BaseException:
    try:
        ask()
    except Exception as error:  # noqa: BLE001 - any error will do
        return error
    raise AssertionError("nothing failed")


class Breaks(httpx.AsyncByteStream):
    """A body that fails after its first bytes."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'data: {"choices":[{"delta":{"content":"a"}}]}\n\n'
        raise self.error


def said(request: httpx.Request) -> str:
    names = ("authorization", "x-api-key", "x-goog-api-key", "api-key")
    return " ".join(request.headers[name] for name in names if name in request.headers)


def connect(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError(f"refused {said(request)!r}", request=request)


def read(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow", request=request)


def broken_off(request: httpx.Request) -> httpx.Response:
    stream = Breaks(httpx.ReadTimeout("slow", request=request))
    return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=stream)


def refused(request: httpx.Request) -> httpx.Response:
    return httpx.Response(401, json={"error": {"message": f"bad key {said(request)}"}})


def cut(request: httpx.Request) -> httpx.Response:
    # The error's quotation ends in the middle of the key.
    return httpx.Response(401, json={"error": {"message": "x" * 275 + said(request)}})


def no_json(request: httpx.Request) -> httpx.Response:
    body = b"{" + b"x" * 177 + said(request).encode()  # cut inside the key as well
    return httpx.Response(200, content=body, headers={"content-type": "application/json"})


def in_stream(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=f'data: {{"error": "bad {said(request)}"}}\n\n'.encode())


def own(request: httpx.Request) -> httpx.Response:
    raise ZeroDivisionError("mine") from httpx.ReadError("inner", request=request)


def own_with_key(request: httpx.Request) -> httpx.Response:
    raise ValueError(said(request))


SERVERS = [connect, read, broken_off, refused, cut, no_json, in_stream, own, own_with_key]


@pytest.mark.parametrize("server", SERVERS, ids=lambda one: str(one.__name__))
@pytest.mark.parametrize("name", PROVIDERS)
def test_no_failure_shows_the_key(
    name: str, server: Callable[[httpx.Request], httpx.Response], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = httpx.AsyncClient(transport=httpx.MockTransport(server))
    stream = nbstream.stream(
        name, "hi", base_url="http://p.example/v1", api_key=KEY, client=client, retries=0
    )
    found = shown(failure(stream.until_done))
    found += caplog.text + "".join(texts(stream.response)) + repr(stream)
    assert KEY[:12] not in found


def test_no_log_shows_the_key(
    llm_server: LLMServer, caplog: pytest.LogCaptureFixture, http: str
) -> None:
    """Over a real connection, because the HTTP client logs too."""
    caplog.set_level(logging.DEBUG)
    for name in ("openai-chat/status-401", "anthropic/status-401", "openai-chat/paced-1-1000"):
        stream = nbstream.stream(name, "hi", base_url=f"{llm_server.url}/v1", api_key=KEY)
        stream.wait()
    assert http.replace("httpx", "httpcore") in {
        record.name.partition(".")[0] for record in caplog.records
    }
    assert KEY not in caplog.text


@pytest.mark.parametrize("server", [connect, refused, in_stream, own_with_key])
def test_no_failure_shows_user_and_password_of_an_address(
    server: Callable[[httpx.Request], httpx.Response],
) -> None:
    client = httpx.AsyncClient(transport=httpx.MockTransport(server))
    model = nbstream.get_model("openai-chat/m", base_url=ADDRESS, api_key=KEY)
    stream = nbstream.stream(model, "hi", client=client, retries=0)
    found = shown(failure(stream.until_done)) + repr(stream.response) + repr(model.endpoint())
    assert PASSWORD not in found
    assert BASIC not in found


def test_user_and_password_are_sent_as_basic_and_removed_from_the_address(
    llm_server: LLMServer,
) -> None:
    address = llm_server.url.replace("//", f"//somebody:{PASSWORD}@") + "/v1"
    stream = nbstream.stream("openai-chat/paced-3-1000", "hi", base_url=address, api_key=KEY)
    stream.until_done()
    assert llm_server.requests[-1].headers["authorization"] == f"Basic {BASIC}"
    assert stream.response is not None
    assert stream.response.url == f"{llm_server.url}/v1/chat/completions"


def test_a_response_header_that_repeats_the_key_is_redacted() -> None:
    def repeats(request: httpx.Request) -> httpx.Response:
        headers = {"x-echo": said(request), "content-type": "text/event-stream"}
        return httpx.Response(200, headers=headers, content=b"")

    client = httpx.AsyncClient(transport=httpx.MockTransport(repeats))
    stream = nbstream.stream(
        "anthropic/m", "hi", base_url="http://p", api_key=KEY, client=client, retries=0
    )
    failure(stream.until_done)
    assert stream.response is not None
    assert stream.response.headers["x-echo"] == "[key]"


WRONG: list[dict[str, Any]] = [
    {"client": httpx.Client()},
    {"client": 5},
    {"model": 5},
    {"model": "opnai/m"},
    {"model": "openai-chat"},
    {"messages": 5},
    {"messages": [None]},
    {"timeout": "soon"},
    {"retries": "3"},
    {"tools": 5},
    {"tools": [5]},
    {"tool_choice": "nothing"},
    {"temperature": float("nan")},
    {"output_type": 5},
    {"base_url": "nowhere"},
    {"base_url": f"http://somebody:{PASSWORD}@host:port"},
    {"base_url": f"somebody:{PASSWORD}@host"},
    {"system": 5},
    {"api_key": KEY + "\0"},
    {"api_key": KEY[:12] + "\n" + KEY},
    {"api_key": KEY + "ü"},
    {"api_key": KEY.encode() + b"\xfc"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_no_error_before_sending_shows_it(wrong: dict[str, Any]) -> None:
    given = {"model": "openai-chat/m", "messages": "hi", "api_key": KEY, "base_url": ADDRESS}
    error = failure(lambda: nbstream.stream(**(given | wrong)))
    assert isinstance(error, errors.UsageError)
    trace = error.__traceback__
    assert trace is not None
    assert trace.tb_next is not None
    error.__traceback__ = trace.tb_next  # the lambda's frame; ``shown`` leaves out one more
    found = shown(error)
    assert KEY not in found
    assert PASSWORD not in found


OWN = "my own key of a server 1"  # no form by which a key is told; it is also in api_key=

NESTED: list[dict[str, Any]] = [
    {"metadata": {"a": {"b": KEY}}},
    {"metadata": {"a": [{"b": (KEY,)}]}},
    {"metadata": {KEY: 1}},
    {"metadata": {"a": {"b": f"Bearer {KEY}"}}},
    {"metadata": {"a": {"my_token": "very-secret-word-0"}}},
    {"temperature": [KEY]},
    {"temperature": {KEY}},
    {"temperature": KEY},
    {"max_tokens": {"x": [KEY]}},
    {"stop": [[KEY]]},
    {"system": [{"type": KEY}]},
    {"tools": [{"name": "f", "key": KEY, "parameters": 5}]},
    {"tool_choice": {"name": [KEY]}},
    {"thinking": [KEY]},
    {"reasoning": [KEY]},
    {"retries": [KEY]},
    {"timeout": [KEY]},
    {"cache": [KEY]},
    {"extra_body": [KEY]},
    {"unknown": {"a": KEY}},
    {"metadata": {"a": {"b": OWN}}, "temperature": []},
    {"temperature": [OWN]},
    {"user": [f"x {OWN}"]},
]


@pytest.mark.parametrize("wrong", NESTED, ids=str)
def test_no_key_inside_a_parameter_shows(wrong: dict[str, Any]) -> None:
    given = {"model": "openai-chat/m", "messages": "hi", "api_key": OWN, "base_url": ADDRESS}
    error = failure(lambda: nbstream.stream(**({"temperature": math.nan} | given | wrong)))
    assert isinstance(error, errors.UsageError)
    assert error.__traceback__ is not None
    error.__traceback__ = error.__traceback__.tb_next  # the lambda's frame
    found = shown(error)
    for secret in (KEY, OWN, "very-secret"):
        assert secret not in found


def test_a_value_that_looks_like_a_key_is_sent_as_it_is() -> None:
    sent: list[Any] = []

    def server(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return httpx.Response(401, json={})

    client = httpx.AsyncClient(transport=httpx.MockTransport(server))
    metadata = {"a": KEY, "author": "Ana"}
    stream = nbstream.stream(
        "openai/m", "hi", api_key=KEY, client=client, retries=0, metadata=metadata, user=KEY
    )
    failure(stream.until_done)
    assert sent[0]["metadata"] == metadata


@pytest.mark.parametrize(
    "make",
    [
        lambda: nbstream.Timeouts(connect=[KEY]),  # type: ignore[arg-type]
        lambda: nbstream.Timeouts(api_key=KEY),  # type: ignore[call-arg]
        lambda: nbstream.ImageParams(n=[KEY]),  # type: ignore[arg-type]
        lambda: nbstream.ImageParams(aspect_ratio=KEY),
        lambda: nbstream.VideoParams(duration=-1, provider_options={"a": {"b": KEY}}),
        lambda: nbstream.VideoParams(key=KEY),  # type: ignore[call-arg]
        lambda: nbstream.generate("openai/gpt-image-1", "x", api_kye=KEY),  # type: ignore[call-arg]
        lambda: nbstream.generate(
            "openai/gpt-image-1", "", nbstream.ImageParams(provider_options={"a": [KEY]})
        ),
    ],
)
def test_no_error_of_a_parameter_object_shows_a_key(make: Callable[[], object]) -> None:
    error = failure(make)
    assert isinstance(error, errors.UsageError)
    assert error.__traceback__ is not None
    error.__traceback__ = error.__traceback__.tb_next
    assert KEY not in shown(error)


@pytest.mark.parametrize("wrong", [{"client": 5}, {"params": 5}, {"messages": 5}, {"timeout": ""}])
def test_no_error_of_generate_before_sending_shows_it(wrong: dict[str, Any]) -> None:
    given = {"model": "openai/gpt-image-1", "messages": "hi", "api_key": KEY, "base_url": ADDRESS}
    error = failure(lambda: nbstream.generate(**(given | wrong)))
    assert isinstance(error, errors.UsageError)
    assert error.__traceback__ is not None
    error.__traceback__ = error.__traceback__.tb_next
    found = shown(error)
    assert KEY not in found
    assert PASSWORD not in found


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize("form", ["{}\n", " {}", "\t{}\r\n", "{}\N{NO-BREAK SPACE}"])
def test_whitespace_around_a_key_is_removed(name: str, form: str) -> None:
    sent: list[str] = []

    def server(request: httpx.Request) -> httpx.Response:
        sent.append(said(request))
        return httpx.Response(401, json={})

    client = httpx.AsyncClient(transport=httpx.MockTransport(server))
    stream = nbstream.stream(
        name, "hi", base_url="http://p", api_key=form.format(KEY), client=client, retries=0
    )
    failure(stream.until_done)
    assert sent[0].removeprefix("Bearer ") == KEY


@pytest.mark.parametrize("bad", ["\n", "\0", "ü", "\N{ZERO WIDTH SPACE}", "\x7f"])
def test_a_key_that_no_header_can_hold_is_refused_naming_its_variable(
    bad: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if bad == "\0":
        place = "api_key="
        error = failure(lambda: nbstream.get_model("openai/m", api_key=f"{KEY}{bad}{KEY}"))
    else:
        place = "OPENAI_API_KEY"
        monkeypatch.setenv(place, f"{KEY}{bad}{KEY}")
        error = failure(lambda: nbstream.get_model("openai/m"))
    assert isinstance(error, errors.UsageError)
    assert place in str(error)
    assert "Copy it again" in str(error)
    assert KEY not in str(error)
    assert error.__traceback__ is not None
    error.__traceback__ = error.__traceback__.tb_next
    assert KEY not in shown(error)


def test_a_custom_endpoint_is_checked_too(llm_server: LLMServer) -> None:
    good = nbstream.get_model("openai-chat/paced-1-1000", base_url=llm_server.url, api_key=KEY)
    bad = dataclasses.replace(good, endpoint=lambda: Endpoint(llm_server.url, KEY + "ü"))
    error = failure(nbstream.stream(bad, "hi").until_done)
    assert isinstance(error, errors.UsageError)
    assert KEY not in shown(error)


def test_a_placeholder_key_is_not_redacted() -> None:
    assert redact("there is none", ["none"]) == "there is none"


@pytest.mark.parametrize(
    "form",
    [
        lambda key: key,
        repr,
        json.dumps,
        lambda key: base64.b64encode(key.encode()).decode(),
        lambda key: f"<b>{httpx.URL('http://h', params={'key': key})}</b>",
    ],
)
def test_a_key_is_redacted_in_every_quoted_form(form: Callable[[str], str]) -> None:
    key = "sk'very\"secret\\0123/45&6789"
    quoted = form(key)
    assert redact(f"bad key {quoted}.", [key]) != f"bad key {quoted}."
    assert "0123" not in redact(quoted, [key])
    assert "MDEyMy" not in redact(quoted, [key])


def test_a_truncated_key_is_redacted() -> None:
    assert redact(f"bad key {KEY[:12]}", [KEY]) == "bad key [key]"
    assert redact(f"bad key {KEY[:-1]}\nCheck it.", [KEY]) == "bad key [key]\nCheck it."
    assert redact("its keys begin with sk-very-", [KEY[:8]]) == "its keys begin with [key]"
    assert redact("its keys begin with sk-.", [KEY]) == "its keys begin with sk-."


def test_reprs() -> None:
    assert repr(Secret(KEY)) == "'[key]'"
    assert repr(Address(ADDRESS)) == "'http://p.example/v1'"
    assert repr(Address("me:pw@host")) == "'host'"
    plain, hidden = Address("http://h/v1"), Address(ADDRESS)
    assert repr(plain) == "'http://h/v1'"
    assert f"{hidden}" == ADDRESS
    for one, other in itertools.pairwise([plain, "http://h/v1"]):
        assert one == other
