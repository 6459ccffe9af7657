"""Tools in requests: what each protocol is sent."""

from collections.abc import Sequence
from typing import Any

import pytest

from nbstream.core.message import user_message
from nbstream.core.tool_spec import ProviderTool, Tool, ToolChoice, ToolSpec
from nbstream.errors import UsageError
from nbstream.protocols import Request
from nbstream.protocols.anthropic import Anthropic
from nbstream.protocols.gemini import Gemini
from nbstream.protocols.openai_chat import OpenAIChat
from nbstream.protocols.openai_responses import OpenAIResponses
from nbstream.providers import ai_gateway, anthropic, google, openai

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = ToolSpec("get_weather", "The weather of a city.", SCHEMA)
NOW = ToolSpec("now")
WIRES: dict[str, Any] = {
    "anthropic": Anthropic(),
    "openai_chat": OpenAIChat(),
    "openai_responses": OpenAIResponses(),
    "gemini": Gemini(),
}
MODELS = {"gemini": "gemini-2.5-flash", "anthropic": "claude-sonnet-4-5"}


def asked(
    wire: str, tools: Sequence[Tool], choice: ToolChoice = None, model: str = "", **params: Any
) -> Request:
    name = model or MODELS.get(wire, "gpt-5.2")
    request: Request = WIRES[wire].request(
        name, [user_message("hi")], params, tools=tools, tool_choice=choice
    )
    return request


def body(wire: str, tools: Sequence[Tool], choice: ToolChoice = None) -> dict[str, Any]:
    return asked(wire, tools, choice).body


DECLARED: dict[str, Any] = {
    # https://platform.claude.com/docs/en/agents-and-tools/tool-use/implement-tool-use
    "anthropic": [
        {"name": "get_weather", "description": "The weather of a city.", "input_schema": SCHEMA},
        {"name": "now", "input_schema": {"type": "object"}},
    ],
    # https://platform.openai.com/docs/api-reference/chat/create
    "openai_chat": [
        {
            "type": "function",
            "function": {
                "name": "get_weather",
                "description": "The weather of a city.",
                "parameters": SCHEMA,
            },
        },
        {"type": "function", "function": {"name": "now", "parameters": {"type": "object"}}},
    ],
    # https://platform.openai.com/docs/api-reference/responses/create
    "openai_responses": [
        {
            "type": "function",
            "name": "get_weather",
            "description": "The weather of a city.",
            "parameters": SCHEMA,
            "strict": False,
        },
        {"type": "function", "name": "now", "parameters": {"type": "object"}, "strict": False},
    ],
    # https://ai.google.dev/api/caching#FunctionDeclaration
    "gemini": [
        {
            "functionDeclarations": [
                {
                    "name": "get_weather",
                    "description": "The weather of a city.",
                    "parametersJsonSchema": SCHEMA,
                },
                {"name": "now"},
            ]
        }
    ],
}

CHOICES: dict[str, dict[str, Any]] = {
    "anthropic": {
        "auto": {"type": "auto"},
        "none": {"type": "none"},
        "required": {"type": "any"},
        "get_weather": {"type": "tool", "name": "get_weather"},
    },
    "openai_chat": {
        "auto": "auto",
        "none": "none",
        "required": "required",
        "get_weather": {"type": "function", "function": {"name": "get_weather"}},
    },
    "openai_responses": {
        "auto": "auto",
        "none": "none",
        "required": "required",
        "get_weather": {"type": "function", "name": "get_weather"},
    },
    "gemini": {
        "auto": {"functionCallingConfig": {"mode": "AUTO"}},
        "none": {"functionCallingConfig": {"mode": "NONE"}},
        "required": {"functionCallingConfig": {"mode": "ANY"}},
        "get_weather": {
            "functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["get_weather"]}
        },
    },
}


@pytest.mark.parametrize("wire", WIRES)
def test_the_users_tools(wire: str) -> None:
    assert body(wire, [WEATHER, NOW])["tools"] == DECLARED[wire]


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("choice", ["auto", "none", "required", "get_weather"])
def test_the_choice(wire: str, choice: str) -> None:
    field = "toolConfig" if wire == "gemini" else "tool_choice"
    assert body(wire, [WEATHER], choice)[field] == CHOICES[wire][choice]
    assert field not in body(wire, [WEATHER])
    own = CHOICES[wire]["get_weather"]
    if isinstance(own, dict):
        assert body(wire, [WEATHER], own)[field] == own, "the provider's own shape goes as it is"


