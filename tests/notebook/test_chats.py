"""Chats over cells in a real ipykernel: what each request holds, seen at the server."""

from tests.conftest import StartKernel
from tests.harness.kernel import Kernel
from tests.harness.llm_server import LLMServer

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
    live.manager.restart_kernel(now=True)
    live.client.wait_for_ready(timeout=60)
    live.check("%load_ext nbstream")
    ask(live, "q2", "cell-2")
    assert sent(llm_server) == ["q1", REPLY, "q2"]
    listed = live.check("%llm chats").stdout
    assert "trip" in listed
    assert "2 turns" in listed
    live.check("%llm branch trip other")
    ask(live, "q3", "cell-3", "-c other")
    assert sent(llm_server) == ["q1", REPLY, "q2", REPLY, "q3"]
    live.check("%llm forget trip")
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
