"""A Redis that somebody else writes into: a watcher ends with an error that says so."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

import nbstream
from nbstream import errors
from tests.harness import redis_server
from tests.harness.redis_server import PASSWORD, RedisServer

pytestmark = pytest.mark.skipif(redis_server.PROGRAM is None, reason=redis_server.MISSING)

ROWS, SNAPSHOT, LEASE = (f"nbstream:{{x}}:{name}" for name in ("rows", "snapshot", "lease"))
START = {"event_id": "5f:1", "kind": "stream_start"}


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


def error_of(redis: RedisServer, *rows: Any, **values: bytes | str) -> BaseException | None:
    """What ends a watcher of these rows, snapshot and lease."""
    from redis import Redis

    with Redis.from_url(redis.url) as client:
        client.flushdb()
        for number, row in enumerate(rows, 1):
            fields = row if isinstance(row, dict) and "event_id" not in row else {"row": row}
            text = {
                name: one if isinstance(one, str) else json.dumps(one)
                for name, one in fields.items()
            }
            client.xadd(ROWS, text, id=f"{number}-0")
        for name, value in values.items():
            client.set({"snapshot": SNAPSHOT, "lease": LEASE}[name], value)
    stream = nbstream.from_redis(redis.url, "x", wait=1.0, retries=0)
    assert stream.wait(30)
    return stream.error


@pytest.mark.parametrize(
    "row",
    [
        "no JSON",
        "[" * 100_000,
        [START],
        {"other": "field"},
        {"event_id": "5f:1"},
        {"event_id": "5f:1", "kind": ["x"]},
        {"event_id": "5f:1", "kind": "text_delta", "index": 0, "chunk": 5},
        {"event_id": "5f:1", "kind": "text_start", "index": 10**12},
    ],
    ids=str,
)
def test_a_row_that_is_none(redis: RedisServer, row: Any) -> None:
    assert isinstance(error_of(redis, row), errors.ProtocolError)


@pytest.mark.parametrize(
    "snapshot",
    [
        "no JSON",
        "{}",
        '{"last": 0, "rows": []}',
        '{"last": "5", "rows": []}',
        '{"last": 5, "rows": 5}',
        '{"last": 5, "rows": [5]}',
        b"\xff",
    ],
    ids=str,
)
def test_a_snapshot_that_is_none(redis: RedisServer, snapshot: str | bytes) -> None:
    assert isinstance(error_of(redis, snapshot=snapshot), errors.ProtocolError)


@pytest.mark.parametrize("lease", ["", "5f:", "5f:soon", "5f:nan", b"\xff"], ids=str)
def test_a_lease_that_is_none(redis: RedisServer, lease: str | bytes) -> None:
    assert isinstance(error_of(redis, lease=lease), errors.ProtocolError)


def test_an_end_that_repeats_the_password(redis: RedisServer) -> None:
    end = {"event_id": "5f:1", "kind": "end", "error": {"text": f"Try {PASSWORD}.", "remedy": [1]}}
    error = error_of(redis, end)
    assert isinstance(error, errors.StreamError)
    assert PASSWORD not in f"{error} {error!r}"


def test_a_password_in_the_query_is_not_shown(redis: RedisServer) -> None:
    address = f"redis://127.0.0.1:{redis.port}/0?password={PASSWORD}"
    stream = nbstream.from_redis(address, "nothing", wait=0.1)
    assert stream.wait(30)
    assert PASSWORD not in f"{stream.error} {stream.error!r} {vars(stream._run)!r}"
    with pytest.raises(errors.UsageError) as failure:
        nbstream.from_redis(address, "{x}")
    trace = failure.value.__traceback__
    while trace is not None and (trace := trace.tb_next) is not None:
        assert PASSWORD not in repr(trace.tb_frame.f_locals)
