"""Everyday tasks as a new user tries them, and what tells them how to go on where they stumble."""

import pytest

from tests.harness.kernel import Kernel
from tests.harness.llm_scripts import say
from tests.harness.llm_server import LLMServer

SHORT = "openai-chat/paced-3-100"
ROWS = '[{"name": "Ada", "age": 36}, {"name": "Bob", "age": 41}]'
CODE = "So:\n~~~\nprint(6 * 7)\n~~~"


@pytest.fixture
def live(live: Kernel) -> Kernel:
    """The same with a default model."""
    live.check(f"%llm model {SHORT}")
    return live


def test_a_table_from_a_text(live: Kernel) -> None:
    options = '--schema "[name: str, age: int]" -o people'
    live.check("text = 'Ada is 36. Bob is 41.'")
    live.check(f"%%llm -m openai-chat/{say(ROWS)} {options}\nWho is mentioned? {{{{ text }}}}")
    assert live.check("print(people.df.age.sum(), list(people.df))").stdout == (
        "77 ['name', 'age']\n"
    )


def test_go_on_with_an_answer_that_was_stopped_or_broke_off(
    live: Kernel, llm_server: LLMServer
) -> None:
    live.run("%%llm -m openai-chat/cut-3 -o story\nTell a story.")
    failed = live.run("%%llm\nGo on: {{ story }}")
    assert "To go on with what had arrived, write {{ story.text }}." in failed.stderr
    assert len(failed.stderr.splitlines()) <= 4
    live.check("%%llm\nGo on: {{ story.text }}")
    assert llm_server.requests[-1].body["messages"][-1]["content"] == "Go on: 0001 0002 0003 "


def test_an_answer_of_which_nothing_arrived_has_to_be_asked_again(live: Kernel) -> None:
    live.run("%%llm -m openai-chat/status-401 -o story\nTell a story.")
    failed = live.run("%%llm\nGo on: {{ story }}")
    assert "It has no text: run its cell again." in failed.stderr
    assert "story.text" not in failed.stderr


def test_code_of_an_answer_goes_into_a_cell_and_runs(live: Kernel) -> None:
    live.check(f"%llm -m openai-chat/{say(CODE)} Compute it for me.")
    (payload,) = live.check("%llm insert").payload
    assert live.check(payload["text"]).stdout.strip() == "42"


def test_ask_in_a_loop(live: Kernel, llm_server: LLMServer) -> None:
    live.check("for name in ('Ada', 'Bob'):\n    answer = %llm Who is {{ name }}?\n")
    asked = [one.body["messages"][-1]["content"] for one in llm_server.requests[-2:]]
    assert asked == ["Who is Ada?", "Who is Bob?"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("%llm chat trip", "Did you mean %llm chats?"),
        ("%llm modles", "Did you mean %llm models?"),
        ("%llm key", "Write %llm key PROVIDER [--save|--forget]."),
        ("%llm forget", "Write %llm forget NAME."),
        ("%llm branch trip", "Write %llm branch NAME NEW."),
        ("%llm budget 5", "Write %llm config budget 5."),
        ("%llm temperature", "Write %llm config temperature."),
        (
            "%%llm -a text.upper()\nhi",
            "Write the expression into the prompt: {{",
        ),
        ("%%llm -a data.pkl\nhi", "Read it into a variable, and attach that"),
        ("%llm key anthropci", "Did you mean %llm key anthropic?"),
        ("%llm key OPENAI_API_KEY", "Did you mean %llm key openai?"),
        ("%llm key local", "needs no key"),
        ("%llm config budget off", "%llm config budget default unsets it."),
        ("%llm config temprature 1", "Did you mean temperature?"),
        ("%%llm What is this?\n", "or after %llm"),
        ("%%llm -m gpt-4o\nhi", "Did you mean openai/gpt-4o?"),
        ("%%llm -c my trip\nhi", "a value with blanks in quotes"),
    ],
)
def test_a_slip_sends_nothing_and_says_what_was_meant(
    live: Kernel, llm_server: LLMServer, line: str, says: str
) -> None:
    live.check("text = 'x'\nwith open('data.pkl', 'wb') as file:\n    file.write(b'\\x80\\x04x')")
    before = len(llm_server.requests)
    failed = live.run(line)
    assert failed.status == "error"
    assert says in failed.stderr
    assert len(llm_server.requests) == before


def test_where_the_text_of_an_answer_is_that_is_not_of_the_type(live: Kernel) -> None:
    failed = live.run(f"%%llm -m openai-chat/{say('no json')} --schema int\nHow many?")
    assert "in a cell, `_.text` is the text." in failed.traceback
    assert live.check("print(_.text)").stdout.strip() == "no json"


@pytest.mark.parametrize("expression", ["g()", "await g()"])
def test_what_has_to_be_awaited_is_not_sent(
    live: Kernel, llm_server: LLMServer, expression: str
) -> None:
    live.check("async def g():\n    return 1")
    before = len(llm_server.requests)
    failed = live.run(f"%%llm\nDouble {{{{ {expression} }}}}.")
    assert "Await it in a cell above" in failed.stderr
    assert "Warning" not in failed.stderr
    assert len(llm_server.requests) == before


def test_help_and_lists_say_something(live: Kernel) -> None:
    assert "COMMANDS" in live.check("%llm help").stdout
    assert "No model has 'nosuch' in its name" in live.check("%llm models nosuch").stdout
    assert "No chats." in live.check("%llm chats").stdout
    live.check("%%llm -c trip\nhi", cell_id="one")
    assert "  1 turn " in live.check("%llm chats").stdout


def test_what_a_command_changed_is_said(live: Kernel) -> None:
    saved = live.check("%llm config --save budget 2").stdout
    assert "Written to" in saved
    assert "for all sessions" in saved
    assert "NAME default unsets one" in live.check("%llm config").stdout
    left = live.check("%llm key openai --forget").stdout
    assert "The one in OPENAI_API_KEY is used" in left
