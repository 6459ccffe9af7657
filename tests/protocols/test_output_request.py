"""Requests with an output type: what each protocol and model is sent."""

from collections.abc import Sequence
from typing import Any

import pytest

from nbstream.core.message import Message, system_message, user_message
from nbstream.core.output_spec import OutputSpec
from nbstream.core.tool_spec import ProviderTool, Tool, ToolChoice, ToolSpec
from nbstream.errors import UsageError
from nbstream.protocols.anthropic import Anthropic
from nbstream.protocols.gemini import Gemini
from nbstream.protocols.imagen import Imagen
from nbstream.protocols.openai_chat import OpenAIChat, quirks
from nbstream.protocols.openai_responses import OpenAIResponses
from nbstream.providers.table import PROVIDERS

CITY = {"type": "object", "title": "City", "properties": {"name": {"type": "string"}}}
SPEC = OutputSpec("City", CITY)
CLOSED = {**CITY, "required": ["name"], "additionalProperties": False}
MAP = OutputSpec("Map", {"type": "object", "additionalProperties": {"type": "integer"}})
NODE = {"type": "object", "properties": {"next": {"$ref": "#/$defs/N"}}, "required": ["next"]}
LOOP = OutputSpec("N", {**NODE, "$defs": {"N": NODE}})
NOW = ToolSpec("now")
SEARCH = ProviderTool("google_search", "gemini", {"google_search": {}})

OPENAI_CHAT = OpenAIChat(quirks.OPENAI)
WORDS = "must match this JSON Schema"


def ask(
    protocol: Any,
    model: str,
    spec: OutputSpec = SPEC,
    *,
    messages: Sequence[Message] = (user_message("hi"),),
    tools: Sequence[Tool] = (),
    choice: ToolChoice = None,
    **params: Any,
) -> dict[str, Any]:
    made = protocol.request(model, messages, params, tools=tools, tool_choice=choice, output=spec)
    body: dict[str, Any] = made.body
    return body


# OpenAI: https://platform.openai.com/docs/guides/structured-outputs


def test_responses_by_text_format() -> None:
    body = ask(OpenAIResponses(), "gpt-5.2")
    row = {"type": "json_schema", "name": "City", "strict": True, "schema": CLOSED}
    assert body["text"] == {"format": row}


def test_responses_with_other_text_options_of_the_caller() -> None:
    body = ask(OpenAIResponses(), "gpt-5.2", text={"verbosity": "low"})
    assert body["text"]["verbosity"] == "low"
    assert body["text"]["format"]["name"] == "City"


def test_chat_by_response_format() -> None:
    named = {"name": "City", "strict": True, "schema": CLOSED}
    expected = {"type": "json_schema", "json_schema": named}
    assert ask(OPENAI_CHAT, "gpt-5.2")["response_format"] == expected


@pytest.mark.parametrize("protocol", [OPENAI_CHAT, OpenAIResponses()])
def test_a_type_that_strict_mode_cannot_express(protocol: Any) -> None:
    body = ask(protocol, "gpt-5.2", MAP)
    row = body["text"]["format"] if "text" in body else body["response_format"]["json_schema"]
    assert row["strict"] is False
    assert row["schema"] == MAP.schema


@pytest.mark.parametrize("model", ["gpt-4-turbo", "gpt-4", "gpt-3.5-turbo", "gpt-4o-2024-05-13"])
def test_older_models_get_the_schema_in_the_prompt(model: str) -> None:
    body = ask(OPENAI_CHAT, model)
    assert body["response_format"] == {"type": "json_object"}
    assert WORDS in body["messages"][0]["content"]
    assert "json" in str(ask(OpenAIResponses(), model)["instructions"]).lower()


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-5", "o3-mini", "o1"])
def test_newer_models_get_the_schema(model: str) -> None:
    assert ask(OPENAI_CHAT, model)["response_format"]["type"] == "json_schema"
    assert "text" in ask(OpenAIResponses(), model)


@pytest.mark.parametrize("protocol", [OPENAI_CHAT, OpenAIResponses()])
def test_tools_and_a_schema_at_once(protocol: Any) -> None:
    body = ask(protocol, "gpt-5.2", tools=[NOW])
    assert len(body["tools"]) == 1
    assert "text" in body or "response_format" in body


# Other servers that speak Chat Completions.


def at(provider: str, **settings: Any) -> dict[str, Any]:
    elsewhere = False
    return ask(PROVIDERS[provider].protocol(provider, elsewhere), "some-model", **settings)


@pytest.mark.parametrize("provider", ["ollama", "vllm", "llamacpp", "lmstudio"])
def test_servers_with_grammars_take_any_schema(provider: str) -> None:
    row = at(provider, spec=MAP)["response_format"]
    assert row == {"type": "json_schema", "json_schema": {"name": "Map", "schema": MAP.schema}}


@pytest.mark.parametrize(
    "provider",
    ["mistral", "xai", "openrouter", "together", "fireworks", "perplexity", "cerebras", "gateway"],
)
def test_servers_that_follow_openai(provider: str) -> None:
    named = at(provider)["response_format"]["json_schema"]
    assert named == {"name": "City", "strict": True, "schema": CLOSED}


def test_deepseek_has_json_without_a_schema() -> None:
    """https://api-docs.deepseek.com/guides/json_mode: the prompt must say "json" and the shape."""
    body = at("deepseek")
    assert body["response_format"] == {"type": "json_object"}
    assert '"name":{"type":"string"}' in body["messages"][0]["content"]


