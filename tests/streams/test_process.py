"""Streams in a forked process, and while Python exits.

Each test runs a program of its own, because pytest's process has threads and must not be forked.
"""

import os
import subprocess
import sys
import textwrap

import pytest

from tests.harness.llm_server import LLMServer
from tests.harness.patience import HANG

FORKED = """
    import asyncio, os, sys, threading, time
    import nbstream
    from nbstream.core.events import Event
    from nbstream.testing import ScriptedModel

    def ask(script="hang-5"):
        stream = nbstream.stream(f"openai-chat/{script}", "hi")
        stream.start()
        while len(stream.text) < 25:
            time.sleep(0.01)
        return stream

    def fails(wait):
        try:
            wait()
        except nbstream.errors.IncompleteResponseError as error:
            assert "forked" in str(error) and "Fork after" in str(error), error
            assert len(error.message.text) == 25
        else:
            raise AssertionError(wait)

    def in_child(then, timeout=25):
        pid = os.fork()
        if pid == 0:
            threading.Timer(timeout, os._exit, (7,)).start()  # it hangs
            try:
                then()
            except BaseException:
                sys.excepthook(*sys.exc_info())
                os._exit(8)
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        assert os.waitstatus_to_exitcode(status) == 0, os.waitstatus_to_exitcode(status)
"""

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")


def run(program: str, env: dict[str, str] | None = None, before: str = "") -> str:
    """The output of the program, which must succeed."""
    source = textwrap.dedent(before) + textwrap.dedent(program)
    # Since 3.12, Python warns when a process with threads forks.
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", source]
    done = subprocess.run(
        command,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=2 * HANG,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


@needs_fork
def test_a_forked_process_gets_the_partial_answer_and_an_error(
    llm_server: LLMServer,
) -> None:
    run(
        """
        stream = ask()
        idle = nbstream.stream(ScriptedModel("from the start"), "hi")
        looping = iter(stream.text_stream)
        assert len(next(looping)) == 25
        received = []
        stream.on(Event, received.append)

        async def waits():
            async with stream as entered:
                await entered.until_done()

        def child():
            received.clear()
            assert len(stream.text) == len(stream.message.text) == 25
            assert stream.wait() and stream.is_complete
            assert stream.finish_reason == "error"
            assert stream.error.message == stream.message
            for wait in (
                stream.until_done,
                stream.get_final_text,
                lambda: list(stream),
                lambda: next(looping),
                lambda: asyncio.run(waits()),
            ):
                fails(wait)
            stream.cancel()
            stream.close()
            assert not received, "the handlers are the parent's"
            assert idle.get_final_text() == "from the start"
            other = nbstream.stream("openai-chat/paced-20-200", "hi")
            assert len(other.get_final_text()) == 100

        in_child(child)
        assert not stream.is_complete
        stream.close()
        assert stream.finish_reason == "cancelled" and len(stream.text) == 25
        assert idle.get_final_text() == "from the start"
        """,
        llm_server.env,
        FORKED,
    )


@needs_fork
def test_a_forked_process_does_not_affect_its_parent(llm_server: LLMServer) -> None:
    run(
        """
        stream = ask("paced-100-100")
        in_child(stream.close)
        assert stream.finish_reason is None
        assert len(stream.get_final_text()) == 500
        finished = stream
        in_child(lambda: finished.get_final_text() or os._exit(1))
        """,
        llm_server.env,
        FORKED,
    )


@needs_fork
def test_a_fork_while_all_locks_are_held_does_not_hang(llm_server: LLMServer) -> None:
    run(
        """
        from nbstream.core import text_buffer

        stream = ask()
        typed = nbstream.stream("openai-chat/hang-5", "hi", output_type=list[str])
        typed.start()
        idle = nbstream.stream(ScriptedModel("from the start"), "hi")
        held = threading.Event()

        def hold():
            for one in (stream, typed, idle):
                one._run._lock.acquire()
                one._run.log._changed.acquire()
            typed._run.output._lock.acquire()
            text_buffer._joining.acquire()
            text_buffer._parsing.acquire()
            held.set()
            time.sleep(60)

        threading.Thread(target=hold, daemon=True).start()
        held.wait()

        def child():
            assert len(stream.text) == 25
            fails(stream.until_done)
            typed.wait()
            typed.output
            stream.cancel()
            assert idle.get_final_text() == "from the start"

        in_child(child)
        os._exit(0)
        """,
        llm_server.env,
        FORKED,
    )


def test_starting_a_stream_while_python_exits_is_an_error(llm_server: LLMServer) -> None:
    said = run(
        """
        import atexit
        import nbstream

        @atexit.register
        def late():
            stream = nbstream.stream("openai-chat/paced-5-100", "hi")
            for wait in (stream.get_final_text, stream.wait, stream.start, stream.__enter__):
                try:
                    wait()
                except nbstream.errors.UsageError as error:
                    print(error)
            assert not stream.is_started
            assert len(early.get_final_text()) == 25

        early = nbstream.stream("openai-chat/paced-5-100", "hi")
        early.until_done()
        """,
        llm_server.env,
    )
    assert said.count("shutting down") == said.count("join the threads") == 4
