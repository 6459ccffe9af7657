"""A stream in IPython's terminal: what is printed, and when."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness.llm_scripts import say, text_of
from tests.harness.llm_server import LLMServer
from tests.harness.patience import until

START = 60
SCRIPTED = """
import nbstream
from nbstream.core import parts as p
from nbstream.core.message import Citation, assistant_message
from nbstream import replay_message
made = replay_message(assistant_message({}))
made
"""


class Terminal:
    """An `ipython` process without a kernel; its output is collected while it runs."""

    def __init__(self, folder: Path, env: dict[str, str], *arguments: str) -> None:
        variables = {**os.environ, "IPYTHONDIR": str(folder), "PYTHONIOENCODING": "utf-8", **env}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "IPython", "--simple-prompt", "--no-banner", *arguments],
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.printed = b""
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        while piece := os.read(self.process.stdout.fileno(), 4096):
            self.printed += piece

    @property
    def text(self) -> str:
        """The output so far."""
        return self.printed.decode()

    def type(self, line: str) -> None:
        """Type a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def wait(self) -> str:
        """Wait for the end of the process; returns its whole output."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(START)
        self._reading.join(START)
        return self.text

    def close(self) -> None:
        """End the process in any state."""
        self.process.kill()
        self._reading.join(START)
        with self.process:  # closes its pipes
            pass


Start = Callable[..., Terminal]


@pytest.fixture
def ipython(tmp_path: Path, llm_server: LLMServer) -> Iterator[Start]:
    """A function that starts terminals; they end with the test."""
    running: list[Terminal] = []

    def start(*arguments: str, **env: str) -> Terminal:
        running.append(Terminal(tmp_path, {**llm_server.env, **env}, *arguments))
        return running[-1]

    yield start
    for one in running:
        one.close()


def shown(ipython: Start, *parts: str) -> str:
    """The output for an answer with those parts."""
    return ipython("-c", SCRIPTED.format(", ".join(parts))).wait()


def test_text_is_printed_as_it_arrives(ipython: Start, llm_server: LLMServer) -> None:
    terminal = ipython("-c", "import nbstream\nnbstream.stream('openai-chat/talk-71', 'hi')")
    until(lambda: "0005 " in terminal.text, START)
    said = llm_server.hush("talk-71")
    assert terminal.wait().endswith(said + "\n")


def test_the_magic_prints_and_binds(ipython: Start) -> None:
    code = f"%load_ext nbstream\nget_ipython().run_cell_magic('llm', '-m openai-chat/{say('Hi!')} \
-o mine', 'hi')\nprint(mine.text == 'Hi!')"
    assert ipython("-c", code).wait() == "Hi!\nTrue\n"


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("status-401", "AuthenticationError: "),
        ("status-401", "Check the API key"),
        ("cut-20", text_of("cut-20") + "\n\nIncompleteResponseError: "),
        ("malformed-10", "ProtocolError: "),
        (say(""), "[empty answer]"),
    ],
)
def test_a_failure_is_shown(ipython: Start, model: str, says: str) -> None:
    code = f"import nbstream\nnbstream.stream('openai-chat/{model}', 'hi')"
    assert says in ipython("-c", code).wait()


def test_the_wait_before_another_request_has_no_more_digits_than_one_reads(ipython: Start) -> None:
    there = "base_url='http://127.0.0.1:9/v1', retries=1"  # nothing listens on this port
    printed = ipython("-c", f"import nbstream\nnbstream.stream('vllm/m', 'hi', {there})").wait()
    assert re.search(r"Asking again in \d(\.\d)? s\.", printed), printed


def test_the_magics_failure_is_shown_once(ipython: Start) -> None:
    code = (
        "%load_ext nbstream\nget_ipython().run_cell_magic('llm', '-m openai-chat/status-401', 'x')"
    )
    printed = ipython("-c", code).wait()
    assert printed.count("Check the API key") == 1
    assert len(printed.strip().splitlines()) <= 4


@pytest.mark.parametrize(("arguments", "term"), [((), "dumb"), (("--colors=NoColor",), "xterm")])
def test_a_terminal_without_colours_gets_no_codes(
    ipython: Start, arguments: tuple[str, ...], term: str
) -> None:
    code = (
        "%load_ext nbstream\nget_ipython().run_cell_magic('llm', '-m openai-chat/status-401', 'x')"
    )
    printed = ipython(*arguments, "-c", code, TERM=term).wait()
    assert "AuthenticationError: " in printed
    assert "\x1b" not in printed


def test_a_generation_shows_its_error(ipython: Start) -> None:
    code = "import nbstream\nnbstream.generate('openai/gpt-image-1', 'A cat.')"
    dead = ipython("-c", code, OPENAI_BASE_URL="http://127.0.0.1:9/v1").wait()
    assert "ConnectionFailedError: " in dead


def test_every_part_has_a_plain_form(ipython: Start) -> None:
    printed = shown(
        ipython,
        "p.ThinkingPart('Hm, the sky.')",
        "p.TextPart('It is ')",
        "p.TextPart('blue', (Citation('https://a.org', 'A'),))",
        "p.TextPart('.')",
        "p.ToolCallPart('c', 'weather', '{\"city\": 1}')",
        "p.FilePart('image/png', b'12345')",
        "p.RefusalPart('No more.')",
    )
    assert printed.endswith(
        '[thinking]\nHm, the sky.\n\nIt is blue.\n\n[tool call: weather({"city": 1})]\n\n'
        "[image/png, 5 B]\n\nNo more.\n\nSources:\n1. A <https://a.org>\n"
    )


@pytest.mark.parametrize(
    "asked",
    ["nbstream.stream(model, 'hi')", "get_ipython().run_cell_magic('llm', '-m test/m', 'hi')"],
)
def test_a_truncated_answer_says_so(ipython: Start, asked: str) -> None:
    code = (
        "%load_ext nbstream\nimport nbstream\nfrom nbstream.core import events as e\n"
        "cut = [e.TextStart(0), e.TextDelta(0, 'so'), e.StreamEnd('length')]\n"
        f"model = nbstream.testing.ScriptedModel(cut, name='m').register()\n{asked}"
    )
    assert (
        "so\n\n[cut off at the token limit; max_tokens allows more]\n" in ipython("-c", code).wait()
    )


def test_control_sequences_of_the_model_are_not_printed(ipython: Start) -> None:
    printed = shown(ipython, r"'\x1b]0;owned\x07 \x9b2J a\tb\r\nc \ud83d'")
    assert printed.endswith("⟨U+001B⟩]0;owned⟨U+0007⟩ ⟨U+009B⟩2J a\tb\nc \ufffd\n")


def test_an_ascii_terminal_shows_what_it_can(ipython: Start) -> None:
    code = SCRIPTED.format(r"'gr\u00fcn'")
    assert ipython("-c", code, PYTHONIOENCODING="ascii").wait().endswith("gr?n\n")


def test_an_interrupt_stops_the_model_and_binds_the_partial(
    ipython: Start, llm_server: LLMServer
) -> None:
    terminal = ipython()
    terminal.type("import signal; signal.signal(signal.SIGINT, signal.default_int_handler)")
    terminal.type("import nbstream; print('rea' + 'dy')")
    until(lambda: "ready" in terminal.text, START)
    terminal.type("nbstream.stream('openai-chat/paced-5000-73', 'hi')")
    until(lambda: "0005 " in terminal.text)
    terminal.process.send_signal(signal.SIGINT)
    assert llm_server.of("paced-5000-73")[-1].wait().disconnected is not None
    terminal.type("print(_.finish_reason, _.text[:9], 'af' + 'ter')")
    until(lambda: "after" in terminal.text)
    printed = terminal.text
    assert "[interrupted]\n" in printed
    assert "KeyboardInterrupt" in printed
    assert ": the answer so far is in _" in printed
    assert "Traceback" not in printed
    assert "cancelled 0001 0002 after" in printed


AGENT = """
import threading, nbstream
from nbstream.messages import ToolCallPart
from nbstream.testing import ScriptedModel
def look() -> str:
    return threading.current_thread().name
@nbstream.tool(requires_approval=True)
def remove() -> str:
    return "gone"
calls = ToolCallPart("c1", "look", "{}"), ToolCallPart("c2", "remove", "{}")
model = ScriptedModel(nbstream.assistant_message(*calls), "Done.")
agent = nbstream.Agent(model, tools=[look, remove])
run = agent.run_stream("?")
run
"""


def test_an_agents_tools_run_on_the_thread_that_prints(ipython: Start) -> None:
    printed = ipython("-c", AGENT).wait()
    assert "[tool call: look({})]" in printed
    assert "[result: look: MainThread]" in printed
    assert "no way to ask the user here" in printed
    assert printed.endswith("Done.\n\n[2 steps · 2 tool calls, 1 failed]\n")


def test_a_person_at_the_terminal_approves(ipython: Start) -> None:
    code = f"import nbstream.agent.requests as a\na.is_headless = lambda: False\n{AGENT}"
    terminal = ipython("-c", code)
    until(lambda: "Allow it?" in terminal.text, START)
    terminal.type("y")
    assert "[result: remove: gone]" in terminal.wait()
