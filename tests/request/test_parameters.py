"""The request fields of each parameter of ``stream()``, for each protocol."""

from contextlib import suppress
from typing import Any

import pytest

import nbstream
from nbstream.protocols.parameters import table
from nbstream.request.keywords import Keywords
from scripts.parameters import DOCUMENT, document
from tests.harness.llm_server import LLMServer
from tests.live import wires
from tests.request.sent import AUTO, CONFIG, MODELS, added, now, refused, sent

# The fields that each protocol sends. None: the parameter is refused.
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
        {"parallel_tool_calls": True},  # without tools it is not sent
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
    ({"timeout": 5, "retries": 0, "thinking_tags": True}, NOTHING),
]


@pytest.mark.parametrize("protocol", MODELS)
@pytest.mark.parametrize(("keywords", "expected"), JOURNAL, ids=[str(one) for one, _ in JOURNAL])
def test_the_request_of_each_parameter(
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


def test_every_parameter_is_tested() -> None:
    assert {name for keywords, _ in JOURNAL for name in keywords} >= table(Keywords).keys()


def test_none_is_the_same_as_not_given() -> None:
    for model in MODELS.values():
        assert sent(model, **dict.fromkeys(Keywords.__annotations__.keys() - OWN)) == sent(model)


OWN = {"api_key", "client", "base_url"}


@pytest.mark.parametrize("protocol", MODELS)
def test_parameters_are_sent_over_http(protocol: str, llm_server: LLMServer) -> None:
    """The server has the path of one protocol only; the others get an error."""
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


def test_the_document_has_the_table() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run: python scripts/parameters.py"
