"""Chats over cells in a real ipykernel: what each request holds, seen at the server."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.conftest import StartKernel
from tests.harness.kernel import Kernel
from tests.harness.llm_server import LLMServer
from tests.harness.priced import PRICED
from tests.harness.result import Result

SHORT = "openai-chat/paced-2-100"
REPLY = "0001 0002 "


def ask(one: Kernel, prompt: str, cell: str, options: str = "-c trip") -> None:
    one.check(f"%%llm -m {SHORT} {options}\n{prompt}", cell_id=cell)


def sent(server: LLMServer) -> list[str]:
    """The messages of the last request."""
    return [message["content"] for message in server.requests[-1].body["messages"]]


def test_turns_go_on_over_cells_and_a_cell_that_runs_again_rewrites_its_turn(
    live: Kernel, llm_server: LLMServer
) -> None:
    for n in range(1, 5):
        ask(live, f"q{n}", f"cell-{n}")
    assert sent(llm_server) == ["q1", REPLY, "q2", REPLY, "q3", REPLY, "q4"]
    ask(live, "q2 again", "cell-2")
    assert sent(llm_server) == ["q1", REPLY, "q2 again"]
    ask(live, "q5", "cell-5")
    assert sent(llm_server) == ["q1", REPLY, "q2 again", REPLY, "q5"]


def test_an_interrupted_turn_is_not_sent_again(live: Kernel, llm_server: LLMServer) -> None:
    ask(live, "q1", "cell-1")
    cell = live.start("%%llm -m openai-chat/hang-3 -c trip\nq2", cell_id="cell-2")
    live.until(lambda: llm_server.requests[-1].sent == 3, cell)
    live.interrupt()
    assert live.wait(cell).status == "error"
    ask(live, "q3", "cell-3")
    assert sent(llm_server) == ["q1", REPLY, "q3"]
    failed = live.run("%%llm -m openai-chat/die-3 -c trip\nq4", cell_id="cell-4")
    assert failed.status == "error"
    ask(live, "q4", "cell-4")
    assert sent(llm_server) == ["q1", REPLY, "q3", REPLY, "q4"]


def test_a_front_end_without_cell_ids_is_told_by_the_text(
    live: Kernel, llm_server: LLMServer
) -> None:
    for prompt in ("q1", "q2", "q1"):
        ask(live, prompt, "")
    assert sent(llm_server) == ["q1"]


def test_a_chat_goes_on_after_the_kernel_was_killed(live: Kernel, llm_server: LLMServer) -> None:
    ask(live, "q1", "cell-1")
    live.check("%%llm -m openai-chat/talk-110 -c trip --bg\nlost", cell_id="cell-9")
    asked = llm_server.wait_for("talk-110")
    live.manager.restart_kernel(now=True)
    live.client.wait_for_ready(timeout=60)
    assert asked.wait().disconnected is not None
    live.check("%load_ext nbstream")
    ask(live, "q2", "cell-2")
    assert sent(llm_server) == ["q1", REPLY, "q2"]
    listed = live.check("%llm chats").stdout
    assert "trip" in listed
    assert "2 turns" in listed
    live.check("%llm branch trip other")
    ask(live, "q3", "cell-3", "-c other")
    assert sent(llm_server) == ["q1", REPLY, "q2", REPLY, "q3"]
    assert live.check("%llm forget trip").stdout == "trip is removed for good.\n"
    assert "trip" not in live.check("%llm chats").stdout.replace("of trip", "")
    assert "no chat called 'trip'" in live.run("%llm forget trip").stderr


def test_a_turn_in_the_background_counts_for_the_next(live: Kernel, llm_server: LLMServer) -> None:
    live.check("%%llm -m openai-chat/paced-20-40 -c trip --bg\nq1", cell_id="cell-1")
    ask(live, "q2", "cell-2")
    messages = sent(llm_server)
    assert (messages[0], messages[2]) == ("q1", "q2")
    assert messages[1].split() == [f"{n:04}" for n in range(1, 21)]


def test_the_notebook_has_a_chat_of_its_own(kernel: StartKernel, llm_server: LLMServer) -> None:
    names = {"NBSTREAM_DISPLAY": "live", "JPY_SESSION_NAME": "notebooks/trip.ipynb"}
    one = kernel(env=names)
    one.check("%load_ext nbstream")
    ask(one, "q1", "cell-1", "-c")
    ask(one, "q2", "cell-2", "--chat")
    assert sent(llm_server) == ["q1", REPLY, "q2"]
    assert "notebooks/trip.ipynb" in one.check("%llm chats").stdout


def test_the_cell_says_which_turn_it_is_and_what_its_context_costs(shell: Kernel) -> None:
    shell.check(PRICED)
    first = html(shell, "-m test/gpt -c trip", "cell-1")
    assert "turn 1 of trip<" in first
    assert "Sent: the prompt alone, 100,000 tokens for $0.2500" in first
    second = html(shell, "-m test/gpt -c trip", "cell-2")
    assert "turn 2 of trip, with 1 earlier turn for $0.2500" in second
    assert "Sent: 1 earlier turn and the prompt, 100,000 tokens for $0.2500" in second
    assert "turn 1 of trip<" in html(shell, "-m test/gpt -c trip", "cell-1")
    assert "turn 2 of trip, not kept" in html(shell, "-m openai-chat/cut-3 -c trip", "cell-2")
    assert "turn 1 of this notebook" in html(shell, f"-m {SHORT} -c", "cell-3")
    assert "turn 1" not in html(shell, f"-m {SHORT}", "cell-4")


def html(one: Kernel, options: str, cell: str) -> str:
    """What the cell of a prompt shows at its end. A price stands in elements of its own."""
    shown = one.run(f"%%llm {options}\nhi", cell_id=cell).displays[-1]
    return re.sub(r"<span>(.)</span>", r"\1", str(shown["text/html"]))


def test_a_turn_may_hold_half_of_a_surrogate_pair(live: Kernel, llm_server: LLMServer) -> None:
    live.check("half = 'a' + chr(0xD83D)")
    ask(live, "{{ half }}", "cell-1")
    ask(live, "q2", "cell-2")
    assert sent(llm_server)[1:] == [REPLY, "q2"]


def test_a_chat_that_cannot_be_kept_fails_the_cell_in_a_few_lines(
    live: Kernel, llm_server: LLMServer, tmp_path: Path
) -> None:
    file = tmp_path / "chats.db"
    live.check(f"%llm config chats {file}")
    ask(live, "q1", "cell-1")
    cell = live.start("%%llm -m openai-chat/talk-111 -c trip -o said\nq2", cell_id="cell-2")
    live.until(lambda: llm_server.requests[-1].sent > 3, cell)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    llm_server.hush("talk-111")
    failed = live.wait(cell)
    assert failed.status == "error"
    assert "it is no turn of the chat" in failed.traceback
    assert len(failed.traceback.splitlines()) < 5
    assert live.check("print(_ is said)").stdout.strip() == "True"
    status = live.check("%llm status").stdout
    assert "a newer version of nbstream wrote them" in status
    assert "spent" in status


def test_a_locked_file_does_not_hold_up_a_cell_that_is_stopped(
    live: Kernel, llm_server: LLMServer, tmp_path: Path
) -> None:
    file = tmp_path / "chats.db"
    live.check(f"%llm config chats {file}")
    subshell = live.create_subshell()
    ask(live, "q1", "cell-1")
    ask(live, "q2", "cell-2")
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        cell = live.start("%%llm -m openai-chat/talk-112 -c trip -o said\nq2", cell_id="cell-2")
        live.until(lambda: len(cell.comms) > 3, cell)
        stop = {"method": "custom", "content": {"t": "stop"}}
        live.send_comm(cell.comms_opened[-1]["comm_id"], stop, subshell=subshell)
        assert live.wait(cell).status == "ok"
        other.rollback()
    ask(live, "q3", "cell-3")
    assert sent(llm_server) == ["q1", REPLY, "q3"], "the stopped cell's turn is gone"
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        cell = live.start(f"%%llm -m {SHORT} -c trip -o said\nq4", cell_id="cell-4")
        live.until(lambda: REPLY in said(cell), cell)
        live.interrupt()
        assert "the answer so far is in said" in live.wait(cell).traceback
        other.rollback()
    live.check("assert said is _llm and said.finish_reason == 'stop'")
    ask(live, "q5", "cell-5")
    assert sent(llm_server) == ["q1", REPLY, "q3", REPLY, "q4", REPLY, "q5"]


def said(cell: Result) -> str:
    """The answer in the cell's last output, once that is in its final form."""
    shown = cell.displays[0] if cell.displays else {}
    return "" if WIDGET in shown else str(shown.get("text/plain", ""))


