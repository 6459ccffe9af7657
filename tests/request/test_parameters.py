"""The parameters of ``stream()``: what each protocol is sent, and what is refused before that."""

import inspect
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import httpx
import pytest

import nbstream
from nbstream.errors import UsageError
from nbstream.protocols.openai_chat import OpenAIChat, quirks
from nbstream.protocols.parameters import Parameters, merge, table
from nbstream.providers.table import PROVIDERS
from nbstream.request.keywords import FOREIGN, Keywords
from nbstream.testing import ScriptedModel
from scripts.parameters import DOCUMENT, document
from tests.harness.llm_server import LLMServer
from tests.live import wires

KEY = "test-key-0123456789"
MODELS = {
    "anthropic": "anthropic/claude-opus-4-6",
    "openai_responses": "openai/gpt-5.2",
    "openai_chat": "openai-chat/gpt-5.2",
    "gemini": "google/gemini-3-pro-preview",
}


def now() -> str:
    """The time."""
    return "noon"


class Server:
    """Keeps the requests and answers each with an error that ends the stream."""

    def __init__(self, text: str = "") -> None:
        self.requests: list[httpx.Request] = []
        self.text = text
        self.client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(400, json={"error": {"message": self.text}})


def request(model: str, **keywords: Any) -> httpx.Request:
    """What the provider is sent."""
    server = Server()
    stream = nbstream.stream(model, "hi", api_key=KEY, client=server.client, **keywords)
    with pytest.raises(nbstream.errors.ProviderError):
        stream.until_done()
    return server.requests[-1]


