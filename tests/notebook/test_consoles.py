"""IPython and ``jupyter console`` in a real terminal: what a person sees while an answer grows."""

import re
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.harness import isolation, kernelspecs
from tests.harness.llm_scripts import drawl, say
from tests.harness.llm_server import LLMServer
from tests.harness.screen import screen

if TYPE_CHECKING:
    from pathlib import Path

pexpect: Any = pytest.importorskip("pexpect")

# pexpect forks, and the server of these tests runs on a thread.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

START = 120  # seconds
DIM = "\x1b[2m"
IPYTHON, CONSOLE = "IPython", "jupyter_console"
COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
MARKDOWN = (
    "# Title\n\nOne **bold** word.\n\n- an item\n- another <b>item</b>\n\n"
    "```python\nprint(1)\n```\n\n[link](javascript:alert(1)) &#27;[31mred"
)

Start = Callable[..., Any]


@pytest.fixture
def terminal(tmp_path_factory: pytest.TempPathFactory, llm_server: LLMServer) -> Iterator[Start]:
    """A function that starts a shell in a terminal, with the extension loaded."""
    running: list[Any] = []

    def start(app: str, **env: str) -> Any:
        if app == CONSOLE:
            pytest.importorskip("jupyter_console")
        root: Path = tmp_path_factory.mktemp("terminal")
        variables = isolation.environment(root, {**llm_server.env, "TERM": "xterm-256color", **env})
        kernelspecs.write(root / "data")
        child = pexpect.spawn(
            sys.executable,
            ["-m", app, "--simple-prompt"],
            env=variables,
            encoding="utf-8",
            timeout=START,
            dimensions=(24, 80),
            cwd=str(root),
        )
        running.append(child)
        child.expect(r"In \[1\]: ")
        child.sendline("%load_ext nbstream")
        child.expect(r"In \[2\]: ")
        child.logfile_read = Log()
        return child

    yield start
    for one in running:
        one.close(force=True)


class Log:
    """What the terminal was sent."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, piece: str) -> None:
        self.text += piece

    def flush(self) -> None:
        """Nothing is kept back."""


@pytest.mark.parametrize("app", [IPYTHON, CONSOLE])
def test_an_answer_grows_and_an_interrupt_keeps_it(
    terminal: Start, llm_server: LLMServer, app: str
) -> None:
    child = terminal(app)
    model = f"talk-{61 if app == IPYTHON else 62}"
    child.sendline(f"%llm -m openai-chat/{model} -o mine hi")
    child.expect("0005")
    assert llm_server.of(model)[-1].finished is None
    child.sendintr()
    child.expect("the answer so far is in mine")
    child.expect(r"In \[3\]: ")
    assert llm_server.of(model)[-1].wait().disconnected is not None
    child.sendline("print(mine.finish_reason, mine.text[:9], _llm is mine)")
    child.expect("cancelled 0001 0002 True")
    child.expect(r"In \[4\]: ")
    shown = child.logfile_read.text
    assert "Traceback" not in shown
    assert "[interrupted]" in shown
    child.sendline(f"%llm -m openai-chat/{say('It goes on.')} hi")
    child.expect("It goes on.")


@pytest.mark.parametrize("app", [IPYTHON, CONSOLE])
def test_thinking_is_dimmed_and_a_tool_call_is_a_line(
    terminal: Start, llm_server: LLMServer, app: str
) -> None:
    child = terminal(app, **llm_server.messages_env)
    child.sendline("%llm -m openai-chat/think-3 hi")
    child.expect(r"In \[3\]: ")
    shown = child.logfile_read.text
    assert f"{DIM}0001 " in shown
    lines = [line for line in screen(shown) if line]
    begin = lines.index("[thinking]")
    assert lines[begin + 1 : begin + 3] == ["0001 0002 0003"] * 2
    child.sendline("from nbstream.testing import ScriptedModel; from nbstream.messages import *")
    child.sendline("call = ToolCallPart('c', 'weather', '{\"city\":\\n\"' + 'Oslo ' * 99 + '\"}')")
    child.sendline("_ = ScriptedModel(Message('assistant', (call,)), name='t').register()")
    child.expect(r"In \[6\]: ")
    child.sendline("%llm -m test/t hi")
    child.expect(r"In \[7\]: ")
    (line,) = [
        one for one in child.logfile_read.text.splitlines() if one.startswith(f"{DIM}[tool call")
    ]
    assert line.startswith(f'{DIM}[tool call: weather({{"city": "Oslo Oslo')
    assert COLOURS.sub("", line).rstrip().endswith("…]")


def test_markdown_is_drawn_with_rich(terminal: Start) -> None:
    pytest.importorskip("rich")
    child = terminal(IPYTHON)
    child.sendline(f"%llm -m openai-chat/{drawl(MARKDOWN)} hi")
    child.expect(r"In \[3\]: ")
    child.sendline("print(_llm.text)")
    child.expect(r"In \[4\]: ")
    shown = child.logfile_read.text.partition("print(_llm")[0]
    assert "One \x1b[1mbold\x1b[0m word." in shown
    lines = screen(shown)
    begin = next(at for at, line in enumerate(lines) if line.endswith("  Title"))
    assert lines[begin + 1 : lines.index("Out[2]:")] == [
        "",
        "One bold word.",
        "",
        " • an item",
        " • another <b>item</b>",
        "",
        " print(1)",
        "",
        "[link](javascript:alert(1)) \ufffd[31mred",
    ]
    assert "\x1b]8" not in shown, "no link of the model's can be clicked"
    assert "\x1b[31mred" not in shown


def test_what_was_printed_is_not_printed_again(terminal: Start) -> None:
    pytest.importorskip("rich")
    child = terminal(IPYTHON)
    paragraphs = [f"Paragraph {n:03} of the answer." for n in range(60)]
    answer = say("\n\n".join(paragraphs))
    child.sendline(f"%llm -m openai-chat/{answer} hi")
    child.expect(r"In \[3\]: ")
    sent = child.logfile_read.text
    assert [line for line in screen(sent) if line.startswith("Para")] == paragraphs
    # Nothing is drawn again once the paragraph after the next has begun.
    pairs = zip(paragraphs[:-2], paragraphs[2:], strict=True)
    again = [one for one, later in pairs if sent.rindex(one) > sent.index(later)]
    assert not again
    code = "".join(f"line {n:04}\n" for n in range(120))
    child.sendline(f"%llm -m openai-chat/{say(f'```{chr(10)}{code}```')} hi")
    child.expect(r"In \[4\]: ")
    sent = child.logfile_read.text[len(sent) :]
    shown = [line.strip() for line in screen(sent)]
    assert [line for line in shown if line.startswith("line")] == code.splitlines()
    # While it grows, no more of it is drawn than the screen holds.
    assert sent.count("line 0000") < sent.count("line 010")
