"""Responses read as a whole: size limit, permitted servers, redirects."""

from collections.abc import AsyncIterator

import httpx
import pytest

from nbstream.errors import ProtocolError, ProviderError
from nbstream.streams.loop import submit
from nbstream.transport.buffered import Download, RequestOptions, download, get_json

HOME = "https://p.example/v1"


async def _flood() -> AsyncIterator[bytes]:
    while True:
        yield bytes(1000)


def _answer(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/loop":
        return httpx.Response(302, headers={"location": "/loop"})
    if request.url.path == "/down":
        return httpx.Response(302, headers={"location": "http://p.example/file"})
    if request.url.path == "/flood":
        return httpx.Response(200, content=_flood())
    if request.url.path == "/list":
        return httpx.Response(200, json=[1])
    return httpx.Response(200, content=bytes(2000), headers={"content-type": "video/mp4; x=y"})


def _get(url: str, max_bytes: int = 2000) -> Download:
    client = httpx.AsyncClient(transport=httpx.MockTransport(_answer))
    return submit(download(url, {"k": "secret"}, HOME, RequestOptions(client), max_bytes)).result()


def test_a_file_of_exactly_the_limit() -> None:
    file = _get("https://p.example/file")
    assert len(file.data) == 2000
    assert file.media_type == "video/mp4"


@pytest.mark.parametrize("path", ["file", "flood"])
def test_a_file_above_the_limit(path: str) -> None:
    with pytest.raises(ProviderError, match="larger than"):
        _get(f"https://p.example/{path}", max_bytes=1999)


def test_a_redirect_loop() -> None:
    with pytest.raises(ProviderError, match="redirects more than 3 times"):
        _get("https://p.example/loop")


@pytest.mark.parametrize(
    "url",
    [
        "http://p.example/file",
        "https://p.example/down",
        "file:///etc/passwd",
        "ftp://p.example/x",
        "http://127.0.0.1:1/x",
    ],
)
def test_only_the_provider_and_https_are_downloaded_from(url: str) -> None:
    with pytest.raises(ProviderError, match="not https"):
        _get(url)


def test_json_that_is_not_an_object() -> None:
    client = httpx.AsyncClient(transport=httpx.MockTransport(_answer))
    with pytest.raises(ProtocolError, match="not a JSON object"):
        submit(get_json("https://p.example/list", {}, RequestOptions(client))).result()