def sent(model: str, **keywords: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(request(model, **keywords).content)
    return body


def added(model: str, **keywords: Any) -> dict[str, Any]:
    """The fields of the body that the keywords changed."""
    tools = {name: one for name, one in keywords.items() if name == "tools"}
    plain, body = sent(model, **tools), sent(model, **keywords)
    return {name: value for name, value in body.items() if plain.get(name) != value}


def refused(model: str, **keywords: Any) -> UsageError:
    """The error; nothing may have been sent."""
    server = Server()
    with pytest.raises(UsageError) as caught:
        nbstream.stream(model, "hi", api_key=KEY, client=server.client, **keywords)
    assert not server.requests
    assert caught.value.remedy or " takes " in caught.value.text  # which says what to write
    return caught.value


# What each protocol is sent. None: it is refused.
CONFIG = "generationConfig"
AUTO = {"type": "auto", "disable_parallel_tool_use": True}
NOTHING: dict[str, dict[str, Any] | None] = {protocol: {} for protocol in MODELS}
JOURNAL: list[tuple[dict[str, Any], dict[str, dict[str, Any] | None]]] = [
    (
        {"temperature": 0.5},
        {
            "anthropic": {"temperature": 0.5},
            "openai_responses": {"temperature": 0.5},
            "openai_chat": {"temperature": 0.5},
            "gemini": {CONFIG: {"temperature": 0.5}},
        },
    ),
    (
        {"top_p": 0.9},
        {
            "anthropic": {"top_p": 0.9},
            "openai_responses": {"top_p": 0.9},
            "openai_chat": {"top_p": 0.9},
            "gemini": {CONFIG: {"topP": 0.9}},
        },
    ),
    (
        {"top_k": 5},
        {
            "anthropic": {"top_k": 5},
            "openai_responses": None,
            "openai_chat": None,
            "gemini": {CONFIG: {"topK": 5}},
        },
    ),
    (
        {"max_tokens": 5},
        {
            "anthropic": {"max_tokens": 5},
            "openai_responses": {"max_output_tokens": 5},
            "openai_chat": {"max_completion_tokens": 5},
            "gemini": {CONFIG: {"maxOutputTokens": 5}},
        },
    ),
    (
        {"stop": "END"},
        {
            "anthropic": {"stop_sequences": ["END"]},
            "openai_responses": None,
            "openai_chat": {"stop": ["END"]},
            "gemini": {CONFIG: {"stopSequences": ["END"]}},
        },
    ),
    (
        {"seed": 7},
        {
            "anthropic": None,
            "openai_responses": None,
            "openai_chat": {"seed": 7},
            "gemini": {CONFIG: {"seed": 7}},
        },
    ),
    (
        {"presence_penalty": 1},
        {
            "anthropic": None,
            "openai_responses": None,
            "openai_chat": {"presence_penalty": 1},
            "gemini": {CONFIG: {"presencePenalty": 1}},
        },
    ),
    (
        {"frequency_penalty": -1.5},
        {
            "anthropic": None,
            "openai_responses": None,
            "openai_chat": {"frequency_penalty": -1.5},
            "gemini": {CONFIG: {"frequencyPenalty": -1.5}},
        },
    ),
    (
        {"reasoning": "low"},
        {
            "anthropic": {"thinking": {"type": "adaptive"}, "output_config": {"effort": "low"}},
            "openai_responses": {"reasoning": {"effort": "low"}},
            "openai_chat": {"reasoning_effort": "low"},
            "gemini": {
                CONFIG: {"thinkingConfig": {"includeThoughts": True, "thinkingLevel": "LOW"}}
            },
        },
    ),
    (
        {"reasoning": 2000},
        {
            "anthropic": {"thinking": {"type": "enabled", "budget_tokens": 2000}},
            "openai_responses": None,
            "openai_chat": None,
            "gemini": {
                CONFIG: {"thinkingConfig": {"includeThoughts": True, "thinkingBudget": 2000}}
            },
        },
    ),
    (
        {"reasoning": 0},
        {
            "anthropic": {"thinking": {"type": "disabled"}},
            "openai_responses": {"reasoning": {"effort": "none"}},
            "openai_chat": {"reasoning_effort": "none"},
            "gemini": None,
        },
    ),
    (
        {"reasoning": {"type": "adaptive"}},
        {
            "anthropic": {"thinking": {"type": "adaptive"}},
            "openai_responses": None,
            "openai_chat": None,
            "gemini": {CONFIG: {"thinkingConfig": {"includeThoughts": True}}},
        },
    ),
    (
        {"thinking": {"type": "enabled", "budget_tokens": 1600}},
        {
            "anthropic": {"thinking": {"type": "enabled", "budget_tokens": 1600}},
            "openai_responses": None,
            "openai_chat": None,
            "gemini": {
                CONFIG: {"thinkingConfig": {"includeThoughts": True, "thinkingBudget": 1600}}
            },
        },
    ),
    (
        {"thinking": {"type": "adaptive", "display": "omitted"}},
        {
            "anthropic": {"thinking": {"type": "adaptive", "display": "omitted"}},
            "openai_responses": None,
            "openai_chat": None,
            "gemini": None,
        },
    ),
    (
        {"verbosity": "low"},
        {
            "anthropic": None,
            "openai_responses": {"text": {"verbosity": "low"}},
            "openai_chat": {"verbosity": "low"},
            "gemini": None,
        },
    ),
    (
        {"cache": True},
        {
            "anthropic": {"cache_control": {"type": "ephemeral"}},
            "openai_responses": {},
            "openai_chat": {},
            "gemini": {},
        },
    ),
    ({"cache": False}, NOTHING),
    (
        {"cache": "1h"},
        {
            "anthropic": {"cache_control": {"type": "ephemeral", "ttl": "1h"}},
            "openai_responses": {"prompt_cache_key": "1h"},
            "openai_chat": {"prompt_cache_key": "1h"},
            "gemini": {"cachedContent": "1h"},
        },
    ),
    (
        {"cache": "cachedContents/a"},
        {
            "anthropic": None,
            "openai_responses": {"prompt_cache_key": "cachedContents/a"},
            "openai_chat": {"prompt_cache_key": "cachedContents/a"},
            "gemini": {"cachedContent": "cachedContents/a"},
        },
    ),
    (
        {"service_tier": "auto"},
        {
            "anthropic": {"service_tier": "auto"},
            "openai_responses": {"service_tier": "auto"},
            "openai_chat": {"service_tier": "auto"},
            "gemini": {"serviceTier": "auto"},
        },
    ),
    (
        {"parallel_tool_calls": False, "tools": [now]},
        {
            "anthropic": {"tool_choice": AUTO},
            "openai_responses": {"parallel_tool_calls": False},
            "openai_chat": {"parallel_tool_calls": False},
            "gemini": None,
        },
    ),
    (
        {"parallel_tool_calls": True},  # without tools there is nothing to say
        NOTHING,
    ),
    (
        {"tool_choice": "required", "tools": [now]},
        {
            "anthropic": {"tool_choice": {"type": "any"}},
            "openai_responses": {"tool_choice": "required"},
            "openai_chat": {"tool_choice": "required"},
            "gemini": {"toolConfig": {"functionCallingConfig": {"mode": "ANY"}}},
        },
    ),
    (
        {"user": "ada"},
        {
            "anthropic": {"metadata": {"user_id": "ada"}},
            "openai_responses": {"user": "ada"},
            "openai_chat": {"user": "ada"},
            "gemini": None,
        },
    ),
    (
        {"metadata": {"team": "blue"}},
        {
            "anthropic": None,
            "openai_responses": {"metadata": {"team": "blue"}},
            "openai_chat": {"metadata": {"team": "blue"}},
            "gemini": {"labels": {"team": "blue"}},
        },
    ),
    ({"timeout": 5, "retries": 0}, NOTHING),
]


@pytest.mark.parametrize("protocol", MODELS)
@pytest.mark.parametrize(("keywords", "expected"), JOURNAL, ids=[str(one) for one, _ in JOURNAL])
def test_what_is_sent(
    keywords: dict[str, Any], expected: dict[str, dict[str, Any] | None], protocol: str
) -> None:
    fields = expected[protocol]
    if fields is not None:
        assert added(MODELS[protocol], **keywords) == fields
        return
    error = refused(MODELS[protocol], **keywords)
    name = next(iter(keywords))
    assert ("reasoning" if name == "thinking" else name) in error.text
    assert error.remedy


def test_the_journal_has_every_parameter() -> None:
    assert {name for keywords, _ in JOURNAL for name in keywords} >= table(Keywords).keys()


def test_none_is_the_same_as_not_given() -> None:
    for model in MODELS.values():
        assert sent(model, **dict.fromkeys(Keywords.__annotations__.keys() - OWN)) == sent(model)


OWN = {"api_key", "client", "base_url"}


@pytest.mark.parametrize("protocol", MODELS)
def test_it_goes_over_http(protocol: str, llm_server: LLMServer) -> None:
    """The server knows one protocol's path; the others get an answer that says so."""
    own = f"test-{protocol}"
    stream = nbstream.stream(
        wires.model(protocol, llm_server.url, name=own),
        "hi",
        temperature=0.5,
        max_tokens=20,
        extra_body={"own": {"model": own}},
        extra_headers={"X-Trace": own},
        extra_query={"debug": True},
    )
    with suppress(nbstream.errors.ProviderError):
        stream.until_done()
    one = next(row for row in llm_server.requests if row.headers.get("x-trace") == own)
    assert one.body["own"] == {"model": own}
    assert "debug=true" in one.path
    limits = ("max_tokens", "max_output_tokens")
    fields = one.body.get(CONFIG) or one.body
    assert fields["temperature"] == 0.5
    assert [fields[name] for name in (*limits, "maxOutputTokens") if name in fields] == [20]


# The table's readers agree.


def test_the_signature_names_every_keyword_for_completion() -> None:
    names = inspect.signature(nbstream.stream).parameters
    assert {"model", "messages", "output_type", *Keywords.__annotations__} == set(names)
    assert all(
        names[name].kind is inspect.Parameter.KEYWORD_ONLY for name in Parameters.__annotations__
    )


def test_a_notebook_completes_the_keywords() -> None:
    completer = pytest.importorskip("IPython.core.completer")
    space = {"nbstream": nbstream}
    for use_jedi in (True, False):
        one = completer.IPCompleter(namespace=space, use_jedi=use_jedi)
        with completer.provisionalcompleter():
            text = 'nbstream.stream("local", "hi", reas'
            found = {item.text for item in one.completions(text, len(text))}
        assert "reasoning=" in found, f"use_jedi={use_jedi}"


def test_the_document_is_the_table() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run: python scripts/parameters.py"


# Keywords that stream() does not have.

TYPOS = {
    "timeot": "timeout=",
    "temprature": "temperature=",
    "max_token": "max_tokens=",
    "tool_choise": "tool_choice=",
    "reasonning": "reasoning=",
    "extra_header": "extra_headers=",
    "sytem": "system=",
    "mesages": "messages=",
    "outputtype": "output_type=",
    "frequency_penality": "frequency_penalty=",
}


@pytest.mark.parametrize(("typo", "meant"), TYPOS.items())
def test_a_typo_names_the_nearest_keyword(typo: str, meant: str) -> None:
    error = refused(MODELS["openai_chat"], **{typo: 3})
    assert f"{typo}=" in error.text
    assert f"Did you mean {meant}?" in str(error.remedy)


@pytest.mark.parametrize(
    ("theirs", "ours"), [(one, ours) for ours, names in FOREIGN.items() for one in names]
)
def test_another_librarys_name_is_answered_with_ours(theirs: str, ours: str) -> None:
    assert refused(MODELS["anthropic"], **{theirs: 3}).remedy == f"Write {ours}."
    assert theirs not in Keywords.__annotations__
    keyword = re.match(r"(\w+)=", ours)
    assert keyword is None or keyword[1] in {"output_type", *Keywords.__annotations__}


@pytest.mark.parametrize("name", ["ignore_eos", "min_p", "logit_bias", "store", "safety_settings"])
def test_a_providers_own_field_has_its_place(name: str) -> None:
    assert f'extra_body={{"{name}": ...}}' in str(refused("local", **{name: 1}).remedy)


@pytest.mark.parametrize("name", ["stream", "n"])
def test_what_stream_cannot_do_says_so(name: str) -> None:
    assert "Leave it out" in str(refused(MODELS["openai_chat"], **{name: 2}).remedy)


# Values.

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"temperature": "0"}, "a number from 0 to 2, not '0'"),
    ({"temperature": True}, "not True"),
    ({"temperature": float("inf")}, "not inf"),
    ({"temperature": -0.1}, "not -0.1"),
    ({"temperature": 2.1}, "not 2.1"),
    ({"top_p": 1.1}, "from 0 to 1"),
    ({"top_k": 2.5}, "a whole number from 0"),
    ({"max_tokens": 0}, "a whole number from 1"),
    ({"max_tokens": 10.0}, "a whole number"),
    ({"stop": [""]}, "a text, or a list of texts"),
    ({"stop": 5}, "not 5"),
    ({"stop": {"a": 1}}, "type dict"),
    ({"seed": "7"}, "a whole number"),
    ({"presence_penalty": 3}, "from -2 to 2"),
    ({"frequency_penalty": -3}, "from -2 to 2"),
    ({"reasoning": "hard"}, "an effort"),
    ({"reasoning": True}, "not True"),
    ({"reasoning": -5}, "not -5"),
    ({"reasoning": 1.5}, "not 1.5"),
    ({"reasoning": {"effort": "low"}}, "Anthropic's thinking"),
    ({"reasoning": {"type": "enabled"}}, 'reasoning["budget_tokens"]='),
    ({"reasoning": {"type": "adaptive", "budget_tokens": 5}}, "no budget_tokens"),
    ({"thinking": "low"}, "Anthropic's dict"),
    ({"thinking": {"type": "adaptive"}, "reasoning": "low"}, "the same parameter"),
    ({"verbosity": "short"}, "'low', 'medium', 'high'"),
    ({"cache": ""}, "True, False or a text"),
    ({"cache": 1}, "True, False or a text"),
    ({"service_tier": 1}, "a text"),
    ({"parallel_tool_calls": "no"}, "True or False"),
    ({"user": ""}, "a text"),
    ({"metadata": "a"}, "a dict of texts"),
    ({"metadata": {"a": 1}}, "metadata['a']"),
    ({"extra_body": [1]}, "extra_body= takes a dict"),
    ({"extra_body": {"a": object()}}, "extra_body=['a'] holds"),
    ({"extra_headers": "a: b"}, "extra_headers= takes a dict"),
    ({"extra_headers": {"a b": "c"}}, "no header's name"),
    ({"extra_headers": {"a": "b\nc"}}, "cannot be sent"),
    ({"extra_headers": {"a": 5}}, "cannot be sent"),
    ({"extra_headers": {"Content-Length": "5"}}, "cannot set Content-Length"),
    ({"extra_query": {"a": [1]}}, "extra_query['a']"),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG, ids=[str(one)[:60] for one, _ in WRONG])
