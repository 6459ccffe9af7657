"""Parameters that depend on the model or the server: Claude, Gemini, Chat Completions."""

from typing import Any

import pytest

from nbstream.protocols.openai_chat import OpenAIChat, quirks
from nbstream.protocols.parameters import table
from nbstream.providers.table import PROVIDERS
from tests.request.sent import AUTO, CONFIG, MODELS, added, now, refused, sent

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
def test_without_max_tokens_claude_gets_its_own_limit(model: str, limit: int) -> None:
    assert sent(f"anthropic/{model}")["max_tokens"] == limit


THINKING: list[tuple[str, dict[str, Any], dict[str, Any] | str]] = [
    ("claude-sonnet-4-5", {"reasoning": 1024}, {"type": "enabled", "budget_tokens": 1024}),
    ("claude-sonnet-4-5", {"reasoning": 1023}, "from 1,024 tokens on"),
    ("claude-sonnet-4-5", {"reasoning": 4000, "max_tokens": 4000}, "leaves no tokens"),
    ("claude-sonnet-4-5", {"reasoning": 64_000}, "leaves no tokens"),
    ("claude-sonnet-4-5", {"reasoning": "low"}, "does not take reasoning='low'"),
    ("claude-3-5-haiku-latest", {"reasoning": 2000}, "does not take reasoning="),
    ("kimi-k3", {"reasoning": 900, "temperature": 0}, {"type": "enabled", "budget_tokens": 900}),
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


def test_a_claude_without_thinking_gets_no_thinking_parameter() -> None:
    assert added("anthropic/claude-3-5-haiku-latest", reasoning=0) == {}


def test_effort_and_output_format_are_sent_together() -> None:
    config = sent(MODELS["anthropic"], reasoning="high", output_type=list[int])["output_config"]
    assert config["effort"] == "high"
    assert config["format"]["type"] == "json_schema"


def test_parallel_calls_are_disabled_for_every_tool_choice() -> None:
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
def test_thinking_of_gemini(model: str, reasoning: Any, expected: dict[str, Any] | str) -> None:
    if isinstance(expected, str):
        assert expected in refused(f"google/{model}", reasoning=reasoning).text
    else:
        assert sent(f"google/{model}", reasoning=reasoning)[CONFIG] == {"thinkingConfig": expected}


def test_gemini_takes_five_stop_sequences() -> None:
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
def test_parameters_that_some_servers_lack(
    model: str, keywords: dict[str, Any], expected: dict[str, Any] | str
) -> None:
    if isinstance(expected, str):
        assert expected in refused(model, **keywords).text
    else:
        assert added(model, **keywords) == expected


def test_the_table_of_missing_parameters_names_known_ones() -> None:
    elsewhere = False
    for name in PROVIDERS:
        protocol = PROVIDERS[name].protocol(name, elsewhere)
        if isinstance(protocol, OpenAIChat):
            assert protocol.quirks.lacks.keys() <= table().keys()
    assert quirks.LLAMA_CPP.lacks.keys() <= table().keys()


@pytest.mark.parametrize("model", ["openai/gpt-image-1", "openai/sora-2", "google/imagen-4"])
def test_a_model_that_makes_files_takes_other_parameters(model: str) -> None:
    error = refused(model, seed=1)
    assert "no seed=" in error.text
    assert "generate()" in str(error.remedy)
