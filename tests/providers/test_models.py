"""From a name to a model: addresses, keys, and what is said of names that are none."""

import logging
import traceback

import pytest

from nbstream.core.message import user_message
from nbstream.errors import MissingKeyError, NBStreamError, UnknownModelError, UsageError
from nbstream.protocols.openai_chat import OpenAIChat
from nbstream.providers import Model, get_model
from nbstream.providers.table import ALIASES, FAMILIES, PROVIDERS

KEY = "sk-a-secret-that-must-not-show"
HI = [user_message("hi")]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for row in PROVIDERS.values():
        for name in (*row.keys, *row.urls):
            monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("OPENAI_API_VERSION", raising=False)


def url_of(model: Model) -> str:
    path = model.protocol.request(model.name, HI, {}).path
    return model.endpoint().url(path)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_provider_has_an_address_a_protocol_and_a_key(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = PROVIDERS[provider]
    if row.base_url is None:
        monkeypatch.setenv(row.urls[0], "https://mine.example.com")
    if not row.keyless:
        with pytest.raises(MissingKeyError, match=row.keys[0]):
            get_model(f"{provider}/m")
    for variable in row.keys:
        with monkeypatch.context() as one:
            one.setenv(variable, KEY)
            model = get_model(f"{provider}/m")
            assert model.endpoint().api_key == KEY
    model = get_model(f"{provider}/m", api_key=KEY)
    request = model.protocol.request("m", HI, {})
    assert url_of(model).startswith(("https://", "http://localhost:"))
    assert "m" in (request.body.get("model"), *request.path.replace(":", "/").split("/"))
    assert any(KEY in value for value in model.protocol.auth(KEY).values())


@pytest.mark.parametrize("name", ["groq/a/b:c", "groq:a/b:c", " GROQ/a/b:c "])
def test_slash_and_colon_are_accepted(name: str) -> None:
    model = get_model(name, api_key=KEY)
    assert (model.provider, model.name, str(model)) == ("groq", "a/b:c", "groq/a/b:c")


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("anthropic/m", "https://api.anthropic.com/v1/messages"),
        ("openai/m", "https://api.openai.com/v1/responses"),
        ("openai-chat/m", "https://api.openai.com/v1/chat/completions"),
        (
            "google/m",
            "https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent?alt=sse",
        ),
        ("deepseek/m", "https://api.deepseek.com/chat/completions"),
        ("ollama/m", "http://localhost:11434/v1/chat/completions"),
        ("llama.cpp/m", "http://localhost:8080/v1/chat/completions"),
    ],
)
def test_requests_go_to_the_documented_address(name: str, url: str) -> None:
    assert url_of(get_model(name, api_key=KEY)) == url


@pytest.mark.parametrize(
    ("name", "base_url", "url"),
    [
        ("openai-chat/m", "http://h:1/v1/", "http://h:1/v1/chat/completions"),
        ("anthropic/m", "http://h:1", "http://h:1/v1/messages"),
        ("anthropic/m", "http://h:1/v1", "http://h:1/v1/messages"),
        ("google/m", "http://h:1", "http://h:1/v1beta/models/m:streamGenerateContent?alt=sse"),
        ("google/m", "http://h:1/v1", "http://h:1/v1/models/m:streamGenerateContent?alt=sse"),
    ],
)
def test_any_address_may_be_given_and_needs_no_key(name: str, base_url: str, url: str) -> None:
    model = get_model(name, base_url=base_url)
    assert url_of(model) == url
    assert model.endpoint().api_key is None


