"""``%%llm -T`` and ``--agent``: tools in a cell, the kernel as a tool, approvals, chats, errors."""

import json
from typing import Any

import pytest

from tests.conftest import StartKernel
from tests.harness import kernelspecs
from tests.harness.kernel import Kernel
from tests.harness.llm_scripts import rounds, use
from tests.harness.llm_server import LLMServer

SETUP = """%load_ext nbstream
import nbstream, threading
stock = {"tea": 4}
def count(product: str) -> int:
    "How many of a product there are."
    assert threading.current_thread() is threading.main_thread()
    return stock[product]
@nbstream.tool(requires_approval=True)
def order(product: str, number: int) -> str:
    "Order a product."
    stock[product] += number
    return f"{number} x {product} ordered"
"""
ASKED = rounds([use("count", "c1", product="tea")], "There are 4.")
ORDERS = rounds([use("order", "c1", product="tea", number=90)], "Ordered.")


def told(server: LLMServer, model: str, last: int = -1) -> Any:
    """What the last request told the model: the results of its calls."""
    content = server.of(model)[last].body["messages"][-1]["content"]
    return [one["content"] for one in content if one["type"] == "tool_result"]


def started(
    kernel: StartKernel, server: LLMServer, version: str | None = None, *, live: bool = False
) -> Kernel:
    """A kernel with the tools; ``live``: it assumes a browser."""
    display = {"NBSTREAM_DISPLAY": "live"} if live else {}
    one = kernel(version, env={**server.messages_env, **display})
    one.check(SETUP)
    return one


def test_a_function_of_the_notebook_is_called(kernel: StartKernel, llm_server: LLMServer) -> None:
    one = started(kernel, llm_server, live=True)
    cell = one.check(f"%%llm -m anthropic/{ASKED} -T count -o mine\nHow many?")
    assert cell.status == "ok"
    printed = one.check(
        "print(_.text, mine.output, [(c.tool_name, c.result) for c in _.tool_calls])"
    )
    assert printed.stdout == "There are 4. There are 4. [('count', 4)]\n"
    assert told(llm_server, ASKED) == ["4"]
    one.check(f"mine = nbstream.Agent('anthropic/{ASKED}', tools=[count], name='shop')")
    assert one.check("%%llm --agent mine\nHow many?").status == "ok"
    assert one.check("print(_.text)").stdout == "There are 4.\n"


def test_a_chat_keeps_calls_and_results(kernel: StartKernel, llm_server: LLMServer) -> None:
    one = started(kernel, llm_server)
    one.check(f"%%llm -m anthropic/{ASKED} -T count -c shop\nHow many?", cell_id="a")
    again = rounds("unused", "unused", "Four, I said.")
    one.check(f"%%llm -m anthropic/{again} -T count -c shop\nAgain?", cell_id="b")
    sent = llm_server.of(again)[-1].body["messages"]
    assert [row["role"] for row in sent] == ["user", "assistant", "user", "assistant", "user"]
    assert one.check("print(_.text)").stdout == "Four, I said.\n"
    one.check(f"%%llm -m anthropic/{ASKED} -T count -c shop\nHow many now?", cell_id="a")
    first = llm_server.of(ASKED)[-2].body["messages"]
    assert len(first) == 1  # a cell that runs again rewrites its turn
    one.check("%llm forget shop")


ERRORS = [
    ("-T cuont", "-T cuont is not defined here", "Did you mean count?"),
    (
        "-T stock",
        "-T stock is of type dict, and a tool is a function, an agent",
        "type hints",
    ),
    ("-T bad", "-T bad: bad() cannot be a tool", ""),
    ("-T count()", "-T count() is a call, and the model makes the calls", "alone: -T count."),
    ("--agent count", "--agent count is of type function, not an agent", "nbstream.Agent"),
    ("--agent ours -s Brief", "--agent ours has its own settings", "Leave it out"),
    ("-T count -T count", "-T count: Two tools have the name 'count'", ""),
]


def test_errors_mark_the_word(kernel: StartKernel, llm_server: LLMServer) -> None:
    one = started(kernel, llm_server)
    one.check("def bad(*rows: int): ...\nours = nbstream.Agent('local')")
    for options, problem, remedy in ERRORS:
        cell = one.run(f"%%llm {options}\nhi")
        text = cell.stderr + cell.traceback + cell.evalue
        assert problem in text, (options, text)
        assert remedy in text
        line = next(row for row in text.splitlines() if row.lstrip().startswith("^"))
        assert "^" in line