WIDGET = "application/vnd.jupyter.widget-view+json"


def test_two_kernels_go_on_with_one_chat(
    live: Kernel, kernel: StartKernel, llm_server: LLMServer, tmp_path: Path
) -> None:
    other = kernel(env={"NBSTREAM_DISPLAY": "live"})
    other.check("%load_ext nbstream")
    for one in (live, other):
        one.check(f"%llm config chats {tmp_path / 'chats.db'}")
    slow = live.start("%%llm -m openai-chat/talk-113 -c trip\nq1", cell_id="cell-1")
    llm_server.wait_for("talk-113")
    ask(other, "q2", "cell-2")
    assert sent(llm_server) == ["q2"], "a turn counts once its answer is whole"
    said = llm_server.hush("talk-113")
    assert live.wait(slow).status == "ok"
    ask(other, "q3", "cell-3")
    assert sent(llm_server) == ["q2", REPLY, "q1", said, "q3"]
    ask(live, "q4", "cell-4")
    assert sent(llm_server) == ["q2", REPLY, "q1", said, "q3", REPLY, "q4"]


def test_a_copied_notebook_does_not_write_over_the_turns_of_the_first(
    kernel: StartKernel, llm_server: LLMServer, tmp_path: Path
) -> None:
    chats = {"NBSTREAM_CHATS": str(tmp_path / "chats.db"), "NBSTREAM_DISPLAY": "live"}
    first = kernel(env={**chats, "JPY_SESSION_NAME": "a.ipynb"})
    copy = kernel(env={**chats, "JPY_SESSION_NAME": "a-Copy1.ipynb"})
    for one, prompt in ((first, "q1"), (copy, "q2")):
        one.check("%load_ext nbstream")
        ask(one, prompt, "cell-1")
    assert sent(llm_server) == ["q1", REPLY, "q2"]
    ask(copy, "q2 again", "cell-1")
    assert sent(llm_server) == ["q1", REPLY, "q2 again"]
    assert "2 turns" in first.check("%llm chats").stdout


