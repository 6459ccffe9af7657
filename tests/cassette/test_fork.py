"""Cassettes and maps in a forked process: nothing hangs there, and no line is lost or doubled.

Each test runs a program of its own, because pytest's process has threads and must not be forked.
"""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.harness.patience import HANG

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")

FORK = """
import json, os, sys, threading, time
import nbstream
from nbstream.testing import ScriptedModel

def fork(then):
    pid = os.fork()
    if pid:
        return pid
    threading.Timer(25, os._exit, (7,)).start()  # it hangs
    try:
        then()
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(8)
    os._exit(0)

def wait(pid):
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status == 0, status
"""


def run(program: str, *arguments: str) -> None:
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c"]
    done = subprocess.run(
        [*command, FORK + textwrap.dedent(program), *arguments],
        capture_output=True,
        text=True,
        timeout=2 * HANG,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_processes_that_are_forked_while_a_line_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.nbstream"
    run(
        """
        from pathlib import Path
        from nbstream.cassette.file import append

        path, ended = Path(sys.argv[1]), threading.Event()

        def write():
            number = 0
            while not ended.is_set():
                append(path, json.dumps([number, "x" * 300_000]) + chr(10))
                number += 1

        writer = threading.Thread(target=write)
        writer.start()
        children = [fork(lambda: append(path, "[-1]" + chr(10))) for _ in range(10)]
        for child in children:
            wait(child)
        ended.set()
        writer.join(20)
        assert not writer.is_alive()
        rows = [json.loads(line)[0] for line in path.read_text().splitlines()]
        assert rows.count(-1) == 10
        own = [row for row in rows if row >= 0]
        assert own == [*range(len(own))]
        """,
        str(path),
    )


def test_a_map_that_runs_while_its_process_is_forked() -> None:
    run(
        """
        job = nbstream.map(["a", "b"], ScriptedModel("x" * 1000, "b", delay=0.01), concurrency=1)
        job.start()
        while not job.running:
            time.sleep(0.01)

        def child():
            assert job.wait()
            try:
                job.to_df()
            except nbstream.errors.IncompleteResponseError as error:
                assert "forked" in str(error)
            else:
                raise AssertionError(job)

        wait(fork(child))
        assert [one.output for one in job] == ["x" * 1000, "b"]
        """
    )
