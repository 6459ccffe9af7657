"""Streams over HTTP: made in one process, served by uvicorn, watched here."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import nbstream
from nbstream import errors
from nbstream.messages import Message, messages_from_json
from nbstream.testing import ScriptedModel
from tests.harness.background import run_async

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.sources.served_app"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.kill()


def state(server: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{server}/state/{name}").json()
    return found


def messages(server: str, name: str) -> tuple[Message, ...]:
    """The messages in the process that makes the stream."""
    return tuple(messages_from_json(state(server, name)["messages"]))


@pytest.mark.parametrize("form", ["", ".ndjson"])
@pytest.mark.parametrize("name", ["answer", "agent"])
def test_a_watcher_ends_with_the_identical_messages(server: str, name: str, form: str) -> None:
    stream = nbstream.from_url(f"{server}/{name}{form}")
    stream.until_done()
    assert stream.messages == messages(server, name)
    assert stream.messages


@pytest.mark.parametrize("form", ["", ".ndjson"])
def test_a_connection_that_is_cut_again_and_again_loses_and_doubles_nothing(
    server: str, form: str
) -> None:
    whole = nbstream.from_url(f"{server}/answer{form}")
    whole.until_done()
    before = len(state(server, "answer")["asked"])
    cut = nbstream.from_url(f"{server}/answer{form}?watcher={form}1")
    events = [type(event).__name__ for event in cut]
    assert events == [type(event).__name__ for event in nbstream.from_url(f"{server}/answer")]
    assert cut.messages == messages(server, "answer")
    ids = state(server, "answer")["asked"][before:]
    assert sum(bool(one) for one in ids) == 2, "it came again twice, with its place"


@pytest.mark.parametrize("form", ["", ".ndjson"])
def test_a_route_that_forgets_the_place_doubles_nothing(server: str, form: str) -> None:
    cut = nbstream.from_url(f"{server}/answer{form}?watcher={form}2&forgetful=1")
    cut.until_done()
    assert cut.messages == messages(server, "answer")


def test_a_place_is_a_text_or_the_bytes_of_a_header() -> None:
    stream = nbstream.stream(ScriptedModel("Hello."), "hi")

    async def all_of(last: Any) -> bytes:
        return b"".join([frame async for frame in stream.sse(last)])

    whole = run_async(all_of(None))
    place = whole.decode().split("id: ")[2].split("\n")[0]
    rest = run_async(all_of(place))
    assert whole.endswith(rest.removeprefix(b"retry: 1000\n\n"))
    assert len(rest) < len(whole)
    assert run_async(all_of(place.encode())) == rest
    wrong: Any = 5
    for form in (stream.sse, stream.ndjson):
        with pytest.raises(errors.UsageError, match="Last-Event-ID"):
            form(wrong)


def test_a_connection_is_cut_while_the_answer_arrives(server: str) -> None:
    stream = nbstream.from_url(f"{server}/live?watcher=live")
    text = "".join(stream.text_stream)
    assert stream.messages == messages(server, "live")
    assert text == stream.text
    assert sum(bool(one) for one in state(server, "live")["asked"]) == 2


def test_without_retries_a_cut_ends_the_stream_and_what_had_come_stays(server: str) -> None:
    stream = nbstream.from_url(f"{server}/answer?watcher=once", retries=0)
    with pytest.raises(errors.StreamError):
        stream.until_done()
    assert stream.thinking
    assert not state(server, "answer")["asked"][-1]


def test_many_watchers_in_coroutines(server: str) -> None:
    async def watch() -> Message:
        return await nbstream.from_url(f"{server}/answer")

    async def main() -> list[Message]:
        return await asyncio.gather(*(watch() for _ in range(5)))

    assert set(map(str, run_async(main()))) == {str(messages(server, "answer")[-1])}


def test_what_ends_the_stream_there_ends_it_here(server: str) -> None:
    with pytest.raises(errors.RateLimitError, match=r"Too many\.") as failure:
        nbstream.from_url(f"{server}/failing").until_done()
    assert failure.value.status == 429
    with pytest.raises(errors.StreamError, match="failed where it is made") as bug:
        nbstream.from_url(f"{server}/bug").until_done()
    assert "division" not in str(bug.value), "its own words stay there"


def test_a_watcher_that_leaves_does_not_stop_the_stream(server: str) -> None:
    watcher = nbstream.from_url(f"{server}/endless", headers={"Authorization": "Bearer secret-1"})
    for piece in watcher.text_stream:
        assert piece
        break
    assert watcher.wait(30)
    assert watcher.finish_reason == "cancelled"
    assert state(server, "endless")["reason"] is None
    assert "secret-1" not in repr(vars(watcher._run))
    late = nbstream.from_url(f"{server}/endless")
    assert next(iter(late.text_stream)).startswith("x")
    late.cancel()


def test_what_cannot_be_watched(server: str) -> None:
    with pytest.raises(errors.UsageError, match="takes an address"):
        nbstream.from_url("answers/1")
    with pytest.raises(errors.ProtocolError, match=r"something else .*: .\{\"messages"):
        nbstream.from_url(f"{server}/state/answer").until_done()


@pytest.mark.parametrize(
    ("path", "says", "remedy"),
    [
        ("/a/b/c", "answered 404", "path of the address"),
        ("/status/401", "answered 401", "headers="),
        ("/status/403", "answered 403", "headers="),
        ("/status/405", "answered 405", "stream.sse()"),
        ("/status/500", "answered 500", "log of the server. Serve it with stream.sse()"),
        ("/status/200", "broke off before anything came", "log of the server. Serve it"),
    ],
)
def test_what_a_server_answers_has_a_remedy_for_who_watches(
    server: str, path: str, says: str, remedy: str
) -> None:
    with pytest.raises(errors.StreamError, match=says) as caught:
        nbstream.from_url(server + path, retries=0).until_done()
    assert remedy in str(caught.value.remedy)
    for word in ("model", "API key", "provider", "base_url"):
        assert word not in str(caught.value.remedy)


def test_a_server_that_is_not_there_has_one_too() -> None:
    with pytest.raises(errors.ConnectionFailedError) as caught:
        nbstream.from_url("http://127.0.0.1:9/answer", retries=1).until_done()
    assert "base_url" not in str(caught.value.remedy)


def test_frames_are_numbered_and_may_begin_in_the_middle() -> None:
    async def main() -> None:
        stream = nbstream.stream(nbstream.testing.ScriptedModel("Hello, world."), "hi")
        lines = b"".join([line async for line in stream.ndjson()]).splitlines()
        rows = [json.loads(line) for line in lines]
        ids = [row["event_id"] for row in rows]
        assert [int(one.partition(":")[2]) for one in ids] == [*range(1, len(rows) + 1)]
        rest = b"".join([line async for line in stream.ndjson(ids[2])]).splitlines()
        assert rest == lines[3:]
        for unknown in ("", "5", "other:3", f"{ids[0]}x", f"{ids[0]}{'9' * 5000}"):
            again = b"".join([line async for line in stream.ndjson(unknown)]).splitlines()
            assert again == lines
        frames = b"".join([frame async for frame in stream.sse()]).decode()
        assert frames.startswith("retry: 1000\n\nid: ")
        assert frames.count("\nevent: ") == len(rows)

    run_async(main())
