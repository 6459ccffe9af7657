"""Cassettes: what is recorded is replayed, and nothing else is sent."""

import asyncio
import dataclasses
import itertools
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

import nbstream
from nbstream import errors
from nbstream.cassette import active_cassette
from nbstream.cassette.request import fingerprint
from nbstream.display.footer import footer
from nbstream.messages import FilePart, Message, ToolCallPart
from nbstream.testing import ScriptedModel
from tests.agent.scripts import calls
from tests.harness.background import run_async

ASKED = "Why is the sky blue?"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "demo.nbstream"


def ask(path: Path, *answers: Any, mode: str = "once", prompt: Any = ASKED, **keywords: Any) -> str:
    """The answer's text, through the cassette; ``answers`` are what the model has left to say."""
    with nbstream.recording(path, mode):
        return nbstream.stream(ScriptedModel(*answers), prompt, **keywords).get_final_text()


def refused(path: Path, mode: str = "once", **keywords: Any) -> str:
    """The text of the error for a request that is not in the cassette."""
    with pytest.raises(errors.NotRecordedError) as failure:
        ask(path, "This must not be asked.", mode=mode, **keywords)
    text = str(failure.value)
    assert len(text.splitlines()) <= 6
    return text


def test_an_answer_is_recorded_once_and_then_replayed_whole(path: Path) -> None:
    call = ToolCallPart("c1", "weather", '{"city": "Bern"}')
    half = "Half a pair: \ud83d \u2028 and ✓"
    answer = nbstream.assistant_message("Blue.", half, call, FilePart("image/gif", b"GIF89a"))
    with nbstream.recording(path) as tape:
        model = ScriptedModel(answer)
        first = nbstream.stream(model, ASKED).get_final_message()
    assert (tape.recorded, tape.replayed, len(model.requests)) == (1, 0, 1)
    with nbstream.recording(path) as tape:
        model = ScriptedModel("Something else.")
        stream = nbstream.stream(model, ASKED)
        assert stream.get_final_message() == first
    assert stream.is_replayed
    assert (tape.recorded, tape.replayed, len(model.requests)) == (0, 1, 0)
    assert first.parts == answer.parts


def test_the_footer_of_a_replay_says_so_and_has_no_times(path: Path) -> None:
    usage = nbstream.messages.Usage(1_000_000, 20)
    answer = dataclasses.replace(nbstream.assistant_message("Blue."), usage=usage)
    shown = []
    for _ in range(2):
        with nbstream.recording(path):
            stream = nbstream.stream(ScriptedModel(answer, delay=0.3), ASKED)
            stream.until_done()
        shown.append([word.text for word in footer(stream)])
    recorded, replayed = shown
    assert "replayed" not in str(recorded)
    assert re.search(r"\d s'", str(recorded))
    assert replayed == ["test/scripted", "1,000,000 in · 20 out", "replayed at no cost"]


def test_in_a_coroutine_and_a_task_too(path: Path) -> None:
    async def main() -> tuple[str, str]:
        async with nbstream.recording(path):
            stream = nbstream.stream(ScriptedModel("Blue."), ASKED)
        first = (await stream).text  # made inside: recorded, though it ends outside
        async with nbstream.recording(path, "none"):
            asked = asyncio.create_task(again())
            return first, await asked

    async def again() -> str:
        return "".join([one async for one in nbstream.stream(ScriptedModel(), ASKED).text_stream])

    assert run_async(main()) == ("Blue.", "Blue.")


def test_each_task_has_the_cassette_of_its_own_block(tmp_path: Path) -> None:
    async def main(name: str) -> None:
        async with nbstream.recording(tmp_path / name):
            await asyncio.sleep(0)
            await nbstream.stream(ScriptedModel(name), ASKED)

    async def both() -> None:
        await asyncio.gather(main("a.nbstream"), main("b.nbstream"))

    run_async(both())
    for name in ("a.nbstream", "b.nbstream"):
        assert ask(tmp_path / name, mode="none") == name
    assert active_cassette() is None


