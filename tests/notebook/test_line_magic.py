"""``%llm``: prompts in one line, and the sub-commands, in a real ipykernel."""

from pathlib import Path

import pytest

from tests.conftest import StartKernel
from tests.harness.kernel import Kernel
from tests.harness.llm_scripts import say
from tests.harness.llm_server import LLMServer

SHORT = "openai-chat/paced-3-100"


@pytest.fixture
def live(live: Kernel) -> Kernel:
    """The same with a model for lines that name none."""
    live.check(f"import os; os.environ['NBSTREAM_MODEL'] = {SHORT!r}")
    return live


@pytest.mark.parametrize(
    ("line", "prompt"),
    [
        ("%llm Why is the sky blue?", "Why is the sky blue?"),
        ("%llm --seed 7 what's 1 {{ 1 + 1 }}?", "what's 1 2?"),
        ('x = %llm {"a": 1} or not?', '{"a": 1} or not?'),
        ("%llm stop using the passive voice", "stop using the passive voice"),
        ("%llm model this as a graph", "model this as a graph"),
    ],
)
def test_a_prompt_in_one_line(live: Kernel, llm_server: LLMServer, line: str, prompt: str) -> None:
    live.check(line)
    assert llm_server.requests[-1].body["messages"][-1]["content"] == prompt
    assert live.check("print(_llm.text)").stdout.split() == ["0001", "0002", "0003"]


def test_a_line_in_a_text_is_left_alone(live: Kernel) -> None:
    printed = live.check("text = '''\n%llm Why?\n'''\nprint(text.strip())").stdout
    assert printed.strip() == "%llm Why?"


def test_a_line_in_the_body_of_a_cell_magic_is_left_alone(
    live: Kernel, llm_server: LLMServer, tmp_path: Path
) -> None:
    live.check("%%llm\nWhat does this line do?\n%llm Why?")
    sent = llm_server.requests[-1].body["messages"][-1]["content"]
    assert sent == "What does this line do?\n%llm Why?"
    live.check(f"%%writefile {tmp_path / 'a.py'}\nx = %llm Why?")
    assert (tmp_path / "a.py").read_text().strip() == "x = %llm Why?"


def test_help_is_still_one_question_mark_away(live: Kernel) -> None:
    live.check("%llm?")
    assert "COMMANDS" in live.check("%llm").stdout


def test_the_default_model_is_set_for_the_session(live: Kernel, llm_server: LLMServer) -> None:
    assert live.check("%llm model").stdout.strip() == SHORT
    live.check("%llm model openai-chat/paced-2-100")
    live.check("%%llm\nhi")
    assert llm_server.requests[-1].model == "paced-2-100"
    failed = live.run("%llm model unknown/x")
    assert "no provider called 'unknown'" in failed.stderr
    status = live.check("%llm status").stdout
    assert "model   openai-chat/paced-2-100" in status
    assert "openai-chat (OPENAI_API_KEY)" in status
    assert "test-key" not in status
    assert "spent   unknown for 7 tokens in, 2 out" in status


def test_code_blocks_of_the_answer(live: Kernel) -> None:
    model = say("First:\n```python\nprint(1)\n```\nand\n~~~\nx\n~~~")
    live.check(f"%llm -m openai-chat/{model} hi")
    assert live.check("print(_llm.codes)").stdout.strip() == "['print(1)\\n', 'x\\n']"
    inserted = live.check("%llm insert")
    (payload,) = inserted.payload
    assert payload["source"] == "set_next_input"
    assert payload["text"] == "print(1)\n"
    assert "no code block 3" in live.run("%llm insert 3").stderr
    assert "no code block ²" in live.run("%llm insert ²").stderr
    live.check("_llm = 5")
    assert "There is no answer yet" in live.run("%llm insert").stderr


def test_stop_ends_background_answers(live: Kernel) -> None:
    live.check("%%llm -m openai-chat/hang-3 --bg -o slow\nhi")
    assert live.check("%llm stop").stdout.strip() == "Stopped 1 answer."
    assert live.check("slow.wait(); print(slow.finish_reason)").stdout.strip() == "cancelled"
    assert live.check("%llm stop").stdout.strip() == "Stopped 0 answers."


def test_the_last_error_is_explained_and_mended(live: Kernel, llm_server: LLMServer) -> None:
    assert "no exception yet" in live.run("%llm explain").stderr
    live.run('def half(n):\n    return n / 0\n\nhalf({"a": 1}["a"])')
    quoted = "You saw:\n```\nTraceback (most recent call last):\n```\n"
    answer = say(f"{quoted}Divide by two:\n```python\nhalf = 0.5\n```\nZero divides nothing.")
    live.check(f"%llm config model openai-chat/{answer}")
    live.check("%llm explain")
    prompt = llm_server.requests[-1].body["messages"][-1]["content"]
    assert 'half({"a": 1}["a"])' in prompt
    assert "ZeroDivisionError: division by zero" in prompt
    assert ", in half\n" in prompt
    assert "interactiveshell" not in prompt  # IPython's own frames say nothing
    fixed = live.check("%llm fix")
    assert [one["text"] for one in fixed.payload] == ["half = 0.5\n"]
    live.run("1 +")
    live.check("%llm explain")
    prompt = llm_server.requests[-1].body["messages"][-1]["content"]
    assert "SyntaxError" in prompt
    assert "```python\n1 +\n```" in prompt
    assert "interactiveshell" not in prompt


def test_settings_of_the_session_and_of_all_sessions(
    live: Kernel, llm_server: LLMServer, kernel: StartKernel
) -> None:
    live.check("%llm config system You are very brief.")
    live.check("%llm config --save temperature 0.25")
    live.check("%llm hi")
    body = llm_server.requests[-1].body
    assert body["messages"][0]["content"] == "You are very brief."
    assert body["temperature"] == 0.25
    live.check("%llm --temperature 1 hi")
    assert llm_server.requests[-1].body["temperature"] == 1
    shown = live.check("%llm config").stdout
    assert "0.25 (this session)" in shown
    assert "config.toml" in shown
    live.check("%llm config max-tokens 60")
    assert "max_tokens   60" in live.check("%llm config --max-tokens").stdout
    live.check("%llm config max_tokens default")
    assert "no setting called 'colour'" in live.run("%llm config colour red").stderr
