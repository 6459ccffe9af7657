"""What other tests may expect of the harness.

If one of these fails, fix it first: the results of other tests cannot be trusted then.
"""

import json
import time
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.conftest import OpenNotebook, StartKernel, StartServer
from tests.harness import kernelspecs
from tests.harness.llm_scripts import numbers, say, script_of, text_of
from tests.harness.llm_server import LLMServer
from tests.harness.page import ReplyLostError


def ask(server: LLMServer, model: str, **more: Any) -> Any:
    body = {"model": model, "messages": [], "stream": True, **more}
    request = urllib.request.Request(
        f"{server.url}/v1/chat/completions", json.dumps(body).encode(), dict(server.env)
    )
    return urllib.request.urlopen(request, timeout=30)


def content(lines: list[bytes], name: str = "content") -> str:
    events = [json.loads(x[6:]) for x in lines if x.startswith(b"data: {")]
    deltas = [event["choices"][0]["delta"] for event in events if event["choices"]]
    return "".join(delta.get(name) or "" for delta in deltas)


@pytest.mark.parametrize("model", ["paced-1000-500", "paced-4000-2000"])
def test_a_model_answers_at_its_pace(llm_server: LLMServer, model: str) -> None:
    began = time.monotonic()
    with ask(llm_server, model, stream_options={"include_usage": True}) as response:
        lines = response.readlines()
    took = time.monotonic() - began

    assert 1.9 < took < 15, "never faster than its pace; slower only on a busy machine"
    assert content(lines) == text_of(model)
    assert lines[-2] == b"data: [DONE]\n"
    assert json.loads(lines[-4][6:])["usage"]["completion_tokens"] == int(model.split("-")[1])
    assert llm_server.wait_for(model).wait().disconnected is None


def test_a_model_answers_as_its_name_says(llm_server: LLMServer) -> None:
    with ask(llm_server, say("Füße & 数学 🙂")) as response:
        assert content(response.readlines()) == "Füße & 数学 🙂"


def test_thinking_comes_before_text(llm_server: LLMServer) -> None:
    with ask(llm_server, "think-3") as response:
        lines = response.readlines()
    assert content(lines, "reasoning_content") == content(lines) == "0001 0002 0003 "


def test_a_refusal_is_an_error_with_a_body(llm_server: LLMServer) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused, ask(llm_server, "status-429"):
        pass
    with refused.value as response:
        assert response.code == 429
        assert response.headers["Retry-After"] == "1"
        assert json.load(response)["error"]["code"] == "rate_limit_exceeded"


def test_the_server_notices_a_disconnect(llm_server: LLMServer) -> None:
    with ask(llm_server, "hang-6") as response:
        while b"0006 " not in response.readline():
            pass
        left = time.monotonic()
    request = llm_server.wait_for("hang-6").wait()
    assert request.disconnected is not None
    assert left < request.disconnected < left + 10
    assert request.sent == 6


def test_a_model_continues_until_it_is_stopped(llm_server: LLMServer) -> None:
    with ask(llm_server, "talk-50") as response:
        first = response.readline()
        text = llm_server.hush("talk-50")
        lines = [first, *response.readlines()]
    assert text_of("talk-50").startswith(text)
    assert content(lines) == text
    assert lines[-2] == b"data: [DONE]\n"


def test_an_unknown_name_is_an_unknown_model() -> None:
    assert script_of("gpt-4o").status == 404
    assert numbers(3) == ("0001 ", "0002 ", "0003 ")


@pytest.mark.parametrize("version", kernelspecs.VERSIONS)
def test_a_kernel_has_its_version(kernel: StartKernel, version: str) -> None:
    shell = kernel(version, {"EXTRA": "yes"})

    result = shell.check(
        "import os, ipykernel, IPython.display as d\n"
        "print(ipykernel.__version__, os.environ['EXTRA'], os.environ['OPENAI_API_KEY'][:8])\n"
        "handle = d.display(d.Markdown('*a*'), display_id=True)\n"
        "handle.update(d.Markdown('*b*'))\n"
        "1 + 1"
    )
    assert result.stdout == f"{version} yes test-key\n"
    assert [d.get("text/markdown") for d in result.displays] == ["*b*", None]
    assert result.displays[1]["text/plain"] == "2"
    assert len(result.updates) == 1

    failed = shell.run("1 / 0")
    assert (failed.status, failed.ename) == ("error", "ZeroDivisionError")
    assert "1 / 0" in failed.traceback

    waiting = shell.start("print('begun')\nimport time\ntime.sleep(60)")
    shell.until(lambda: waiting.stdout, waiting)
    began = shell.interrupt()
    assert shell.wait(waiting).ename == "KeyboardInterrupt"
    assert waiting.ended_at - began < 10


@pytest.mark.parametrize("app", ["lab", "notebook"])
def test_a_notebook_opens_and_runs(notebook: OpenNotebook, jupyter: StartServer, app: Any) -> None:
    page = notebook(["1 + 1", "print('x' * 3)"], server=jupyter(app))
    page.run_all()

    assert [text.split()[-1] for text in page.texts()] == ["2", "xxx"]
    assert page.models()[1][0]["text"] == "xxx\n"
    assert page.save()["cells"][0]["outputs"][0]["data"]["text/plain"] == "2"
    assert page.traffic.received.size > 1000
    assert page.traffic.sent.frames > 0
    page.reload()
    assert page.texts()[1].strip() == "xxx"
    assert page.errors == []


def test_a_page_waits_for_the_cell_and_interrupts(notebook: OpenNotebook) -> None:
    page = notebook(["import time\nprint('begun', flush=True)\ntime.sleep(60)"])
    page.run_cell(0, wait=False)
    page.output(0).get_by_text("begun").wait_for()
    assert page.state() == "a cell runs"
    page.interrupt()
    page.wait_idle(30)
    assert "KeyboardInterrupt" in page.texts()[0]


def test_a_page_shows_widgets_twice_and_in_the_dark(notebook: OpenNotebook) -> None:
    page = notebook(["import ipywidgets\nipywidgets.HTML('<b class=probe>hello</b>')"])
    page.run_all()
    page.page.locator(".probe").wait_for()
    page.create_output_view(0)
    page.page.locator(".probe").nth(1).wait_for()
    page.set_theme(dark=True)
    page.set_theme(dark=False)


@pytest.mark.parametrize("version", ["7.1.0", "6.30.1"])
def test_a_notebook_runs_on_an_older_kernel(notebook: OpenNotebook, version: str) -> None:
    page = notebook(
        ["import ipykernel\nprint(ipykernel.__version__)"], kernel=kernelspecs.name_of(version)
    )
    page.run_all()
    assert page.texts() == [f"{version}\n"]


def test_a_lost_reply_is_distinguished_from_a_running_cell(notebook: OpenNotebook) -> None:
    page = notebook(["print(1)", "import time; time.sleep(20)"])
    page.run_cell(0)
    prompt = "document.querySelector('.jp-Notebook .jp-InputPrompt')"
    page.page.evaluate(f"{prompt}.textContent = '[*]:'")
    with pytest.raises(ReplyLostError):
        page.wait_idle(timeout=1)
    page.page.evaluate(f"{prompt}.textContent = '[1]:'")
    page.run_cell(1, wait=False)
    with pytest.raises(TimeoutError) as running:
        page.wait_idle(timeout=1)
    assert type(running.value) is TimeoutError
    page.interrupt()