def test_addresses_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://h:1/v1")
    with pytest.raises(MissingKeyError):
        get_model("openai-chat/m")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert url_of(get_model("openai-chat/m")) == "http://h:1/v1/chat/completions"
    assert url_of(get_model("openai-chat/m", base_url="http://i")) == "http://i/chat/completions"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1:9", "http://127.0.0.1:9/v1"),
        ("0.0.0.0", "http://127.0.0.1:11434/v1"),
        ("0.0.0.0:8080", "http://127.0.0.1:8080/v1"),
        ("http://0.0.0.0:8080/", "http://127.0.0.1:8080/v1"),
        ("https://h:443/", "https://h:443/v1"),
        ("https://h", "https://h:443/v1"),
        ("http://h", "http://h:80/v1"),
        ("HTTPS://h", "https://h:443/v1"),
        ("https://h/ollama", "https://h:443/ollama/v1"),
        ("h/ollama/", "http://h:11434/ollama/v1"),
        ("https://h/ollama/v1/", "https://h:443/ollama/v1"),
        ("http://h:9/v1", "http://h:9/v1"),
        ("h", "http://h:11434/v1"),
        ("h:8080", "http://h:8080/v1"),
        (":8080", "http://127.0.0.1:8080/v1"),
        ("http://:8080", "http://127.0.0.1:8080/v1"),
        ("::1", "http://[::1]:11434/v1"),
        ("[::1]", "http://[::1]:11434/v1"),
        ("[::1]:1", "http://[::1]:1/v1"),
        ("https://[::1]", "https://[::1]:443/v1"),
        ("::", "http://[::1]:11434/v1"),
        ("[::]:8080", "http://[::1]:8080/v1"),
        ("[0001:002:003:0004::1]", "http://[1:2:3:4::1]:11434/v1"),
        ("fe80::1%eth0", "http://[fe80::1%eth0]:11434/v1"),
        ("h:99999", "http://h:11434/v1"),
        ("h:port", "http://h:11434/v1"),
        ("h:", "http://h:11434/v1"),
        ("h:-1", "http://h:11434/v1"),
        ("https://h:99999", "https://h:443/v1"),
        ('"h:8080"', "http://h:8080/v1"),
        (" ' h:8080 ' ", "http://h:8080/v1"),
        ('""', "http://127.0.0.1:11434/v1"),
        ("ollama.com", "https://ollama.com:443/v1"),
    ],
)
def test_ollamas_own_variable(host: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", host)
    assert get_model("ollama/m").endpoint().base_url == url


def test_ollamas_variable_may_have_a_user_and_must_have_a_scheme_of_http(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "https://me:pass-word-0123@h/x")
    endpoint = get_model("ollama/m").endpoint()
    assert endpoint.base_url == "https://h:443/x/v1"
    assert "pass-word-0123" in endpoint.secrets
    monkeypatch.setenv("OLLAMA_HOST", "ftp://h")
    with pytest.raises(UsageError, match="OLLAMA_HOST"):
        get_model("ollama/m")


def test_another_server_gets_none_of_openais_quirks() -> None:
    strange = get_model("openai-chat/m", base_url="http://h")
    limit = {"max_tokens": 1}
    assert strange.protocol.parameter_fields("m", limit) == {"max_tokens": 1}
    openai = get_model("openai-chat/m", api_key=KEY)
    assert openai.protocol.parameter_fields("m", limit) == {"max_completion_tokens": 1}
    assert isinstance(strange.protocol, OpenAIChat)
    assert strange.protocol.provider == "openai-chat"


def test_azure(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="AZURE_OPENAI_ENDPOINT"):
        get_model("azure/d", api_key=KEY)
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://r.openai.azure.com/")
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", KEY)
    model = get_model("azure/d")
    assert url_of(model) == "https://r.openai.azure.com/openai/v1/chat/completions"
    assert model.protocol.auth(KEY) == {"api-key": KEY}
    monkeypatch.setenv("OPENAI_API_VERSION", "2024-10-21")
    assert url_of(get_model("azure/d")) == (
        "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21"
    )
    whole = "https://r.openai.azure.com/openai/v1"
    assert url_of(get_model("azure/d", base_url=whole)) == f"{whole}/chat/completions"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("antropic/claude-x", "anthropic/claude-x"),
        ("open-ai/gpt-x", "openai/gpt-x"),
        ("ollma:m", "ollama/m"),
        ("gpt-5.2", "openai/gpt-5.2"),
        ("claude-sonnet-4-5", "anthropic/claude-sonnet-4-5"),
        ("zzz/m", "anthropic, openai"),
        ("groq", "groq/<model>"),
    ],
)
def test_an_unknown_name_suggests_similar_ones(name: str, near: str) -> None:
    with pytest.raises(UnknownModelError) as caught:
        get_model(name)
    assert near in (caught.value.remedy or "")


@pytest.mark.parametrize("prompt", ["Why is the sky blue?", "What is on the page a/b?", "a\nb"])
def test_a_prompt_in_the_place_of_the_model_is_told(prompt: str) -> None:
    with pytest.raises(UnknownModelError, match="The model comes first") as caught:
        get_model(prompt)
    assert "before the prompt" in (caught.value.remedy or "")


def test_every_alias_leads_to_a_row() -> None:
    assert {*ALIASES.values(), *FAMILIES.values()} <= set(PROVIDERS)


def test_the_key_is_never_shown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    model = get_model("groq/m")
    endpoint = model.endpoint()
    shown = [repr(model), str(model), repr(endpoint), repr(endpoint.api_key)]
    try:
        get_model("grok-x", api_key=KEY)
    except NBStreamError as error:
        lines = traceback.TracebackException.from_exception(error, capture_locals=True).format()
        # The test's own variable aside, no frame of ours shows it.
        shown += [line for line in lines if "test_models.py" not in line]
    assert not any(KEY in text for text in (*shown, caplog.text))
