"""Cassettes with real servers and processes: four protocols, keys, kernels, two writers."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nbstream
from nbstream import errors
from nbstream.testing import ScriptedModel
from tests.conftest import StartKernel
from tests.harness.aimock import AIMock
from tests.harness.llm_server import LLMServer
from tests.live.wires import KEY, WIRES, model

PROMPTS = ("say hello", "think first", "the weather")
WRITER = """
import sys, nbstream
from nbstream.testing import ScriptedModel
with nbstream.recording(sys.argv[1], "new_episodes"):
    streams = [
        nbstream.stream(ScriptedModel(f"{one} " * 999), f"{sys.argv[2]} {one}") for one in range(20)
    ]
    for one in streams:
        one.until_done()
"""


@pytest.fixture(scope="module")
def aimock() -> Iterator[AIMock]:
    with AIMock() as running:
        yield running


def weather(city: str) -> str:
    """The weather in a city."""
    return f"sunny in {city}"


@pytest.mark.parametrize("wire", WIRES)
def test_what_was_recorded_is_replayed_without_the_server_and_the_key(
    aimock: AIMock, wire: str, tmp_path: Path
) -> None:
    path = tmp_path / "demo.nbstream"
    secret = f"sk-test-{wire}-0123456789abcdef"

    def conversations(address: str, key: str) -> tuple[list[nbstream.Message], str]:
        asked = model(wire, address, key=key)
        keywords: Any = {"extra_headers": {"X-Key": secret}, "extra_body": {"user_token": secret}}
        messages = [
            nbstream.stream(asked, prompt, tools=[weather], **keywords).get_final_message()
            for prompt in PROMPTS
        ]
        agent = nbstream.Agent(asked, tools=[weather])
        return messages, agent.run_sync("the weather").output

    with nbstream.recording(path) as tape:
        recorded = conversations(aimock.url, secret)
    assert tape.recorded == len(PROMPTS) + 2
    text = path.read_text()
    assert "http" not in text
    assert "eader" not in text
    for part in (secret, secret[:16], secret[-12:], KEY):
        assert part not in text, "a key is in the cassette"
    with nbstream.recording(path, "none"):
        assert conversations("http://127.0.0.1:9", "another-key-9876543210") == recorded
        with pytest.raises(errors.NotRecordedError, match='recorded "think first"'):
            nbstream.stream(
                model(wire, aimock.url),
                "think twice",
                tools=[weather],
                extra_body={"user_token": "any"},
            ).until_done()


def test_two_processes_write_one_cassette_at_once(tmp_path: Path) -> None:
    path = tmp_path / "demo.nbstream"
    command = [sys.executable, "-c", WRITER, str(path)]
    writers = [subprocess.Popen([*command, name]) for name in ("one", "two")]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    ids = [row["id"] for row in rows]
    blocks = [one for at, one in enumerate(ids) if at == 0 or ids[at - 1] != one]
    assert len(blocks) == len(set(blocks)) == 40, "an answer's lines stand together"
    with nbstream.recording(path, "none"):
        for prompt in ("one 7", "two 19"):
            text = nbstream.stream(ScriptedModel(), prompt).get_final_text()
            assert text == f"{prompt.split()[1]} " * 999


def test_a_notebook_is_recorded_and_replayed_without_a_key(
    kernel: StartKernel, llm_server: LLMServer, tmp_path: Path
) -> None:
    folder = f"import os; os.chdir({str(tmp_path)!r})"
    cell = "%%llm -m openai-chat/paced-3-100\nCount."
    shown = "print(_llm.text, _llm.is_replayed)"
    one = kernel()
    one.check(f"{folder}\n%load_ext nbstream")
    assert "No cassette is on" in one.check("%llm record").stdout
    assert "replays its answers; new requests" in one.check("%llm record demo.nbstream").stdout
    one.check(cell)
    assert one.check(shown).stdout.split()[-1] == "False"
    assert "demo.nbstream ended: 1 recorded" in one.check("%llm record off").stdout
    asked = len(llm_server.requests)

    other = kernel(env={"OPENAI_API_KEY": ""})
    other.check(f"{folder}\n%load_ext nbstream")
    assert "refuses new requests" in other.check("%llm replay demo.nbstream").stdout
    assert "gpt-5.2" in other.check("%llm model openai/gpt-5.2").stdout, "without a key"
    other.check(cell)
    assert other.check(shown).stdout.split() == ["0001", "0002", "0003", "True"]
    spent = other.check("%llm cost").stdout
    assert "paced" not in spent, "what is replayed costs nothing"
    wrong = other.run("%%llm -m openai-chat/paced-3-100\nCount on.")
    assert 'recorded "Count.", now "Count on."' in wrong.traceback
    assert len(wrong.traceback.strip().splitlines()) <= 6
    other.check("%llm replay stop")
    unsent = other.run(cell)
    assert "OPENAI_API_KEY" in unsent.evalue + unsent.stderr
    assert len(llm_server.requests) == asked

    for expected in ("False", "True"):
        one.check(cell.replace("%%llm", "%%llm --cache"))
        assert one.check(shown).stdout.split()[-1] == expected
    assert len(llm_server.requests) == asked + 1
    assert (tmp_path / "cache.nbstream").exists()


def test_a_budget_that_is_spent_does_not_stop_a_replay(kernel: StartKernel, tmp_path: Path) -> None:
    path = tmp_path / "demo.nbstream"
    with nbstream.recording(path):
        nbstream.stream(ScriptedModel("Blue."), "Which colour?").until_done()
    one = kernel()
    one.check(
        "%load_ext nbstream\nfrom nbstream.testing import ScriptedModel\n"
        "model = ScriptedModel().register()\n%llm config budget 0"
    )
    cell = "%%llm -m test/scripted\nWhich colour?"
    assert "budget" in one.run(cell).evalue
    one.check(f"%llm replay {path}")
    assert one.check(f"{cell}").status == "ok"
    assert one.check("print(_llm.text)").stdout.strip() == "Blue."


def test_an_agent_whose_model_writes_its_calls_as_json_replays(tmp_path: Path) -> None:
    def run(mode: str) -> tuple[str, list[str], bool]:
        with nbstream.recording(tmp_path / "local.nbstream", mode):
            agent = nbstream.Agent("local", tools=[weather], max_tokens=80, seed=1, max_steps=2)
            stream = agent.run_stream_sync("What is the weather in Bern? Use the tool.")
            stream.wait()
        return stream.text, [one.role for one in stream.messages], stream.is_replayed

    recorded = run("once")
    assert recorded[-1] is False
    assert run("none") == (*recorded[:-1], True)
