"""What a user takes out of an answer: its code, a DataFrame, HTML, a file."""

import dataclasses
import enum
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import nbstream
from nbstream.core.events import FileEvent
from nbstream.errors import CancelledStreamError, UsageError
from nbstream.testing import ScriptedModel


class Size(enum.Enum):
    """An enumeration of the user's."""

    SMALL = "small"


class Part(BaseModel):
    """A nested object."""

    n: int


class Item(BaseModel):
    """A row."""

    name: str
    size: Size
    parts: list[Part] = []


class Items(BaseModel):
    """A model whose only field is a list of rows."""

    items: list[Item]


@dataclasses.dataclass
class Point:
    """A row of a dataclass."""

    x: int
    y: int


ROWS = '[{"name": "a", "size": "small", "parts": [{"n": 1}]}, {"name": "b", "size": "small"}]'


def asked(text: Any, kind: Any = None, **keywords: Any) -> Any:
    stream = nbstream.stream(ScriptedModel(text, **keywords), "hi", output_type=kind)
    stream.wait()
    return stream


@pytest.mark.parametrize(
    ("text", "kind"), [(ROWS, list[Item]), (f'{{"items": {ROWS}}}', Items)], ids=["list", "field"]
)
def test_a_list_of_objects_is_a_table(text: str, kind: Any) -> None:
    frame = asked(text, kind).to_df()
    assert list(frame.columns) == ["name", "size", "parts"]
    assert frame.to_dict("records") == [
        {"name": "a", "size": "small", "parts": [{"n": 1}]},
        {"name": "b", "size": "small", "parts": []},
    ]


def test_other_outputs_are_tables_too() -> None:
    assert asked('[{"x": 1, "y": 2}]', list[Point]).to_df().to_dict("records") == [{"x": 1, "y": 2}]
    assert asked("[1, 2]", list[int]).df.to_dict("list") == {"value": [1, 2]}
    assert asked('{"x": 1, "y": 2}', Point).df.to_dict("records") == [{"x": 1, "y": 2}]
    assert asked('{"a": 1, "b": 2}', dict[str, int]).df.to_dict("records") == [{"a": 1, "b": 2}]
    assert asked("plain").df.to_dict("list") == {"value": ["plain"]}


def test_the_table_grows_with_the_answer() -> None:
    stream = nbstream.stream(ScriptedModel(ROWS), "hi", output_type=list[Item])
    assert len(stream.df) == 0
    lengths = [len(stream.df) for _ in stream]
    assert lengths == sorted(lengths)
    assert lengths[-1] == 2


def test_a_table_of_a_stopped_answer_says_so() -> None:
    stream = nbstream.stream(ScriptedModel(ROWS), "hi", output_type=list[Item])
    stream.cancel()
    with pytest.raises(CancelledStreamError):
        stream.to_df()
    assert len(stream.df) == 0


def test_code_blocks() -> None:
    text = (
        "A:\n```python\nprint(1)\n```\n\n~~~sql\nSELECT 1\n~~~\n\n- b\n  ```\n  in a list\n  ```\n"
    )
    stream = asked(text)
    assert stream.codes == ["print(1)\n", "SELECT 1\n", "in a list\n"]
    assert stream.code == "print(1)\n\nSELECT 1\n\nin a list\n"
    assert asked("no code").codes == []


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("a.html", "<em>hi</em>"),
        ("a.md", "*hi*"),
        ("a.txt", "*hi*"),
        ("A.MD", "*hi*"),
        ("a.csv", "*hi*"),
    ],
)
def test_the_name_says_how_it_is_saved(tmp_path: Path, name: str, holds: str) -> None:
    stream = asked("*hi*")
    assert stream.save(tmp_path / name) == tmp_path / name
    assert holds in (tmp_path / name).read_text(encoding="utf-8")


def test_messages_and_images_are_saved(tmp_path: Path) -> None:
    png = b"\x89PNG\r\n\x1a\n...."
    stream = asked([FileEvent(index=0, media_type="image/png", data=png)])
    assert stream.save(tmp_path / "a.png").read_bytes() == png
    rows = json.loads(stream.save(tmp_path / "a.json").read_text(encoding="utf-8"))
    assert nbstream.messages.messages_from_json(json.dumps(rows)) == list(stream.messages)
    with pytest.raises(UsageError, match=r"no file for a\.jpg: it has image/png"):
        stream.save(tmp_path / "a.jpg")
