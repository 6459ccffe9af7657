"""Converts providers' error responses to the errors that users get."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbstream import errors
from nbstream.errors import parsing

# Bodies from the providers' documentation and servers.
RESPONSES: list[tuple[str, int, Any, type[errors.ProviderError]]] = [
    (
        "anthropic key",
        401,
        {
            "type": "error",
            "error": {"type": "authentication_error", "message": "invalid x-api-key"},
        },
        errors.AuthenticationError,
    ),
    (
        "anthropic overloaded",
        529,
        {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
        errors.OverloadedError,
    ),
    (
        "anthropic too long",
        400,
        {
            "type": "error",
            "error": {
                "type": "invalid_request_error",
                "message": "prompt is too long: 210000 tokens > 200000 maximum",
            },
        },
        errors.ContextLengthError,
    ),
    (
        "openai key",
        401,
        {
            "error": {
                "message": "Incorrect API key provided",
                "type": "invalid_request_error",
                "param": None,
                "code": "invalid_api_key",
            }
        },
        errors.AuthenticationError,
    ),
    (
        "openai context",
        400,
        {
            "error": {
                "message": "This model's maximum context length is 8192 tokens.",
                "type": "invalid_request_error",
                "code": "context_length_exceeded",
            }
        },
        errors.ContextLengthError,
    ),
    (
        "openai model",
        404,
        {"error": {"message": "The model does not exist", "code": "model_not_found"}},
        errors.NotFoundError,
    ),
    (
        "openai country",
        403,
        {"error": {"message": "x", "code": "unsupported_country_region_territory"}},
        errors.PermissionDeniedError,
    ),
    (
        "gemini key",
        400,
        {
            "error": {
                "code": 400,
                "message": "API key not valid. Please pass a valid API key.",
                "status": "INVALID_ARGUMENT",
                "details": [{"@type": "ErrorInfo", "reason": "API_KEY_INVALID"}],
            }
        },
        errors.AuthenticationError,
    ),
    (
        "gemini in an array",
        503,
        [{"error": {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}}],
        errors.OverloadedError,
    ),
    (
        "azure filter",
        400,
        {
            "error": {
                "code": "content_filter",
                "message": "The response was filtered",
                "innererror": {"code": "ResponsibleAIPolicyViolation"},
            }
        },
        errors.ContentFilterError,
    ),
    ("fastapi", 422, {"detail": [{"msg": "field required"}]}, errors.BadRequestError),
    ("plain detail", 401, {"detail": "Unauthorized"}, errors.AuthenticationError),
    ("ollama", 404, {"error": 'model "x" not found, try pulling it'}, errors.NotFoundError),
    (
        "llama.cpp",
        400,
        {"error": {"code": 400, "message": "too large", "type": "exceed_context_size_error"}},
        errors.ContextLengthError,
    ),
    (
        "openrouter",
        400,
        {"error": {"message": "a/b is not a valid model ID", "code": 400}},
        errors.NotFoundError,
    ),
    ("deepseek", 402, {"error": {"message": "Insufficient Balance"}}, errors.RateLimitError),
    ("conflict", 409, {"message": "conflict"}, errors.BadRequestError),
    ("unknown", 500, {"something": "else"}, errors.ServerError),
]


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [row[1:] for row in RESPONSES],
    ids=[row[0] for row in RESPONSES],
)
def test_a_failed_response_gives_the_right_error(
    status: int, body: Any, kind: type[errors.ProviderError]
) -> None:
    error = parsing.status_error(
        status, {"request-id": "req_7"}, json.dumps(body), host="api.example"
    )
    assert type(error) is kind
    assert error.status == status
    assert error.request_id == "req_7"
    assert error.text.startswith(f"api.example answered {status}: ")
    assert error.remedy
    assert "req_7" in str(error)
    assert error.remedy in str(error)


def test_the_error_for_a_proxy_page_has_its_title() -> None:
    page = "<html><head><title>502 Bad\nGateway</title></head><body>long</body></html>"
    error = parsing.status_error(502, {}, page, host="api.example")
    assert isinstance(error, errors.ServerError)
    assert error.text == "api.example answered 502: 502 Bad Gateway"


@pytest.mark.parametrize(
    ("headers", "body", "wait", "said"),
    [
        ({"retry-after": "12"}, {}, 12.0, "12 s"),
        ({"retry-after": "86400"}, {}, 86400.0, "24 h 00 min"),
        ({"retry-after-ms": "1500", "retry-after": "2"}, {}, 1.5, "1.5 s"),
        ({"x-ms-retry-after-ms": "250"}, {}, 0.25, "0.3 s"),
        (
            {},
            {"error": {"message": "m", "details": [{"retryDelay": "34.07s"}]}},
            34.07,
            "35 s",
        ),
        ({"retry-after": "soon"}, {}, None, ""),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, {}, 0.0, ""),
    ],
)
def test_retry_after_is_parsed(
    headers: dict[str, str], body: Any, wait: float | None, said: str
) -> None:
    error = parsing.status_error(429, headers, json.dumps(body), host="h")
    assert error.wait == wait
    assert error.retryable
    if said:
        assert f"Wait {said}, " in str(error)


def test_retry_after_may_be_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    error = parsing.status_error(503, {"retry-after": date}, "{}", host="h")
    assert error.wait is not None
    assert 25 < error.wait <= 30


def test_an_exceeded_quota_is_not_retried() -> None:
    body = {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}
    error = parsing.status_error(429, {}, json.dumps(body), host="h")
    assert not error.retryable
    assert "budget" in str(error)


def test_the_server_may_decide_whether_to_retry() -> None:
    assert not parsing.status_error(500, {"x-should-retry": "false"}, "", host="h").retryable
    assert parsing.status_error(400, {"x-should-retry": "true"}, "", host="h").retryable


def test_an_unknown_model_gets_a_suggestion() -> None:
    body = json.dumps({"error": {"message": "no gpt-5.22. Known: gpt-5.2, o3, gpt-5.2-mini."}})
    error = parsing.status_error(404, {}, body, host="h", model="gpt-5.22")
    assert error.remedy == "Did you mean gpt-5.2 or gpt-5.2-mini?"


def test_the_key_is_never_repeated() -> None:
    body = json.dumps({"error": {"message": "Incorrect API key provided: sk-secret-1."}})
    error = parsing.status_error(401, {}, body, host="h", secret="sk-secret-1")
    assert "sk-secret" not in f"{error}{error!r}{error.args}"
    assert "[key]" in str(error)


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (
            {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
            errors.OverloadedError,
        ),
        ({"type": "error", "code": "rate_limit_exceeded", "message": "m"}, errors.RateLimitError),
        (
            {"type": "response.failed", "response": {"error": {"code": "server_error"}}},
            errors.ServerError,
        ),
        ({"error": {"code": 502, "message": "upstream"}}, errors.ServerError),
        ("it broke", errors.ProviderError),
        (None, errors.ProviderError),
    ],
)
def test_an_error_inside_a_stream(event: Any, kind: type[errors.ProviderError]) -> None:
    error = parsing.error_in_stream(event)
    assert type(error) is kind
    assert error.text


def test_a_protocol_may_set_the_text_itself() -> None:
    error = parsing.provider_error("Too much.", kind="error", code="overloaded_error")
    assert isinstance(error, errors.OverloadedError)
    assert error.text == "Too much."


NAMES = [
    "error",
    "message",
    "code",
    "type",
    "status",
    "details",
    "detail",
    "response",
    "innererror",
    "retryDelay",
    "retry_after",
    "request_id",
    "reason",
    "msg",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON, JSON, JSON)
def test_any_body_gives_a_provider_error(one: Any, two: Any, three: Any) -> None:
    assert isinstance(parsing.error_in_stream(one), errors.ProviderError)
    assert isinstance(
        parsing.provider_error("text", kind=one, code=two, status=three), errors.ProviderError
    )
    error = parsing.status_error(400, {"retry-after": "9" * 400}, json.dumps(one), host="h")
    assert isinstance(error, errors.ProviderError)


def test_an_error_fits_on_one_screen_and_keeps_its_remedy() -> None:
    text = "word " * 20_000
    error = errors.RateLimitError("\n".join([text] * 50), request_id="req_1")
    shown = str(error)
    assert len(shown) < 2000
    assert shown.count("\n") < 20
    assert shown.endswith(f"{errors.RateLimitError.default_remedy}\nRequest req_1.")
    assert len(error.text) > 100_000


def test_a_traceback_names_the_public_module() -> None:
    assert errors.RateLimitError.__module__ == "nbstream.errors"


ID = "0a1b2c3d-4e5f-6789"

# Where providers write a request's id, if no header has it.
WITH_ID: list[Any] = [
    {"type": "error", "error": {"type": "api_error", "message": "x"}, "request_id": ID},
    {"code": "InvalidApiKey", "message": "x", "request_id": ID},
    {"error": {"message": "x", "request_id": ID}},
    {"error": {"message": "x", "requestId": ID}},
    {"error": {"message": "x", "x-request-id": ID}},
    {"error": {"message": "x", "metadata": {"provider": {"X-Request-Id": ID}}}},
    {"error": {"message": "x", "innererror": {"client-request-id": ID}}},
    [{"error": {"message": "x", "details": [{"@type": "t/RequestInfo", "requestId": ID}]}}],
    {"message": "x", "RequestId": ID},
    {"error": {"message": f"It broke. Please include the request ID {ID} in your message."}},
    {"error": f"It broke (request id: {ID})"},
    {"detail": [{"msg": "x"}], "trace_id": ID},
]


@pytest.mark.parametrize("body", WITH_ID, ids=str)
def test_a_request_id_in_the_body(body: Any) -> None:
    text = json.dumps(body)
    assert parsing.status_error(500, {}, text, host="h").request_id == ID
    assert f"Request {ID}." in str(parsing.status_error(500, {}, text, host="h"))
    assert parsing.error_in_stream(body).request_id == ID
    # The provider's header counts more, a network's less.
    headers = {"x-request-id": "req_1", "cf-ray": "9"}
    assert parsing.status_error(500, headers, text, host="h").request_id == "req_1"
    assert parsing.status_error(500, {"cf-ray": "9"}, text, host="h").request_id == ID


@pytest.mark.parametrize(
    "page",
    [f"<html><title>403</title>Request ID: {ID}</html>", f"<Error><RequestId>{ID}</RequestId>"],
)
def test_a_request_id_in_a_page(page: str) -> None:
    assert parsing.status_error(403, {}, page, host="h").request_id == ID


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "x", "request_id": None}},
        {"error": {"message": "x", "request_id": {"a": 1}}},
        {"error": {"message": "x", "request_id": "no id at all"}},
        {"error": {"message": "The request identifier is missing"}},
        {"error": {"message": "the request id is required"}},
    ],
)
def test_no_request_id(body: Any) -> None:
    assert parsing.error_in_stream(body).request_id is None
    assert parsing.status_error(500, {}, json.dumps(body), host="h").request_id is None
