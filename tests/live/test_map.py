"""`nbstream.map()` against a server that fails now and then, and after a SIGKILL."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import nbstream
from tests.harness.aimock import CHAOS, AIMock
from tests.live.wires import model

HELLO = "Hello from the mock, in quite a few pieces, so that there is something to stream."
COUNT = 1_000
# Of 100 requests, five fail. No 429: all would wait for it, and tests/many has that.
TROUBLES = {
    f"{CHAOS}{kind}": rate
    for kind, rate in (
        ("drop", "0.02"),
        ("malformed", "0.015"),
        ("disconnect", "0.015"),
    )
}
KILLED = """
import os, signal, sys
import nbstream
from tests.live.wires import model
job = nbstream.map(
    [f"say hello {number}" for number in range(200)],
    model("openai_chat", sys.argv[1]), concurrency=10, cassette=sys.argv[2],
)
for result in job:
    if job.totals.done >= 50:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def aimock() -> Iterator[AIMock]:
    with AIMock() as running:
        yield running


def asked(aimock: AIMock) -> list[str]:
    """The prompts that the server was asked, in their order."""
    rows = httpx.get(f"{aimock.url}/__aimock/journal").json()
    return [row["body"]["messages"][-1]["content"] for row in rows]


def test_a_thousand_prompts_are_answered_though_some_requests_fail(
    aimock: AIMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nbstream.many.pause.backoff", lambda _failures, _longest: 0.01)
    prompts = [f"say hello {number}" for number in range(COUNT)]
    asks = model("openai_chat", aimock.url)
    job = nbstream.map(prompts, asks, concurrency=50, extra_headers=TROUBLES)
    results = list(job)
    assert [one.prompt for one in results] == prompts
    assert {one.output for one in results} == {HELLO}
    assert job.totals.sent > COUNT
    assert job.totals.sent == sum(one.attempts for one in results)


def test_after_a_sigkill_only_what_is_missing_is_sent(aimock: AIMock, tmp_path: Path) -> None:
    tape = tmp_path / "map.nbstream"
    httpx.post(f"{aimock.url}/__aimock/reset/journal")
    command = [sys.executable, "-c", KILLED, aimock.url, str(tape)]
    done = subprocess.run(command, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == -9
    text = tape.read_text(encoding="utf-8")
    text = text[: text.rfind("\n")]  # the kill may have cut the last line
    lines = [json.loads(line) for line in text.splitlines()]
    whole = {row["id"] for row in lines if row.get("end") == "complete"}
    kept = {
        row["request"]["messages"][0]["text"]
        for row in lines
        if row["id"] in whole and "request" in row
    }
    assert 50 <= len(kept) < 200
    httpx.post(f"{aimock.url}/__aimock/reset/journal")

    prompts = [f"say hello {number}" for number in range(200)]
    asks = model("openai_chat", aimock.url)
    job = nbstream.map(prompts, asks, concurrency=10, cassette=tape)
    assert [one.output for one in job] == [HELLO] * 200
    assert sorted(asked(aimock)) == sorted({*prompts} - kept)
    assert job.totals.replayed == len(kept)


def test_a_cluster_answers_all_though_one_of_its_workers_is_killed(
    aimock: AIMock, tmp_path: Path
) -> None:
    """In a process of its own, since Dask's ends are noisy. Slow answers were on both workers."""
    pytest.importorskip("distributed")
    httpx.post(f"{aimock.url}/__aimock/reset/journal")
    tape = tmp_path / "dask.nbstream"
    script = Path(__file__).with_name("map_on_dask.py")
    command = [sys.executable, str(script), aimock.url, str(tape), "120"]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        command, check=True, cwd=root, env=environment, capture_output=True, text=True
    )
    results = json.loads(done.stdout.splitlines()[-1])
    prompts = [f"{'say slowly' if at < 12 else 'say hello'} {at}" for at in range(120)]
    assert results == [[prompt, HELLO, "None"] for prompt in prompts]
    # Those that the killed worker had begun were asked twice, and no other.
    often = Counter(asked(aimock))
    assert set(often) == set(prompts)
    again = [prompt for prompt, count in often.items() if count == 2]
    assert 1 <= len(again) <= 12
    assert len(asked(aimock)) == len(prompts) + len(again)
    assert "sk-test" not in done.stdout + done.stderr + tape.read_text(encoding="utf-8")