def test_the_same_request_is_found_whatever_its_ids_order_and_keys(path: Path) -> None:
    def asked(first: str, second: str, arguments: str, **keywords: Any) -> dict[str, Any]:
        history = [
            ASKED,
            Message("assistant", (ToolCallPart(first, "add", arguments),), id=second),
            nbstream.tool_message(first, {"sum": 3.0}),
        ]
        return {"prompt": history, **keywords}

    def add(a: int, b: int) -> int:
        """Add."""
        return a + b

    one = asked("c1", "m1", '{"a": 1, "b": 2}', temperature=1, seed=7, api_key="key-1")
    other = asked("c2", "m2", '{"b":2,"a":1}', seed=7, temperature=1.0, api_key="key-2")
    tools: dict[str, Any] = {"tools": [add]}
    assert ask(path, "3", **one, **tools) == "3"
    assert ask(path, **other, **tools, extra_headers={"X-Trace": "1"}) == "3"


@pytest.mark.parametrize(
    ("keywords", "says"),
    [
        ({"prompt": "Why is the sky green?"}, 'recorded "Why is the sky blue?", now "Why is the s'),
        ({"temperature": 1}, "temperature: recorded 0, now 1"),
        ({"max_tokens": 9}, "max_tokens: recorded nothing, now 9"),
        ({"system": "Rhyme."}, "messages[0].role: "),
        ({"output_type": int}, "output.name: recorded nothing"),
        ({"tools": [{"name": "f", "parameters": {"type": "object"}}]}, "tools[0].name: "),
        ({"prompt": nbstream.user_message(FilePart("image/gif", b"GIF89a"), ASKED)}, "messages[0]"),
    ],
)
def test_a_request_that_is_not_there_says_what_differs(
    path: Path, keywords: dict[str, Any], says: str
) -> None:
    ask(path, "Blue.", temperature=0)
    ask(path, "Green.", mode="new_episodes", prompt="Something quite different", seed=3)
    text = refused(path, **{"temperature": 0, **keywords})
    assert says in text
    assert "line 1:" in text
    assert "nothing was sent" in text
    assert "new_episodes" in text


def test_a_difference_late_in_a_long_text_is_shown(path: Path) -> None:
    ask(path, "Yes.", prompt="word " * 500 + "one")
    assert 'word word one", now "…' in refused(path, prompt="word " * 500 + "two")


def test_modes(path: Path) -> None:
    with pytest.raises(errors.UsageError, match="There is no cassette"):
        nbstream.recording(path, "none")
    assert ask(path, "one", mode="new_episodes") == "one"
    assert ask(path, "two", mode="new_episodes") == "one"
    assert ask(path, "new", mode="new_episodes", prompt="Another.") == "new"
    assert ask(path, "two", mode="all") == "two"
    assert ask(path, mode="none") == "two"  # it replaces the first
    assert ask(path, mode="none", prompt="Another.") == "new"
    refused(path, prompt="A third.", mode="none")
    refused(path, prompt="A third.")
    with pytest.raises(errors.UsageError, match="mode= cannot be 'never'"):
        nbstream.recording(path, "never")
    with pytest.raises(errors.UsageError, match="above 0"):
        nbstream.recording(path, pace=0)


def test_answers_to_the_same_request_come_in_their_order(path: Path) -> None:
    with nbstream.recording(path):
        model = ScriptedModel("one", "two")
        for _ in range(2):
            nbstream.stream(model, ASKED).until_done()
    with nbstream.recording(path):
        found = [nbstream.stream(ScriptedModel(), ASKED).get_final_text() for _ in range(3)]
    assert found == ["one", "two", "one"]


def test_each_of_equal_requests_in_a_block_has_an_answer_of_its_own(path: Path) -> None:
    for replayed, answers in ((0, ("one", "two")), (2, ()), (2, ("three",))):
        asked = ["one", "two", "three"][: replayed + len(answers)]
        with nbstream.recording(path, "new_episodes") as tape:
            model = ScriptedModel(*answers)
            found = [nbstream.stream(model, ASKED).get_final_text() for _ in asked]
        assert found == asked
        assert (tape.replayed, tape.recorded) == (replayed, len(answers))