@pytest.mark.parametrize("wire", WIRES)
def test_without_tools_there_are_no_fields(wire: str) -> None:
    sent = body(wire, [], "auto")
    assert not sent.keys() & {"tools", "tool_choice", "toolConfig"}


@pytest.mark.parametrize("wire", WIRES)
def test_mistakes_are_refused_before_sending(wire: str) -> None:
    cases: list[tuple[list[Tool], str | None, str]] = [
        ([WEATHER], "get_wether", "names no tool"),
        ([], "required", "none is given"),
        ([WEATHER, WEATHER], None, "two tools called 'get_weather'"),
    ]
    for tools, choice, words in cases:
        with pytest.raises(UsageError, match=words):
            body(wire, tools, choice)


@pytest.mark.parametrize("wire", ["anthropic", "openai_responses", "gemini"])
def test_a_name_that_the_provider_refuses_is_refused_before_sending(wire: str) -> None:
    for name in ("größe", "get weather", ""):
        with pytest.raises(UsageError, match="cannot be a tool's name"):
            body(wire, [ToolSpec(name)])
    assert body("openai_chat", [ToolSpec("größe")])["tools"], "servers of one's own take it"


def test_strict_and_fields_of_the_providers_own() -> None:
    cached = {"cache_control": {"type": "ephemeral"}}
    tool = ToolSpec("f", "d", SCHEMA, strict=True, extra=cached)
    (row,) = body("anthropic", [tool])["tools"]
    assert row == {"name": "f", "description": "d", "input_schema": SCHEMA, "strict": True} | cached
    assert body("openai_responses", [tool])["tools"][0]["strict"] is True
    assert body("openai_chat", [tool])["tools"][0]["function"]["strict"] is True


def test_gemini_gets_no_schema_for_a_tool_without_arguments() -> None:
    empty = {"type": "object", "properties": {}, "additionalProperties": False}
    anything = {"type": "object", "additionalProperties": {"type": "string"}}
    tools: list[Tool] = [ToolSpec("a", "", empty), ToolSpec("b", "", anything)]
    (row,) = body("gemini", tools)["tools"]
    assert row["functionDeclarations"] == [
        {"name": "a"},
        {"name": "b", "parametersJsonSchema": anything},
    ]


def test_params_take_precedence() -> None:
    raw = [{"type": "web_search_20260209", "name": "web_search"}]
    sent = Anthropic().request("m", [user_message("hi")], {"tools": raw}, tools=[WEATHER])
    assert sent.body["tools"] == raw


# The providers' own tools.

OWN: list[tuple[str, ProviderTool, dict[str, Any]]] = [
    (
        "anthropic",
        anthropic.tools.web_search(
            max_uses=3, allowed_domains=("a.org",), user_location={"country": "DE"}
        ),
        {
            "type": "web_search_20250305",
            "name": "web_search",
            "max_uses": 3,
            "allowed_domains": ["a.org"],
            "user_location": {"type": "approximate", "country": "DE"},
        },
    ),
    (
        "anthropic",
        anthropic.tools.web_fetch(citations=True, max_content_tokens=9),
        {
            "type": "web_fetch_20250910",
            "name": "web_fetch",
            "citations": {"enabled": True},
            "max_content_tokens": 9,
        },
    ),
    (
        "anthropic",
        anthropic.tools.code_execution(),
        {"type": "code_execution_20250825", "name": "code_execution"},
    ),
    (
        "openai_responses",
        openai.tools.web_search(search_context_size="low", allowed_domains=["a.org"]),
        {
            "type": "web_search",
            "search_context_size": "low",
            "filters": {"allowed_domains": ["a.org"]},
        },
    ),
    (
        "openai_responses",
        openai.tools.file_search(["vs_1"], max_num_results=2),
        {"type": "file_search", "vector_store_ids": ["vs_1"], "max_num_results": 2},
    ),
    (
        "openai_responses",
        openai.tools.code_interpreter(file_ids=["f"]),
        {"type": "code_interpreter", "container": {"type": "auto", "file_ids": ["f"]}},
    ),
    (
        "openai_responses",
        openai.tools.image_generation(partial_images=2, size="1024x1536"),
        {"type": "image_generation", "partial_images": 2, "size": "1024x1536"},
    ),
    (
        "openai_responses",
        openai.tools.mcp("dmcp", "https://dmcp.example/sse", require_approval="never"),
        {
            "type": "mcp",
            "server_label": "dmcp",
            "server_url": "https://dmcp.example/sse",
            "require_approval": "never",
        },
    ),
    ("gemini", google.tools.google_search(), {"googleSearch": {}}),
    ("gemini", google.tools.url_context(), {"urlContext": {}}),
    ("gemini", google.tools.code_execution(), {"codeExecution": {}}),
    (
        "openai_chat",
        ai_gateway.tools.perplexity_search(max_results=5, search_recency_filter="week"),
        {
            "type": "provider",
            "id": "gateway.perplexity_search",
            "name": "perplexity_search",
            "args": {"maxResults": 5, "searchRecencyFilter": "week"},
        },
    ),
]


