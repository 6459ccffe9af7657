"""``extra_body=``, ``extra_headers=`` and ``extra_query=``: what is sent; keys stay hidden."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

import nbstream
from nbstream.errors import UsageError
from nbstream.protocols.json_merge import merge
from tests.request.sent import CONFIG, KEY, MODELS, Server, request, sent


@pytest.mark.parametrize("protocol", MODELS)
def test_extras_are_sent(protocol: str) -> None:
    one = request(
        MODELS[protocol],
        extra_body={"own": {"a": [1, None]}},
        extra_headers={"X-Trace": "t", "User-Agent": "mine"},
        extra_query={"debug": True, "n": 1},
    )
    assert json.loads(one.content)["own"] == {"a": [1, None]}
    assert (one.headers["x-trace"], one.headers["user-agent"]) == ("t", "mine")
    assert (one.url.params["debug"], one.url.params["n"]) == ("true", "1")
    assert protocol != "gemini" or one.url.params["alt"] == "sse"


@pytest.mark.parametrize(
    ("protocol", "keywords", "extra", "expected"),
    [
        (
            "openai_responses",
            {"reasoning": "low"},
            {"reasoning": {"summary": "auto"}, "store": True},
            {"reasoning": {"effort": "low", "summary": "auto"}, "store": True},
        ),
        ("openai_responses", {"temperature": 1}, {"temperature": 0}, {"temperature": 0}),
        (
            "openai_chat",
            {},
            {"stream_options": {"include_obfuscation": False}},
            {"stream_options": {"include_usage": True, "include_obfuscation": False}},
        ),
        (
            "gemini",
            {"temperature": 1},
            {CONFIG: {"mediaResolution": "LOW"}},
            {CONFIG: {"temperature": 1, "mediaResolution": "LOW"}},
        ),
        (
            "anthropic",
            {"reasoning": 2000},
            {"thinking": {"type": "disabled"}},
            {"thinking": {"type": "disabled"}},
        ),
    ],
)
def test_extra_body_is_merged_last(
    protocol: str, keywords: dict[str, Any], extra: Mapping[str, Any], expected: Mapping[str, Any]
) -> None:
    body = sent(MODELS[protocol], extra_body=extra, **keywords)
    assert {name: body[name] for name in expected} == expected


def test_extra_headers_replace_ours_and_add_to_the_betas() -> None:
    tools = [nbstream.providers.anthropic.tools.web_fetch()]
    own = {"Authorization": "Bearer x", "X-API-Key": "mine", "anthropic-beta": "a-1, b-2"}
    one = request(MODELS["anthropic"], extra_headers=own, tools=tools)
    assert one.headers["authorization"] == "Bearer x"
    assert one.headers.get_list("x-api-key") == ["mine"]
    assert one.headers["anthropic-beta"] == "web-fetch-2025-09-10,a-1,b-2"


SECRET = "sk-extra-0123456789-abcdefghij"
HIDDEN: list[dict[str, Any]] = [
    {"extra_headers": {"Authorization": f"Bearer {SECRET}"}},
    {"extra_headers": {"X-Anything": SECRET}},
    {"extra_headers": MappingProxyType({"X-Anything": SECRET.encode()})},
    {"extra_query": {"key": SECRET}},
    {"extra_body": {"servers": [{"authorization_token": SECRET}]}},
    {"extra_body": {"headers": {"Authorization": SECRET}}},
]


@pytest.mark.parametrize("extra", HIDDEN, ids=str)
def test_a_key_in_the_extras_is_not_in_an_error(extra: dict[str, Any]) -> None:
    server = Server(f"You sent {SECRET}, Bearer {SECRET}.")
    stream = nbstream.stream(
        MODELS["openai_chat"], "hi", api_key=KEY, client=server.client, **extra
    )
    with pytest.raises(nbstream.errors.ProviderError) as caught:
        stream.until_done()
    assert "[key]" in str(caught.value)
    assert SECRET not in f"{caught.value}{caught.value!r}{stream!r}{stream.response}"
    body, headers = server.requests[0].content.decode(), str(server.requests[0].headers.raw)
    assert SECRET in body + headers + str(server.requests[0].url)


def test_other_values_stay_in_an_error() -> None:
    words = "claude-sonnet-4-5-20250929 is not one of mine"
    server = Server(words)
    extra = {"fallbacks": ["claude-sonnet-4-5-20250929"], "image": "a1" * 100_000}
    stream = nbstream.stream(
        MODELS["openai_chat"], "hi", client=server.client, api_key=KEY, extra_body=extra
    )
    with pytest.raises(nbstream.errors.ProviderError, match=words):
        stream.until_done()


@pytest.mark.parametrize("extra", HIDDEN, ids=str)
@pytest.mark.parametrize("wrong", [{"temperature": 5}, {"timeot": 1}, {"client": 5}], ids=str)
def test_a_key_in_the_extras_is_not_in_a_verbose_traceback(
    extra: dict[str, Any], wrong: dict[str, Any]
) -> None:
    with pytest.raises(UsageError) as caught:
        nbstream.stream(MODELS["openai_chat"], "hi", **{"api_key": KEY, **extra, **wrong})
    trace = caught.value.__traceback__
    assert trace is not None
    shown, frame = "", trace.tb_next
    while frame is not None:
        shown += repr(frame.tb_frame.f_locals)
        frame = frame.tb_next
    assert shown
    assert SECRET not in shown
    assert KEY not in shown


def test_merging_replaces_lists_and_objects_of_another_type() -> None:
    assert merge({"a": [1], "b": {"c": 1}}, {"a": [2], "b": {"d": 2}}) == {
        "a": [2],
        "b": {"c": 1, "d": 2},
    }
    assert merge({"f": {"type": "x", "y": 1}}, {"f": {"type": "z"}}) == {"f": {"type": "z"}}