def test_a_damaged_turn_is_named_and_the_chat_can_be_forgotten(
    live: Kernel, llm_server: LLMServer, tmp_path: Path
) -> None:
    file = tmp_path / "chats.db"
    live.check(f"%llm config chats {file}")
    ask(live, "q1", "cell-1")
    for damaged in ("{", "5", '[{"role": "user", "parts": [{}]}]', "[null]"):
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("UPDATE turns SET reply = ?", (damaged,))
        failed = live.run(f"%%llm -m {SHORT} -c trip\nq2", cell_id="cell-2")
        assert failed.status == "error"
        assert "Turn 1 of the chat 'trip' is damaged" in failed.stderr, damaged
        assert not failed.traceback
    live.check("%llm forget trip")
    ask(live, "q2", "cell-2")
    assert sent(llm_server) == ["q2"]


def test_a_cell_that_waits_for_the_turn_before_it_can_be_interrupted(
    live: Kernel, llm_server: LLMServer
) -> None:
    live.check("%%llm -m openai-chat/talk-114 -c trip --bg -o first\nq1", cell_id="cell-1")
    llm_server.wait_for("talk-114")
    # The value is evaluated last before the cell waits.
    live.check("def told():\n    print('waits')\n    return 'q2'")
    cell = live.start(f"%%llm -m {SHORT} -c trip\n{{{{ told() }}}}", cell_id="cell-2")
    live.until(lambda: "waits" in cell.stdout, cell)
    live.pump(0.3)
    live.interrupt()
    stopped = live.wait(cell)
    assert "nothing was sent" in stopped.traceback
    said = llm_server.hush("talk-114")
    ask(live, "q3", "cell-3")
    assert sent(llm_server) == ["q1", said, "q3"]


def test_a_forgotten_chat_does_not_come_back_with_an_answer_that_was_streaming(
    live: Kernel, llm_server: LLMServer
) -> None:
    ask(live, "q1", "cell-1")
    live.check("%%llm -m openai-chat/talk-115 -c trip --bg -o late\nq2", cell_id="cell-2")
    llm_server.wait_for("talk-115")
    live.check("%llm forget trip")
    llm_server.hush("talk-115")
    live.check("late.wait()")
    ask(live, "q3", "cell-3", "-c other")  # the kernel has had time
    listed = live.check("%llm chats").stdout
    assert "other" in listed
    assert "trip" not in listed
