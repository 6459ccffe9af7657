"""``%%llm`` in a real ipykernel: the value of a cell, its variables, and its errors."""

import pytest

from tests.conftest import StartKernel
from tests.harness import kernelspecs
from tests.harness.kernel import Kernel
from tests.harness.llm_scripts import say, text_of
from tests.harness.llm_server import LLMServer

VERSIONS = [None, *kernelspecs.VERSIONS]
STATIC = ["text/html", "text/markdown", "text/plain"]


def test_the_local_model_answers_and_the_next_cell_has_the_value(shell: Kernel) -> None:
    asked = shell.check(
        "%%llm --temperature 0 -o answer -s 'You are brief.'\nName a colour.", timeout=90
    )
    assert len(asked.displays) == 1
    shown = asked.displays[0]
    assert sorted(shown) == STATIC
    printed = shell.check(
        "print(_ is answer is Out[2]); print(_.text == _.message.text == _.output)\n"
        "print(_.finish_reason, _.usage.output_tokens > 0, repr(_.text))"
    )
    same, equal, rest = printed.stdout.split("\n", 2)
    assert (same, equal) == ("True", "True")
    reason, counted, text = rest.split(" ", 2)
    assert reason in ("stop", "length"), "a model this small may continue until its limit"
    assert counted == "True"
    assert shown["text/plain"] in eval(text)


@pytest.mark.timeout(600)
def test_two_answers_at_temperature_1_differ(shell: Kernel) -> None:
    prompt = "%%llm --temperature 1\nTell me a story about a fox, in a few sentences."
    # Answers of any length. Of 200 stories no two had the same first 24 tokens.
    first, second = (shell.check(prompt, timeout=250).displays[0] for _ in range(2))
    assert first["text/plain"] != second["text/plain"]


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("%%llm\n  \n", "the prompt is empty"),
        ("%%llm --nonsense\nhi", "has no option --nonsense"),
        ("%%llm gpt-5\nhi", "gpt-5 belongs to no option"),
        ("%%llm -m\nhi", "expected one argument"),
        ("%%llm -s 'open\nhi", "a quote is not closed"),
        ("%%llm --timeout soon\nhi", "invalid float value: 'soon'"),
        ("%%llm --timeout 0\nhi", "--timeout takes a number of seconds above zero"),
        ("%%llm -o 1st\nhi", "-o 1st is not a valid variable name"),
        ("%%llm -m nobody/x\nhi", "no provider called 'nobody'"),
        ("%%llm -m openai-chta/x\nhi", "Did you mean openai-chat/x"),
        ("%%llm -m local/missing.gguf\nhi", "missing.gguf"),
    ],
)
def test_a_bad_cell_fails_in_few_lines_and_sends_nothing(
    shell: Kernel, llm_server: LLMServer, cell: str, says: str
) -> None:
    before = len(llm_server.requests)
    failed = shell.run(cell)
    assert failed.status == "error"
    assert says in failed.stderr
    told = [line for line in failed.stderr.strip().splitlines() if not line.startswith("  ")]
    assert len(told) <= 4  # beside the two lines that mark the wrong word
    assert failed.traceback == ""
    assert len(llm_server.requests) == before


def test_a_missing_key_is_named(kernel: StartKernel) -> None:
    one = kernel(env={"OPENAI_API_KEY": ""})
    one.check("%load_ext nbstream")
    failed = one.run("%%llm -m openai-chat/x\nhi")
    assert failed.status == "error"
    assert "Set OPENAI_API_KEY" in failed.stderr


@pytest.mark.parametrize(
    "prompt", ['{"a": 1}', "{x} {{y}} $HOME %s", "'quotes' \"and\" `ticks`\n\n  indented\\n"]
)
def test_a_prompt_is_sent_unchanged(shell: Kernel, llm_server: LLMServer, prompt: str) -> None:
    shell.check("x = 'filled in'")
    shell.check(f"%%llm -m openai-chat/paced-1-100 -s 'Say {{x}}'\n{prompt}")
    sent = llm_server.requests[-1].body["messages"]
    assert sent == [
        {"role": "system", "content": "Say {x}"},
        {"role": "user", "content": prompt},
    ]