def test_a_wrong_value_is_named(wrong: dict[str, Any], words: str) -> None:
    error = refused(MODELS["openai_chat"], **wrong)
    assert words in str(error)
    assert len(str(error)) < 300


@pytest.mark.parametrize("keywords", [{"temperature": 3}, {"seed": "x"}, {"timeot": 1}])
def test_a_scripted_model_checks_the_same(keywords: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        nbstream.stream(ScriptedModel("yes"), "hi", **keywords)


def test_a_model_of_ones_own_gets_the_common_names() -> None:
    model = ScriptedModel("yes")
    keywords: dict[str, Any] = {"stop": "END", "seed": 1, "max_tokens": 5, "top_p": None}
    extra: dict[str, Any] = {"extra_body": {"x": 1}, "extra_headers": {"X-A": "b"}}
    thinking = {"type": "enabled", "budget_tokens": 1600}
    nbstream.stream(model, "hi", thinking=thinking, **keywords, **extra).until_done()
    expected = {"stop": ["END"], "seed": 1, "max_tokens": 5, "reasoning": 1600}
    assert model.requests[0].params == {**expected, **extra}


# extra_body=, extra_headers=, extra_query=.


@pytest.mark.parametrize("protocol", MODELS)
def test_extras_go_through(protocol: str) -> None:
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
    {"extra_query": {"key": SECRET}},
    {"extra_body": {"servers": [{"authorization_token": SECRET}]}},
]


