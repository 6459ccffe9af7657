"""Downloads: how much, from where, and how often one is sent elsewhere."""

from collections.abc import AsyncIterator

import httpx
import pytest

from nbstream.errors import ProtocolError, ProviderError
from nbstream.streams.loop import submit
from nbstream.transport.buffered import Download, Line, download, get_json

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


def _get(url: str, largest: int = 2000) -> Download:
    client = httpx.AsyncClient(transport=httpx.MockTransport(_answer))
    return submit(download(url, {"k": "secret"}, HOME, Line(client), largest)).result()


def test_a_file_of_just_the_size() -> None:
    found = _get("https://p.example/file")
    assert len(found.data) == 2000
    assert found.media_type == "video/mp4"


@pytest.mark.parametrize("path", ["file", "flood"])
def test_one_byte_too_many(path: str) -> None:
    with pytest.raises(ProviderError, match="larger than"):
        _get(f"https://p.example/{path}", largest=1999)


def test_a_ring_of_addresses() -> None:
    with pytest.raises(ProviderError, match="nowhere"):
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
def test_an_address_that_is_not_fetched_from(url: str) -> None:
    with pytest.raises(ProviderError, match="nothing is downloaded from"):
        _get(url)


def test_json_that_is_no_object() -> None:
    client = httpx.AsyncClient(transport=httpx.MockTransport(_answer))
    with pytest.raises(ProtocolError, match="no JSON object"):
        submit(get_json("https://p.example/list", {}, Line(client))).result()