def test_the_model_comes_from_the_line_or_the_environment(
    kernel: StartKernel, llm_server: LLMServer
) -> None:
    one = kernel(env={"NBSTREAM_MODEL": "openai-chat/paced-2-100"})
    one.check("%load_ext nbstream")
    one.check("%%llm\nhi")
    assert llm_server.requests[-1].model == "paced-2-100"
    one.check("%%llm -m openai-chat:paced-3-100\nhi")
    assert llm_server.requests[-1].model == "paced-3-100"


def test_a_live_cell_leaves_one_output_that_needs_no_kernel(live: Kernel) -> None:
    model = "openai-chat/paced-20-200"
    done = live.check(f"%%llm -m {model}\nhi")
    assert len(done.displays) == 1, "the value itself is not shown a second time"
    assert sorted(done.displays[0]) == STATIC, "a widget would be an error once the kernel is gone"
    text = text_of("paced-20-200")
    assert done.displays[0]["text/markdown"] == text
    assert text.strip() in done.displays[0]["text/html"]
    again = live.check("_")
    assert len(again.displays) == 1
    assert again.displays[0]["text/plain"] == text


def test_the_value_is_shown_in_every_later_cell(live: Kernel) -> None:
    shown = "get_ipython().run_cell_magic('llm', '-m openai-chat/paced-5-200', 'hi')"
    assert len(live.check(f"kept = {shown}").displays) == 1
    assert len(live.check("kept").displays) == 1
    assert len(live.check("kept").displays) == 1


@pytest.mark.parametrize("version", VERSIONS)
def test_an_interrupt_binds_the_partial_answer_and_ends_the_cell(
    kernel: StartKernel, llm_server: LLMServer, version: str | None
) -> None:
    one = kernel(version, env={"NBSTREAM_DISPLAY": "live"})
    one.check("%load_ext nbstream")
    model = f"paced-5000-{90 + VERSIONS.index(version)}"
    cell = one.start(f"%%llm -m openai-chat/{model} -o mine\nhi")
    one.until(lambda: len(cell.comms) > 10, cell)
    one.interrupt()
    one.wait(cell)
    assert cell.status == "error"
    assert cell.ename == "KeyboardInterrupt"
    assert len(cell.traceback.splitlines()) <= 2
    assert llm_server.of(model)[-1].wait().disconnected is not None
    printed = one.check("print(_ is mine, mine.finish_reason, mine.text[:10])")
    assert printed.stdout == "True cancelled 0001 0002 \n"
    shown = cell.displays[0]
    assert shown["text/plain"].startswith("0001 0002")
    assert "interrupted" in shown["text/markdown"]


def test_interrupt_ends_a_silent_stream(live: Kernel) -> None:
    cell = live.start("%%llm -m openai-chat/hang-5\nhi")
    live.until(lambda: "0005" in str(cell.comms), cell)
    live.pump(0.3)
    live.interrupt()
    live.wait(cell)
    assert live.check("print(_.text)").stdout == text_of("hang-5") + "\n"


def test_run_all_stops_after_an_interrupt(live: Kernel) -> None:
    cell = live.start("%%llm -m openai-chat/paced-5000-95\nhi")
    after = live.start("print('ran on')")
    live.until(lambda: len(cell.comms) > 5, cell)
    live.interrupt()
    live.wait(cell)
    live.wait(after)
    assert after.status == "aborted"


def test_stop_ends_a_blocking_cell_without_an_error(live: Kernel, llm_server: LLMServer) -> None:
    subshell = live.create_subshell()
    model = "paced-5000-97"
    cell = live.start(f"%%llm -m openai-chat/{model} -o mine\nhi")
    live.until(lambda: len(cell.comms) > 5, cell)
    live.send_comm(
        cell.comms_opened[-1]["comm_id"],
        {"method": "custom", "content": {"t": "stop"}},
        subshell=subshell,
    )
    live.wait(cell)
    assert cell.status == "ok"
    assert llm_server.of(model)[-1].wait().disconnected is not None
    printed = live.check("print(_ is mine, mine.finish_reason, len(mine.text))")
    same, reason, length = printed.stdout.split()
    assert (same, reason) == ("True", "cancelled")
    assert 10 < int(length) < len(text_of(model))