def test_groq_streams_no_schemas() -> None:
    body = at("groq")
    assert "response_format" not in body
    assert WORDS in body["messages"][0]["content"]


def test_instructions_join_the_system_message() -> None:
    """Templates of open models take one system message, at the beginning."""
    body = at("groq", messages=[system_message("Be brief."), user_message("hi")])
    assert [row["role"] for row in body["messages"]] == ["system", "user"]
    assert body["messages"][0]["content"].startswith("Be brief.\n\n")


def test_params_take_precedence() -> None:
    body = ask(OPENAI_CHAT, "gpt-5.2", response_format={"type": "text"})
    assert body["response_format"] == {"type": "text"}


# Anthropic: https://platform.claude.com/docs/en/build-with-claude/structured-outputs

NATIVE = [
    "claude-sonnet-4-5-20250929",
    "claude-opus-4-10",
    "claude-sonnet-5",
    "claude-opus-4-6",
    "claude-haiku-4-5",
    "claude-sonnet-4.6",
]
OLDER = ["claude-sonnet-4-20250514", "claude-3-5-haiku-latest", "claude-opus-4-1", "other-model"]


@pytest.mark.parametrize("model", NATIVE)
def test_claude_by_output_config(model: str) -> None:
    body = ask(Anthropic(), model)
    schema = {**CITY, "additionalProperties": False}
    assert body["output_config"] == {"format": {"type": "json_schema", "schema": schema}}
    assert "tools" not in body


def test_claude_with_an_effort_of_the_caller() -> None:
    body = ask(Anthropic(), "claude-opus-4-6", output_config={"effort": "low"})
    assert body["output_config"]["effort"] == "low"
    assert body["output_config"]["format"]["type"] == "json_schema"


@pytest.mark.parametrize("model", OLDER)
def test_older_claudes_by_a_forced_tool(model: str) -> None:
    body = ask(Anthropic(), model)
    (tool,) = body["tools"]
    assert (tool["name"], tool["input_schema"]) == ("final_result", CITY)
    forced = {"type": "tool", "name": "final_result", "disable_parallel_tool_use": True}
    assert body["tool_choice"] == forced


@pytest.mark.parametrize("spec", [MAP, LOOP])
def test_a_type_that_claudes_dialect_cannot_express_uses_a_tool(spec: OutputSpec) -> None:
    body = ask(Anthropic(), "claude-sonnet-4-5", spec)
    assert body["tools"][0]["input_schema"] == spec.schema


def test_thinking_allows_no_forced_tool() -> None:
    thinking = {"type": "enabled", "budget_tokens": 2000}
    body = ask(Anthropic(), "claude-sonnet-4-0", thinking=thinking)
    assert "tools" not in body
    assert WORDS in body["system"][0]["text"]
    native = ask(Anthropic(), "claude-sonnet-4-5", thinking=thinking)
    assert "output_config" in native


@pytest.mark.parametrize(
    ("choice", "names", "expected"),
    [
        (None, ["now", "final_result"], {"type": "any"}),
        ("auto", ["now", "final_result"], {"type": "any"}),
        ("required", ["now"], {"type": "any"}),
        ("now", ["now"], {"type": "tool", "name": "now"}),
        (
            "none",
            ["now", "final_result"],
            {"type": "tool", "name": "final_result", "disable_parallel_tool_use": True},
        ),
    ],
)
def test_an_older_claude_with_tools_of_the_users(
    choice: ToolChoice, names: list[str], expected: dict[str, Any]
) -> None:
    body = ask(Anthropic(), "claude-3-5-haiku-latest", tools=[NOW], choice=choice)
    assert [tool["name"] for tool in body["tools"]] == names
    assert body["tool_choice"] == expected


def test_a_newer_claude_has_both() -> None:
    body = ask(Anthropic(), "claude-sonnet-4-5", tools=[NOW], choice="auto")
    assert [tool["name"] for tool in body["tools"]] == ["now"]
    assert "output_config" in body


# Gemini: https://ai.google.dev/gemini-api/docs/structured-output


def test_gemini_by_json_schema() -> None:
    config = ask(Gemini(), "gemini-2.5-flash", temperature=0)["generationConfig"]
    assert config == {
        "temperature": 0,
        "responseMimeType": "application/json",
        "responseJsonSchema": {**CITY, "propertyOrdering": ["name"]},
    }


def test_older_geminis_by_openapi() -> None:
    config = ask(Gemini(), "gemini-2.0-flash")["generationConfig"]
    assert config["responseSchema"]["type"] == "OBJECT"
    assert "responseJsonSchema" not in config


@pytest.mark.parametrize("tool", [NOW, SEARCH])
def test_gemini_before_3_has_tools_or_json(tool: Tool) -> None:
    body = ask(Gemini(), "gemini-2.5-flash", tools=[tool])
    assert "generationConfig" not in body
    assert WORDS in body["systemInstruction"]["parts"][0]["text"]
    newer = ask(Gemini(), "gemini-3-pro-preview", tools=[tool])
    assert newer["generationConfig"]["responseMimeType"] == "application/json"


def test_gemma_has_no_json_mode() -> None:
    body = ask(Gemini(), "gemma-3-27b-it")
    assert "generationConfig" not in body


def test_a_type_that_gemini_cannot_express_is_an_error() -> None:
    with pytest.raises(UsageError, match="is recursive") as caught:
        ask(Gemini(), "gemini-2.5-flash", LOOP)
    assert caught.value.remedy


def test_an_image_model_has_no_output_type() -> None:
    with pytest.raises(UsageError, match="output_type"):
        ask(Imagen(), "imagen-4")
