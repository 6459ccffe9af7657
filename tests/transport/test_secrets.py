"""A key never shows in a verbose traceback, which prints the variables of each frame."""

import sys

import httpx
import pytest
from IPython.core import ultratb

import nbstream
from nbstream import errors

KEY = "sk-very-secret-0123456789"


def _raises(request: httpx.Request) -> httpx.Response:
    said = request.headers["authorization"]
    raise httpx.ConnectError(f"refused {said}")


def _faulty(request: httpx.Request) -> httpx.Response:
    said = request.headers["authorization"]
    raise ZeroDivisionError(len(said))  # not one of our errors


def _refuses(request: httpx.Request) -> httpx.Response:
    said = request.headers["authorization"]
    return httpx.Response(401, json={"error": {"message": f"bad key {said}"}})


def _breaks(request: httpx.Request) -> httpx.Response:
    said = request.headers["authorization"]
    return httpx.Response(200, content=f'data: {{"error": "bad key {said}"}}\n\n'.encode())


def verbose() -> str:
    kind, error, trace = sys.exc_info()
    assert kind is not None
    shown = ultratb.VerboseTB(theme_name="nocolor").text(kind, error, trace)
    return str(shown)


@pytest.mark.parametrize("server", [_raises, _faulty, _refuses, _breaks])
def test_no_verbose_traceback_shows_the_key(server: httpx.MockTransport) -> None:
    client = httpx.AsyncClient(transport=httpx.MockTransport(server))  # type: ignore[arg-type]
    model = nbstream.get_model("openai-chat/m", base_url="http://p.example/v1", api_key=KEY)
    stream = nbstream.stream(model, "hi", client=client, retries=0)
    with pytest.raises(Exception, match=r".") as caught:
        stream.until_done()
    try:
        stream.until_done()
    except Exception:  # noqa: BLE001 - any error will do
        shown = verbose()
    assert type(caught.value).__name__ in shown
    assert KEY not in shown
    assert KEY not in f"{caught.value}{caught.value!r}{stream!r}{vars(stream)}{model!r}"


def test_no_error_before_sending_shows_the_key() -> None:
    try:
        nbstream.stream("opnai-chat/m", "hi", api_key=KEY)
    except errors.UnknownModelError:
        shown = verbose()
    _, _, ours = shown.partition("nbstream/request/stream.py")
    assert ours
    assert KEY not in ours