@pytest.mark.parametrize(
    ("model", "name", "says"),
    [
        ("status-401", "AuthenticationError", "Check the API key"),
        ("status-429", "RateLimitError", "Wait 1 s"),
        ("cut-30", "IncompleteResponseError", "before the model had finished"),
        ("malformed-10", "ProtocolError", "not a JSON object"),
    ],
)
def test_a_failure_is_short_and_keeps_the_partial(
    live: Kernel, model: str, name: str, says: str
) -> None:
    failed = live.run(f"%%llm -m openai-chat/{model} -o mine\nhi")
    assert failed.status == "error"
    assert failed.ename == name
    assert says in failed.traceback
    assert len(failed.traceback.splitlines()) <= 4
    assert "test-key-0123456789" not in str(failed.raw)
    printed = live.check("print(_ is mine, mine.finish_reason, mine.error is not None)\nmine.text")
    assert printed.stdout == "True error True\n"
    if model == "cut-30":
        assert printed.displays[0]["text/plain"] == repr(text_of("cut-30"))


def test_a_bare_stream_streams_in_the_background(live: Kernel, llm_server: LLMServer) -> None:
    live.check("import nbstream")
    cell = live.check("s = nbstream.stream('openai-chat/talk-90', 'hi')\ns")
    assert live.check("print(s.is_complete)").stdout == "False\n", "the cell does not wait"
    live.until(lambda: "0005" in str(cell.comms), cell)
    said = llm_server.hush("talk-90")
    live.until(lambda: cell.updates, cell)
    assert sorted(cell.displays[0]) == STATIC
    assert cell.displays[0]["text/plain"] == said


def test_many_streams_at_once_end_in_their_own_cells(live: Kernel) -> None:
    live.check("import nbstream")
    texts = ["first " * 20, "second " * 20, "third " * 20]
    cells = [live.check(f"nbstream.stream('openai-chat/{say(text)}', 'hi')") for text in texts]
    live.until(lambda: all(cell.updates for cell in cells), cells[-1])
    assert [cell.displays[0]["text/plain"] for cell in cells] == texts


def test_display_of_a_widget(live: Kernel) -> None:
    live.check("import nbstream\nfrom nbstream import StreamWidget")
    cell = live.check(
        "s = nbstream.stream('openai-chat/paced-50-100', 'hi')\n"
        "display(StreamWidget(s))\nprint('after')"
    )
    assert cell.stdout == "after\n"
    live.check("s.until_done()")
    live.until(lambda: cell.updates, cell)
    assert cell.displays[0]["text/plain"] == text_of("paced-50-100")


def test_loading_is_quick(shell: Kernel, kernel: StartKernel) -> None:
    fresh = kernel()
    timed = fresh.check(
        "from time import perf_counter as clock\nbegan = clock()\n%load_ext nbstream\n"
        "took = clock() - began\nimport sys\n"
        "print([m for m in ('ipywidgets', 'anywidget', 'httpx') if m in sys.modules])"
    )
    assert timed.stdout == "[]\n"


def test_unloading_removes_the_magic(shell: Kernel) -> None:
    shell.check("%unload_ext nbstream")
    assert "%%llm` not found" in shell.run("%%llm\nhi").stderr


@pytest.mark.parametrize("around", ["%%time", "%%capture shown", "%autoawait off"])
def test_it_works_within_other_magics_and_without_autoawait(live: Kernel, around: str) -> None:
    asked = "%%llm -m openai-chat/paced-5-100 -o answer\nhi"
    if around.startswith("%%"):
        live.check(f"{around}\n{asked}")
    else:
        live.check(around)
        live.check(asked)
    assert live.check("print(answer.text)").stdout == text_of("paced-5-100") + "\n"


def test_a_silent_answer_ends_with_its_partial(live: Kernel) -> None:
    failed = live.run("%%llm --timeout 1 -m openai-chat/hang-10 -o mine\nhi")
    assert failed.ename == "ResponseTimeoutError"
    assert "Timeouts(between" in failed.traceback
    assert len(failed.traceback.splitlines()) <= 4
    printed = live.check("print(mine.text == mine.error.message.text, len(mine.text))")
    assert printed.stdout == "True 50\n"