def test_the_recorded_pace(path: Path) -> None:
    with nbstream.recording(path):
        nbstream.stream(ScriptedModel("Blue, and green.", delay=0.05), ASKED).until_done()

    def seconds(pace: float | None) -> float:
        begun = time.monotonic()
        with nbstream.recording(path, pace=pace):
            nbstream.stream(ScriptedModel(), ASKED).until_done()
        return time.monotonic() - begun

    recorded = json.loads(path.read_text().splitlines()[-1])["at"]
    slow = seconds(0.5)
    assert seconds(1) >= recorded * 0.9
    assert slow >= recorded * 1.8
    assert seconds(None) < slow


def test_an_agent_replays_and_its_tools_run(path: Path) -> None:
    ran: list[str] = []

    def run(result: str, *replies: Any, mode: str = "once") -> str:
        def weather(city: str) -> str:
            """The weather."""
            ran.append(city)
            return result

        with nbstream.recording(path, mode):
            agent = nbstream.Agent(ScriptedModel(*replies), tools=[weather])
            found: str = agent.run_sync("Bern?").output
            return found

    assert run("sunny", calls(("weather", '{"city": "Bern"}')), "It is sunny.") == "It is sunny."
    assert run("sunny", mode="none") == "It is sunny."
    assert ran == ["Bern", "Bern"]
    with pytest.raises(
        errors.NotRecordedError, match=r'tool weather\): recorded "sunny", now "wet'
    ):
        run("wet", mode="none")


def test_files_are_generated_again_without_a_request(path: Path) -> None:
    image = FilePart("image/gif", b"GIF89a")
    with nbstream.recording(path):
        model = ScriptedModel(nbstream.assistant_message(image))
        first = nbstream.generate(model, "A red bicycle.").result()
    with nbstream.recording(path, "none"):
        again = nbstream.generate(ScriptedModel(), "A red bicycle.").result()
        with pytest.raises(errors.NotRecordedError, match='recorded "A red'):
            nbstream.generate(ScriptedModel(), "A blue bicycle.").result()
    assert first.files == again.files == [image]


def test_a_provider_s_error_is_replayed_unless_an_answer_followed(path: Path) -> None:
    busy = errors.RateLimitError("Too many requests.", status=429, provider="test")
    with pytest.raises(errors.RateLimitError):
        ask(path, busy)
    with pytest.raises(errors.RateLimitError, match=r"Too many requests\.") as failure:
        ask(path)
    assert (failure.value.status, failure.value.provider) == (429, "test")
    assert ask(path, "Blue.", mode="new_episodes") == "Blue."
    assert ask(path) == "Blue."


def test_a_failed_connection_is_no_recording(path: Path) -> None:
    with pytest.raises(errors.ConnectionFailedError):
        ask(path, errors.ConnectionFailedError("No route."))
    assert ask(path, "Blue.") == "Blue."


def test_an_interrupted_answer_is_kept_but_not_replayed(path: Path) -> None:
    with nbstream.recording(path):
        stream = nbstream.stream(ScriptedModel("Blue, as it is.", delay=0.02), ASKED)
        for piece in stream.text_stream:
            assert piece
            break  # the only reader leaves, which cancels it
    stream.wait()
    assert '"end": "interrupted"' in path.read_text()
    assert '"Blue,"' in path.read_text()
    assert "interrupted" in refused(path)
    assert ask(path, "Blue.", mode="new_episodes") == "Blue."