@pytest.mark.parametrize("extra", HIDDEN, ids=str)
def test_a_key_among_the_extras_is_in_no_error(extra: dict[str, Any]) -> None:
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


@pytest.mark.parametrize("extra", HIDDEN, ids=str)
@pytest.mark.parametrize("wrong", [{"temperature": 5}, {"timeot": 1}, {"client": 5}], ids=str)
def test_nor_in_the_variables_of_an_error_before_sending(
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


# Anthropic: limits and thinking.

LIMITS = {
    "claude-3-opus-20240229": 4_096,
    "claude-3-haiku-20240307": 4_096,
    "claude-3-5-sonnet-latest": 8_192,
    "anthropic.claude-3-5-haiku-20241022-v1:0": 8_192,
    "us.anthropic.claude-3-7-sonnet-20250219-v1:0": 64_000,
    "claude-opus-4-0": 32_000,
    "claude-opus-4-20250514": 32_000,
    "claude-opus-4@20250514": 32_000,
    "claude-opus-4-1-20250805": 32_000,
    "claude-sonnet-4-20250514": 64_000,
    "claude-sonnet-4": 64_000,
    "claude-sonnet-4-5-20250929": 64_000,
    "claude-haiku-4-5": 64_000,
    "claude-opus-4-5": 64_000,
    "claude-opus-4.6": 128_000,
    "claude-sonnet-4-6": 128_000,
    "claude-opus-4-7": 128_000,
    "claude-opus-4-8": 128_000,
    "claude-opus-5": 128_000,
    "claude-opus-5-5": 128_000,
    "claude-sonnet-5": 128_000,
    "claude-haiku-5-5": 128_000,
    "claude-fable-5-2": 128_000,
    "claude-mythos-5-1": 128_000,
    "claude-opus-4-10": 64_000,
    "claude-opus-7": 64_000,
    "claude-mythos-preview": 64_000,
    "somebody-elses": 8_192,
}


@pytest.mark.parametrize(("model", "limit"), LIMITS.items())
def test_without_max_tokens_claude_is_asked_for_what_it_can_give(model: str, limit: int) -> None:
    assert sent(f"anthropic/{model}")["max_tokens"] == limit


THINKING: list[tuple[str, dict[str, Any], dict[str, Any] | str]] = [
    ("claude-sonnet-4-5", {"reasoning": 1024}, {"type": "enabled", "budget_tokens": 1024}),
    ("claude-sonnet-4-5", {"reasoning": 1023}, "from 1,024 tokens on"),
    ("claude-sonnet-4-5", {"reasoning": 4000, "max_tokens": 4000}, "leaves no tokens"),
    ("claude-sonnet-4-5", {"reasoning": 64_000}, "leaves no tokens"),
    ("claude-sonnet-4-5", {"reasoning": "low"}, "does not take reasoning='low'"),
    ("claude-3-5-haiku-latest", {"reasoning": 2000}, "does not take reasoning="),
    ("claude-opus-4-6", {"reasoning": "minimal"}, "'minimal'"),
    ("claude-opus-4-7", {"reasoning": 2000}, "as a number of tokens"),
    ("claude-opus-4-8", {"reasoning": "max"}, {"type": "adaptive", "display": "summarized"}),
    ("claude-opus-5", {"reasoning": "none"}, {"type": "disabled"}),
    ("claude-sonnet-5-5", {"reasoning": 0}, {"type": "between_tools"}),
    ("claude-opus-5-5", {"reasoning": 0}, "always thinks"),
    ("claude-opus-4-8", {"temperature": 0.5}, "takes temperature=1 only"),
    ("claude-opus-4-6", {"reasoning": "low", "temperature": 0.5}, "while it thinks"),
    ("claude-mythos-preview", {"top_k": 1}, "has no top_k="),
    ("claude-opus-5", {"top_p": 1}, "has no top_p="),
    ("claude-sonnet-4-5", {"temperature": 1.5}, "up to 1"),
    ("claude-sonnet-4-5", {"reasoning": 2000, "temperature": 0}, "temperature=1 only"),
    ("claude-sonnet-4-5", {"reasoning": 2000, "top_k": 5}, "has no top_k="),
    ("claude-sonnet-4-5", {"reasoning": 2000, "top_p": 0.5}, "from 0.95"),
    (
        "claude-sonnet-4-5",
        {"reasoning": 2000, "tool_choice": "required", "tools": [now]},
        "cannot be made to use a tool",
    ),
    (
        "claude-sonnet-4-5",
        {"reasoning": 2000, "temperature": 1, "top_p": 0.95},
        {"type": "enabled", "budget_tokens": 2000},
    ),
    ("claude-sonnet-4-5", {"user": "a", "metadata": {"user_id": "b"}}, "both name the user"),
]


@pytest.mark.parametrize(("model", "keywords", "expected"), THINKING)
def test_claudes_rules(
    model: str, keywords: dict[str, Any], expected: dict[str, Any] | str
) -> None:
    if isinstance(expected, str):
        assert expected in refused(f"anthropic/{model}", **keywords).text
    else:
        assert sent(f"anthropic/{model}", **keywords)["thinking"] == expected


def test_an_effort_stands_beside_the_format_of_a_typed_answer() -> None:
    config = sent(MODELS["anthropic"], reasoning="high", output_type=list[int])["output_config"]
    assert config["effort"] == "high"
    assert config["format"]["type"] == "json_schema"


def test_one_call_at_a_time_whichever_tool_is_chosen() -> None:
    def choice(**keywords: Any) -> Any:
        body = sent(MODELS["anthropic"], tools=[now], parallel_tool_calls=False, **keywords)
        return body["tool_choice"]

    assert choice(tool_choice="now") == {**AUTO, "type": "tool", "name": "now"}
    assert choice(tool_choice="none") == {"type": "none"}


# Gemini's models.

GEMINI: list[tuple[str, Any, dict[str, Any] | str]] = [
    ("gemini-2.5-flash", "medium", {"includeThoughts": True, "thinkingBudget": 8192}),
    ("gemini-2.5-flash", 0, {"thinkingBudget": 0}),
    ("gemini-2.5-flash", "adaptive", {"includeThoughts": True, "thinkingBudget": -1}),
    ("gemini-2.5-flash", "max", "does not take reasoning='max'"),
    ("gemini-2.5-pro", 0, "always thinks"),
    ("gemini-4-argon", "high", {"includeThoughts": True, "thinkingLevel": "HIGH"}),
]


@pytest.mark.parametrize(("model", "reasoning", "expected"), GEMINI)
def test_geminis_thinking(model: str, reasoning: Any, expected: dict[str, Any] | str) -> None:
    if isinstance(expected, str):
        assert expected in refused(f"google/{model}", reasoning=reasoning).text
    else:
        assert sent(f"google/{model}", reasoning=reasoning)[CONFIG] == {"thinkingConfig": expected}


def test_gemini_takes_five_stops() -> None:
    assert "up to 5" in refused(MODELS["gemini"], stop=list("abcdef")).text


# Servers of Chat Completions.

SERVERS: list[tuple[str, dict[str, Any], dict[str, Any] | str]] = [
    ("mistral/m", {"seed": 3}, {"random_seed": 3}),
    ("mistral/m", {"verbosity": "low"}, "mistral has no verbosity="),
    ("mistral/m", {"max_tokens": 3}, {"max_tokens": 3}),
    ("groq/m", {"max_tokens": 3}, {"max_completion_tokens": 3}),
    ("groq/m", {"top_k": 3}, "groq has no top_k="),
    ("together/m", {"top_k": 3, "max_tokens": 3}, {"top_k": 3, "max_tokens": 3}),
    ("cerebras/m", {"max_tokens": 3}, {"max_completion_tokens": 3}),
    (
        "deepseek/m",
        {"reasoning": "high"},
        {"thinking": {"type": "enabled"}, "reasoning_effort": "high"},
    ),
    ("deepseek/m", {"reasoning": 0}, {"thinking": {"type": "disabled"}}),
    ("deepseek/m", {"seed": 1}, "deepseek has no seed="),
    ("openrouter/a/b", {"reasoning": 2000}, {"reasoning": {"max_tokens": 2000}}),
    ("openrouter/a/b", {"reasoning": "low"}, {"reasoning": {"effort": "low"}}),
    ("openrouter/anthropic/claude-x", {"cache": True}, {"cache_control": {"type": "ephemeral"}}),
    ("openrouter/openai/gpt-5", {"cache": True}, {}),
    ("gateway/a/b", {"cache": True}, {"providerOptions": {"gateway": {"caching": "auto"}}}),
    ("groq/m", {"cache": "k"}, "has no key for its cache"),
    ("ollama/m", {"top_k": 3}, "ollama has no top_k="),
    ("vllm/m", {"top_k": 3, "seed": 1}, {"top_k": 3, "seed": 1}),
    ("xai/m", {"max_tokens": 3}, {"max_completion_tokens": 3}),
]


@pytest.mark.parametrize(("model", "keywords", "expected"), SERVERS)
def test_servers_of_chat_completions_differ(
    model: str, keywords: dict[str, Any], expected: dict[str, Any] | str
) -> None:
    if isinstance(expected, str):
        assert expected in refused(model, **keywords).text
    else:
        assert added(model, **keywords) == expected


def test_what_a_server_lacks_is_named_by_parameters_that_there_are() -> None:
    elsewhere = False
    for name in PROVIDERS:
        protocol = PROVIDERS[name].speak(name, elsewhere)
        if isinstance(protocol, OpenAIChat):
            assert protocol.quirks.lacks.keys() <= table().keys()
    assert quirks.LLAMA_CPP.lacks.keys() <= table().keys()


@pytest.mark.parametrize("model", ["openai/gpt-image-1", "openai/sora-2", "google/imagen-4"])
def test_a_model_that_makes_files_takes_other_parameters(model: str) -> None:
    error = refused(model, seed=1)
    assert "no seed=" in error.text
    assert "generate()" in str(error.remedy)