@pytest.mark.parametrize(("wire", "tool", "row"), OWN, ids=lambda one: getattr(one, "name", ""))
def test_a_providers_own_tool(wire: str, tool: ProviderTool, row: dict[str, Any]) -> None:
    assert body(wire, [tool])["tools"] == [row]
    for other in WIRES.keys() - {wire}:
        with pytest.raises(UsageError, match="belongs to") as caught:
            body(other, [tool])
        assert tool.name in str(caught.value)
        assert "model of the tool's provider" in str(caught.value)


def test_anthropics_betas_are_listed_once() -> None:
    tools: list[Tool] = [
        anthropic.tools.web_fetch(),
        anthropic.tools.code_execution(),
        WEATHER,
    ]
    sent = asked("anthropic", tools, betas=["files-api-2025-04-14", "code-execution-2025-08-25"])
    assert sent.headers["anthropic-beta"].split(",") == [
        "files-api-2025-04-14",
        "code-execution-2025-08-25",
        "web-fetch-2025-09-10",
    ]
    assert "anthropic-beta" not in asked("anthropic", [anthropic.tools.web_search()]).headers


def test_openai_is_asked_to_include_results() -> None:
    tools = [openai.tools.web_search(), openai.tools.code_interpreter()]
    wanted = ["web_search_call.action.sources", "code_interpreter_call.outputs"]
    encrypted = ["reasoning.encrypted_content"]
    assert body("openai_responses", tools)["include"] == encrypted + wanted
    assert asked("openai_responses", tools, model="gpt-4.1").body["include"] == wanted
    silent = [openai.tools.web_search(sources=False)]
    assert "include" not in asked("openai_responses", silent, model="gpt-4.1").body


def test_a_providers_tool_by_name() -> None:
    search = openai.tools.web_search()
    assert body("openai_responses", [search], "web_search")["tool_choice"] == {"type": "web_search"}
    server = openai.tools.mcp("dmcp", "https://dmcp.example")
    chosen = body("openai_responses", [server], "dmcp")["tool_choice"]
    assert chosen == {"type": "mcp", "server_label": "dmcp"}
    with pytest.raises(UsageError, match="cannot be made to use"):
        body("gemini", [google.tools.google_search()], "google_search")


def test_gemini_3_may_have_googles_tools_and_the_users_at_once() -> None:
    tools: list[Tool] = [google.tools.google_search(), NOW]
    sent = asked("gemini", tools, "auto", model="gemini-3.5-flash").body
    assert sent["tools"] == [{"googleSearch": {}}, {"functionDeclarations": [{"name": "now"}]}]
    assert sent["toolConfig"] == {
        "includeServerSideToolInvocations": True,
        "functionCallingConfig": {"mode": "AUTO"},
    }
    with pytest.raises(UsageError, match="google_search and tools of yours"):
        asked("gemini", tools)


def test_the_gateways_tool_goes_to_no_other_server() -> None:
    tool = ai_gateway.tools.perplexity_search()
    messages = [user_message("hi")]
    rows = OpenAIChat(provider="gateway").request("m", messages, {}, tools=[tool]).body["tools"]
    assert rows[0]["args"] == {}
    with pytest.raises(UsageError, match="run by gateway; this model is groq's"):
        OpenAIChat(provider="groq").request("m", messages, {}, tools=[tool])


def test_a_key_for_an_mcp_server_is_not_in_the_repr() -> None:
    tool = openai.tools.mcp("dmcp", "https://dmcp.example", authorization="sesame")
    assert tool.row["authorization"] == "sesame"
    assert "sesame" not in repr(tool)
    with pytest.raises(UsageError, match="server_url"):
        openai.tools.mcp("dmcp")
