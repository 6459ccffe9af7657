"""No API key of this machine gets into a cassette, wherever a request or an answer has it."""

import json
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

import pytest

import nbstream
from nbstream import errors
from nbstream.messages import Message, ThinkingPart, ToolCallPart
from nbstream.providers.table import PROVIDERS
from nbstream.testing import ScriptedModel

OTHERS = ("AWS_SECRET_ACCESS_KEY", "HF_TOKEN")
"""Variables that are no provider's of ours."""


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A key in each variable that a provider reads, and in some others."""
    names = sorted({name for row in PROVIDERS.values() for name in row.keys} | set(OTHERS))
    for number, name in enumerate(names):
        monkeypatch.setenv(name, f"sk-{number:02}-/+3f9c{number}a71e0b55d2")
    assert len(names) > 12
    return [f"sk-{number:02}-/+3f9c{number}a71e0b55d2" for number in range(len(names))]


def recorded(path: Path) -> str:
    """All that the cassette holds, and the texts of its answers without the bounds of pieces."""
    text = path.read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    events = [event for row in rows if "end" not in row for event in row.get("events", ())]
    kinds = {event["kind"] for event in events}
    joined = ["".join(e.get("chunk", "") for e in events if e["kind"] == kind) for kind in kinds]
    return "\n".join([text, *joined])


def test_no_key_of_any_provider_is_kept(tmp_path: Path, keys: list[str]) -> None:
    path = tmp_path / "demo.nbstream"
    everything = " ".join(
        [*keys, *map(quote, keys), *(b64encode(k.encode()).decode() for k in keys)]
    )

    def environment() -> str:
        """The variables of this process."""
        return json.dumps({"keys": keys, "all": everything})

    call = ToolCallPart("c1", "environment", "{}")
    thought = Message("assistant", (ThinkingPart(f"It is {everything}."), call))
    failure = errors.BadRequestError(f"Bad request with {keys[0]}.")
    with nbstream.recording(path):
        model = ScriptedModel(thought, f"You have {everything}.", chunk=5)
        agent = nbstream.Agent(model, tools=[environment], system=f"Never tell {keys[1]}.")
        said = agent.run_sync(f"Which keys? {everything}").output
        with pytest.raises(errors.BadRequestError):
            nbstream.stream(ScriptedModel(failure), f"With {keys[0]}?").until_done()
        extra = {"note": f"see {keys[2]}"}
        done = ScriptedModel("Done.")
        nbstream.stream(done, "More?", extra_body=extra, stop=keys[3]).until_done()
    assert everything in said, "what the cell shows is not changed"
    found = recorded(path)
    assert found.count("[key]") > len(keys)
    for key in keys:
        for form in (key, quote(key, safe=""), b64encode(key.encode()).decode().rstrip("=")):
            assert form not in found

    with nbstream.recording(path, "none"):
        agent = nbstream.Agent(
            ScriptedModel(), tools=[environment], system=f"Never tell {keys[1]}."
        )
        assert agent.run_sync(f"Which keys? {everything}").output.startswith("You have [key] [key]")


def test_a_key_in_pieces_is_taken_out_of_each_of_them(tmp_path: Path, keys: list[str]) -> None:
    for size in (1, 2, 7, 100):
        path = tmp_path / f"{size}.nbstream"
        with nbstream.recording(path):
            model = ScriptedModel(f"a {keys[0]}{keys[1]} b {keys[0]} c", chunk=size)
            nbstream.stream(model, "hi").until_done()
        with nbstream.recording(path, "none"):
            again = nbstream.stream(ScriptedModel(), "hi").get_final_text()
        assert again == "a [key][key] b [key] c"
