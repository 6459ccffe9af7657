"""The errors for an exchange that failed without an answer."""

import dataclasses

import httpx
import pytest

import nbstream
from nbstream.errors import ConnectionFailedError
from nbstream.transport.clients import Route
from nbstream.transport.connection_errors import connection_error


@pytest.mark.parametrize(
    ("host", "start"),
    [
        ("localhost:11434", True),
        ("127.0.0.1:8000", True),
        ("[::1]:8000", True),
        ("api.openai.com", False),
        ("192.168.1.5:8000", False),
        ("api.openai.com:443", False),
        ("127.1:8000", True),
        ("x.localhost:8000", True),
    ],
)
def test_a_server_of_this_machine_that_is_not_running_is_to_be_started(
    host: str, *, start: bool
) -> None:
    refused = httpx.ConnectError("refused")
    error = connection_error(refused, f"http://{host}/v1", Route(), answered=False)
    assert isinstance(error, ConnectionFailedError)
    assert ("Start the server" in (error.remedy or "")) is start
    assert error.remedy


def test_a_user_is_told_to_start_the_server() -> None:
    stream = nbstream.stream("vllm/m", "hi", base_url="http://127.0.0.1:9/v1", retries=0)
    with pytest.raises(ConnectionFailedError, match="Start the server"):
        stream.get_final_text()


@pytest.mark.parametrize("url", ["http://h:99999", "http://h:port", "http://[::1", "http://"])
def test_a_malformed_address_of_a_custom_endpoint(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    model = nbstream.get_model("vllm/m")
    model = dataclasses.replace(model, endpoint=lambda: nbstream.providers.Endpoint(url))
    with pytest.raises(nbstream.NBStreamError, match="address"):
        nbstream.stream(model, "hi", retries=0).get_final_text()
