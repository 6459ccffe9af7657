"""Streams over a real Redis: made in one process, watched in others."""

import asyncio
import json
import logging
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

import nbstream
from nbstream import errors
from nbstream.messages import ToolCallPart
from nbstream.testing import ScriptedModel
from tests.harness import redis_server
from tests.harness.background import run_async
from tests.harness.patience import until
from tests.harness.redis_server import PASSWORD, RedisServer

pytestmark = pytest.mark.skipif(redis_server.PROGRAM is None, reason=redis_server.MISSING)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


def process(module: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"tests.redis_streams.{module}", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)


def line(one: subprocess.Popen[str]) -> str:
    assert one.stdout is not None
    return one.stdout.readline().strip()


def test_two_watchers_of_which_one_is_killed_and_started_again(redis: RedisServer) -> None:
    names = (redis.url, "answer")
    with process("maker", *names, "15") as maker:
        assert line(maker) == "begun"
        with process("watcher", *names) as first, process("watcher", *names) as second:
            assert line(first).startswith("came:")
            assert line(second).startswith("came:")
            first.send_signal(signal.SIGKILL)
            first.wait()
            with process("watcher", *names) as again:
                assert line(again).startswith("came:")
                assert maker.stdin is not None
                maker.stdin.write("go\n")
                maker.stdin.flush()
                made = line(maker)
                assert "Berngo" in json.loads(made)[1]["parts"][0]["result"].replace("\n", "")
                assert [line(second), line(again)] == [made, made]
        here = nbstream.from_redis(*names)  # after the end
        here.until_done()
        assert nbstream.messages.messages_to_json(here.messages) == made


def test_the_maker_dies(redis: RedisServer) -> None:
    names = (redis.url, "killed")
    with process("maker", *names, "1") as maker:
        assert line(maker) == "begun"
        stream = nbstream.from_redis(*names)
        stream.start()
        assert next(stream.text_stream)
        maker.send_signal(signal.SIGKILL)
        maker.wait()
    with pytest.raises(errors.IncompleteResponseError, match="no sign of life") as died:
        stream.until_done()
    assert died.value.message is not None
    assert died.value.message.thinking == "Hm, let me see.", "what had come stays"
    assert stream.error is died.value


def test_an_agents_run_and_a_watcher_that_comes_late_get_a_snapshot(redis: RedisServer) -> None:
    def add(a: int, b: int) -> int:
        """Add."""
        return a + b

    call = nbstream.assistant_message(ToolCallPart("c1", "add", '{"a": 1, "b": 2}'))
    model = ScriptedModel(call, "A long answer. " * 20, delay=0.002)
    run = nbstream.Agent(model, tools=[add]).run_stream_sync("1 + 2?")
    nbstream.to_redis(run, redis.url, "run", keep_rows=20).wait()
    rows = "nbstream:{run}:rows"
    newest, _, _ = redis.command("XREVRANGE", rows, "+", "-", "COUNT", "1").partition("-")
    assert int(redis.command("XLEN", rows)) <= 21 < int(newest)
    late = nbstream.from_redis(redis.url, "run")
    late.until_done()
    assert late.messages == run.messages
    assert late.text == "A long answer. " * 20
    for key in ("rows", "snapshot"):
        assert 0 < int(redis.command("TTL", f"nbstream:{{run}}:{key}")) <= 3600
    assert redis.command("EXISTS", "nbstream:{run}:lease") == "0"


def test_redis_starts_again_in_the_middle_without_what_it_held(redis: RedisServer) -> None:
    gate = threading.Event()

    async def wait() -> str:
        """Wait until Redis has started again."""
        await asyncio.to_thread(gate.wait)
        return "Go on."

    call = nbstream.assistant_message("First. " * 50, ToolCallPart("c1", "wait", "{}"))
    run = nbstream.Agent(ScriptedModel(call, "Last. " * 50), tools=[wait]).run_stream_sync("hi")
    published = nbstream.to_redis(run, redis.url, "outlived")
    watcher = nbstream.from_redis(redis.url, "outlived")
    watcher.start()
    assert next(watcher.text_stream)
    redis.start_again()
    gate.set()
    published.wait()
    late = nbstream.from_redis(redis.url, "outlived")
    late.until_done()
    watcher.until_done()
    assert late.messages == watcher.messages == run.messages
    assert run.text == "Last. " * 50