@pytest.mark.parametrize("version", [kernelspecs.NEWEST, "7.3.0", "7.1.0"])
def test_the_page_approves_while_the_cell_blocks(
    kernel: StartKernel, llm_server: LLMServer, version: str
) -> None:
    one = started(kernel, llm_server, version, live=True)
    subshell = one.create_subshell()
    cell = one.start(f"%%llm -m anthropic/{ORDERS} -T order -o mine\nOrder tea.")
    one.until(lambda: '"kind": "requests"' in json.dumps(cell.comms), cell)
    comm = cell.comms_opened[-1]["comm_id"]

    def reply(n: str, **row: Any) -> None:
        content = {"t": "reply", "id": "c1", "n": n, **row}
        one.send_comm(comm, {"method": "custom", "content": content}, subshell=subshell)

    reply("1", action="approve", value={"product": "tea", "number": "many"})
    reply("2", action="approve", value={"product": "tea", "number": 2})
    reply("3", action="deny", reason="Too late.")
    one.wait(cell)
    assert cell.status == "ok"
    assert told(llm_server, ORDERS) == ["2 x tea ordered"]
    assert one.check("print(stock, mine.text)").stdout == "{'tea': 6} Ordered.\n"


def test_where_the_kernel_hears_no_page_the_cell_asks_below(
    kernel: StartKernel, llm_server: LLMServer
) -> None:
    one = started(kernel, llm_server, "6.30.1", live=True)
    cell, asked = one.answer(f"%%llm -m anthropic/{ORDERS} -T order\nOrder tea.", "No tea.")
    assert "order" in cell.stdout
    assert "Allow it?" in asked["prompt"]
    assert told(llm_server, ORDERS) == ["The user denied this call. No tea."]


def test_headless_denies(kernel: StartKernel, llm_server: LLMServer) -> None:
    one = started(kernel, llm_server)
    one.check(f"%%llm -m anthropic/{ORDERS} -T order\nOrder tea.")
    (words,) = told(llm_server, ORDERS)
    assert "there is no way to ask the user here" in words
    assert "denied" not in words


def test_in_the_background_a_command_answers(kernel: StartKernel, llm_server: LLMServer) -> None:
    one = started(kernel, llm_server, live=True)
    assert "No call waits" in one.run("%llm approve").stderr + one.run("%llm approve").evalue
    wait = "import time\nwhile not _llm.requests: time.sleep(0.01)"
    for command, result in [
        ("%llm approve deny Not now.", "The user denied this call. Not now."),
        ("%llm approve", "90 x tea ordered"),
        ("%llm approve always", "90 x tea ordered"),
    ]:
        one.check(f"%%llm -m anthropic/{ORDERS} -T order --bg\nOrder tea.")
        one.check(wait)
        assert 'order({"product": "tea", "number": 90})' in one.check(command).stdout
        one.check("_llm.wait()")
        assert told(llm_server, ORDERS) == [result]


CODE = """import sys
print("printed")
print("warned", file=sys.stderr)
made = 6 * 7
made"""


def test_the_kernel_is_a_tool(kernel: StartKernel, llm_server: LLMServer) -> None:
    one = started(kernel, llm_server, live=True)
    model = rounds(
        [use("run_python", "c1", code=CODE)],
        [use("run_python", "c2", code="1 / 0")],
        [use("run_python", "c3", code="await_ = made + 1")],
        "Done.",
    )
    subshell = one.create_subshell()
    cell = one.start(f"%%llm -m anthropic/{model} -T kernel\nCompute.")
    one.until(lambda: '"kind": "requests"' in json.dumps(cell.comms), cell)
    reply = {"t": "reply", "id": "c1", "n": "1", "action": "approve", "always": True}
    comm = cell.comms_opened[-1]["comm_id"]
    one.send_comm(comm, {"method": "custom", "content": reply}, subshell=subshell)
    one.wait(cell)
    assert "printed" in cell.stdout
    assert "warned" in cell.stderr
    first, second, third = (told(llm_server, model, at)[0] for at in (1, 2, 3))
    assert "printed" in str(first)
    assert "warned" in str(first)
    assert "42" in str(first)
    assert "ZeroDivisionError: division by zero" in str(second)
    assert "ran, and showed nothing" in str(third)
    assert one.check("print(made, await_)").stdout == "42 43\n"
    assert one.check("print(_.text)").stdout == "Done.\n"


def test_tab_completes_tools_and_agents(kernel: StartKernel, llm_server: LLMServer) -> None:
    one = started(kernel, llm_server)
    one.check("helper = nbstream.Agent('local')\nshell = get_ipython()")
    read = (
        "text = {!r}\n"
        "found = shell.Completer.completions(text, len(text))\n"
        "from IPython.core.completer import provisionalcompleter\n"
        "with provisionalcompleter():\n    print(sorted(one.text for one in found))"
    )
    assert one.check(read.format("%%llm -T co")).stdout == "['count']\n"
    assert one.check(read.format("%%llm -T ke")).stdout == "['kernel']\n"
    assert one.check(read.format("%%llm --agent he")).stdout == "['helper']\n"
    assert one.check(read.format("%llm approve al")).stdout == "['always']\n"
