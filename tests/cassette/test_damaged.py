"""Cassettes that somebody has edited: a line is damaged, and no other error comes of it."""

import json
from pathlib import Path
from typing import Any

import pytest

import nbstream
from nbstream import errors
from nbstream.testing import ScriptedModel


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    path = tmp_path / "a.nbstream"
    with nbstream.recording(path):
        nbstream.stream(ScriptedModel("Rayleigh scattering."), "Why?").until_done()
        nbstream.stream(ScriptedModel(errors.RateLimitError("Too many.")), "Often?").wait()
    return path


WRONG: list[Any] = [None, True, -1, 10**30, float("inf"), float("nan"), "", [], [1], {}, {"a": 1}]
FIELDS = ("id", "fingerprint", "request", "cassette", "at", "end", "error", "events", "replaces")


@pytest.mark.filterwarnings("ignore:.*is damaged")
@pytest.mark.parametrize("name", FIELDS)
def test_a_field_of_any_type_brings_no_other_error(recorded: Path, name: str) -> None:
    rows = [json.loads(line) for line in recorded.read_text().splitlines()]
    places = [at for at, row in enumerate(rows) if name in row] or [0]
    for place in {places[0], places[-1]}:
        for value in WRONG:
            changed = [dict(row) for row in rows]
            changed[place][name] = value
            recorded.write_text("".join(json.dumps(row) + "\n" for row in changed))
            for prompt in ("Why?", "Often?", "Else?"):
                try:
                    with nbstream.recording(recorded, "none"):
                        stream = nbstream.stream(ScriptedModel(), prompt)
                    assert stream.wait(20)
                except errors.UsageError:
                    continue
                assert stream.error is None or isinstance(stream.error, errors.StreamError)
                assert str(stream.error)


@pytest.mark.filterwarnings("ignore:.*is damaged")
def test_lines_that_are_no_rows_are_damaged(recorded: Path) -> None:
    lines = ["5", "[]", "null", '"batch"', "[" * 100_000, '{"batch": "b", "received": [1e999]}']
    with recorded.open("a") as file:
        file.write("".join(f"{line}\n" for line in lines))
    with nbstream.recording(recorded, "none"):
        stream = nbstream.stream(ScriptedModel(), "Why?")
        assert stream.get_final_text() == "Rayleigh scattering."