def test_what_ends_the_stream_there_ends_it_here(redis: RedisServer) -> None:
    failing = nbstream.stream(ScriptedModel(errors.RateLimitError("Too many.", status=429)), "hi")
    nbstream.to_redis(failing, redis.url, "failing").wait()
    with pytest.raises(errors.RateLimitError, match="Too many") as failure:
        nbstream.from_redis(redis.url, "failing").until_done()
    assert failure.value.status == 429


def test_what_had_come_before_a_failure_comes_too(redis: RedisServer) -> None:
    events = nbstream.stream(ScriptedModel("Blue, because"), "hi")
    broken = errors.ConnectionFailedError("The provider hung up.", retryable=False)
    failing = nbstream.stream(ScriptedModel([*[*events][:-2], broken]), "hi")
    nbstream.to_redis(failing, redis.url, "broken").wait()
    late = nbstream.from_redis(redis.url, "broken")  # it gets all rows with one request
    with pytest.raises(errors.ConnectionFailedError, match="The provider hung up"):
        late.until_done()
    assert failing.text == late.text == "Blue, because"


def test_a_name_is_for_one_stream_at_a_time(redis: RedisServer) -> None:
    async def main() -> None:
        slow = nbstream.stream(ScriptedModel("y" * 1000, delay=0.01), "hi")
        nbstream.to_redis(slow, redis.url, "taken")
        assert await anext(nbstream.from_redis(redis.url, "taken").text_stream)
        other = nbstream.stream(ScriptedModel("No."), "hi")
        with pytest.raises(errors.UsageError, match="published already"):
            await nbstream.to_redis(other, redis.url, "taken")
        slow.cancel()
        cancelled = nbstream.from_redis(redis.url, "taken")
        with pytest.raises(errors.CancelledStreamError):
            await cancelled

    run_async(main())
    until(lambda: redis.command("EXISTS", "nbstream:{taken}:lease") == "0")
    nbstream.to_redis(nbstream.stream(ScriptedModel("Next."), "hi"), redis.url, "taken").wait()
    assert nbstream.from_redis(redis.url, "taken").get_final_text() == "Next."


def test_the_password_is_never_shown(redis: RedisServer, caplog: pytest.LogCaptureFixture) -> None:
    wrong = redis.url.replace(PASSWORD, "wrong-password-1")
    nowhere = f"redis://user:{PASSWORD}@127.0.0.1:9/0"
    shown = []
    with caplog.at_level(logging.DEBUG, "nbstream"):
        for url in (redis.url, wrong, nowhere):
            stream = nbstream.stream(ScriptedModel("Hello."), "hi")
            published = nbstream.to_redis(stream, url, "secret")
            watcher = nbstream.from_redis(url, "nothing", wait=0.1, retries=1)
            shown += [repr(published), repr(watcher), repr(vars(watcher._run))]
            with pytest.raises(errors.StreamError) as failure:
                watcher.until_done()
            shown += traceback.format_exception(failure.value)
            shown += [repr(vars(failure.value)), repr(failure.value.__context__)]
            if url == wrong:
                with pytest.raises(errors.ProtocolError, match="does not accept") as refused:
                    published.wait()
                shown += traceback.format_exception(refused.value)
            shown.append(repr(vars(published)))
    everything = "\n".join([*shown, caplog.text])
    assert "127.0.0.1" in everything
    assert PASSWORD not in everything
    assert "wrong-password-1" not in everything


def test_what_cannot_be_published_or_watched(redis: RedisServer) -> None:
    stream = nbstream.stream(ScriptedModel("Hello."), "hi")
    with pytest.raises(errors.UsageError, match="address of a Redis"):
        nbstream.to_redis(stream, "http://127.0.0.1", "a")
    with pytest.raises(errors.UsageError, match="a name for the stream"):
        nbstream.from_redis(redis.url, "")
    with pytest.raises(errors.UsageError, match="above 0"):
        nbstream.to_redis(stream, redis.url, "a", keep_rows=0)
    with pytest.raises(errors.UsageError, match="takes a stream"):
        nbstream.to_redis("Hello.", redis.url, "a")  # type: ignore[arg-type]
    with pytest.raises(errors.IncompleteResponseError, match="has no stream named 'nothing'"):
        nbstream.from_redis(redis.url, "nothing", wait=1).until_done()
    redis.command("XADD", "nbstream:{other}:rows", "1-0", "row", '{"a": 1}')
    with pytest.raises(errors.ProtocolError, match="something else than a stream"):
        nbstream.from_redis(redis.url, "other").until_done()