@pytest.mark.filterwarnings("ignore:demo.nbstream. line:UserWarning")
def test_what_a_killed_writer_left_does_not_count(path: Path) -> None:
    ask(path, "Blue, as it always was.")
    lines = path.read_text().splitlines(keepends=True)
    for count in range(len(lines)):
        path.write_text("".join(lines[:count]) + lines[count][: len(lines[count]) // 2])
        tape = nbstream.recording(path, "new_episodes")
        with tape:
            assert nbstream.stream(ScriptedModel("Again."), ASKED).get_final_text() == "Again."
        assert tape.recorded == 1
        assert ask(path, mode="new_episodes") == "Again."


@pytest.mark.filterwarnings("ignore:demo.nbstream. line:UserWarning")
@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("how", ["lost", "no JSON", "changed"])
def test_a_damaged_line_leaves_out_its_answer_alone(path: Path, number: int, how: str) -> None:
    ask(path, "Green.", prompt="And the sea?")
    before = path.read_text()
    path.unlink()
    ask(path, "Blue now.")
    lines = path.read_text().splitlines(keepends=True)
    damaged = {"lost": "", "no JSON": lines[number][:-9] + "\n", "changed": '{"id": 7}\n'}[how]
    path.write_text(before + "".join([*lines[:number], damaged, *lines[number + 1 :]]))
    assert ask(path, mode="none", prompt="And the sea?") == "Green."
    refused(path, mode="none")


def test_a_damaged_line_is_warned_of_by_its_number(path: Path) -> None:
    ask(path, "Blue.")
    path.write_text(path.read_text() + "<<<<<<< HEAD\n")
    with pytest.warns(UserWarning, match=r"demo\.nbstream: line 8 is damaged"):
        assert ask(path) == "Blue."


def test_a_file_that_is_no_cassette_is_left_alone(path: Path) -> None:
    path.write_text("My notes\n")
    with pytest.raises(errors.UsageError, match="is no cassette: line 1"):
        nbstream.recording(path)
    assert path.read_text() == "My notes\n"
    for text in ('{"cells": []}', '{"cells": []}\n'):
        path.write_text(text)
        with pytest.raises(errors.UsageError, match="is no cassette: line 1"):
            nbstream.recording(path)
        assert path.read_text() == text
    with pytest.raises(errors.UsageError, match="cannot be read") as caught:
        nbstream.recording(path.parent)
    assert "A cassette is a file" in str(caught.value.remedy)
    with pytest.raises(errors.UsageError, match="there is no folder"):
        nbstream.recording(path.parent / "none" / "demo.nbstream")


def test_replaying_needs_no_key_and_no_local_model(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "NBSTREAM_LOCAL_MODEL"):
        monkeypatch.delenv(name, raising=False)
    ask(path, "Blue.")
    text = path.read_text()
    for name in ("openai/gpt-5.2", "local/absent.gguf"):
        recorded = name.removesuffix(".gguf")
        request = {"model": recorded, "messages": [{"role": "user", "text": ASKED}], "params": {}}
        lines = text.splitlines()
        first = json.loads(lines[0])
        lines[0] = json.dumps({**first, "request": request, "fingerprint": fingerprint(request)})
        path.write_text("\n".join(lines) + "\n")
        with nbstream.recording(path):
            assert nbstream.stream(name, ASKED).get_final_text() == "Blue."
        with nbstream.recording(path, "new_episodes"):
            stream = nbstream.stream(name, "Something else.")
            with pytest.raises((errors.MissingKeyError, errors.LocalModelError)):
                stream.until_done()
        with pytest.raises((errors.MissingKeyError, errors.LocalModelError)):
            nbstream.stream(name, ASKED)


def test_the_environment_sets_the_cassette(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBSTREAM_CASSETTE", str(path))
    assert nbstream.stream(ScriptedModel("Blue."), ASKED).get_final_text() == "Blue."
    for mode, count in itertools.product(("none", "new_episodes"), range(2)):
        monkeypatch.setenv("NBSTREAM_CASSETTE", f"{mode}:{path}")
        assert nbstream.stream(ScriptedModel(), ASKED).get_final_text() == "Blue.", count
    monkeypatch.setenv("NBSTREAM_CASSETTE", f"all:{path}")
    assert nbstream.stream(ScriptedModel("Azure."), ASKED).get_final_text() == "Azure."
    monkeypatch.setenv("NBSTREAM_CASSETTE", f"none:{path}.missing")
    with pytest.raises(errors.UsageError, match="There is no cassette"):
        nbstream.stream(ScriptedModel(), ASKED)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("none", "none:demo.nbstream"),
        ("all:", "all:demo.nbstream"),
        ("replay:demo.nbstream", "once, none, new_episodes, all"),
    ],
)
def test_a_mistake_in_the_environment_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch, value: str, says: str
) -> None:
    monkeypatch.chdir(path.parent)
    monkeypatch.setenv("NBSTREAM_CASSETTE", value)
    model = ScriptedModel("This must not be asked.")
    with pytest.raises(errors.UsageError, match="NBSTREAM_CASSETTE=") as caught:
        nbstream.stream(model, ASKED)
    assert says in str(caught.value.remedy)
    assert not model.requests
    assert not list(path.parent.iterdir())
