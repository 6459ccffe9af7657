"""What a user takes out of an answer: its code, a DataFrame, HTML, a file."""

import dataclasses
import enum
import json
from pathlib import Path
from typing import Annotated, Any, NotRequired

import pytest
from pydantic import BaseModel
from typing_extensions import TypedDict

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
    assert asked('[{"a": 1}]', list[dict]).df.to_dict("list") == {"a": [1]}  # type: ignore[type-arg]


class Place(TypedDict):
    """A row of a typed dict."""

    town: str
    country: NotRequired[str]


@pytest.mark.parametrize(
    ("text", "kind", "columns"),
    [
        ("[]", list[Item], ["name", "size", "parts"]),
        ('{"items": []}', Items, ["name", "size", "parts"]),
        ("[]", list[Point], ["x", "y"]),
        ("[]", list[Annotated[Point, "a point"]], ["x", "y"]),
        ("[]", list[Place], ["town", "country"]),
        ('[{"town": "Bern"}]', list[Place], ["town", "country"]),
        ("[]", list[int], ["value"]),
        ("[]", list[dict[str, int]], []),
    ],
)
def test_a_table_has_the_columns_of_its_type(
    text: str, kind: Any, columns: list[str], tmp_path: Path
) -> None:
    answer = asked(text, kind)
    assert list(answer.df.columns) == list(answer.to_df().columns) == columns
    saved = answer.save(tmp_path / "x.csv").read_text().splitlines()
    assert saved[0] == ",".join(columns)
    assert len(saved) == len(answer.df) + 1


def test_a_text_without_a_type_is_no_table(tmp_path: Path) -> None:
    answer = asked("| a | b |\n|---|---|\n| 1 | 2 |")
    for table in (lambda: answer.df, answer.to_df, lambda: answer.save(tmp_path / "x.csv")):
        with pytest.raises(UsageError, match="a text without a type") as error:
            table()
        assert "--schema '[name: str, age: int]'" in str(error.value)
    assert not list(tmp_path.iterdir())


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


def test_print_prints_the_text() -> None:
    stream = nbstream.stream(ScriptedModel("Blue."), "What colour?")
    assert str(stream) == repr(stream)
    stream.until_done()
    assert f"{stream}" == "Blue."
    assert repr(stream) == "<Stream test/scripted: stop, 5 characters>"


def test_result_waits_as_a_futures_does() -> None:
    slow = nbstream.stream(ScriptedModel("[1, 2]", delay=0.01), "hi", output_type=list[int])
    slow.start()
    assert slow.result() == [1, 2]
    endless = nbstream.stream(ScriptedModel("a" * 10_000, delay=0.1), "hi")
    endless.start()
    with pytest.raises(TimeoutError, match=r"within 0\.1 s"):
        endless.result(timeout=0.1)
    endless.cancel()
    with pytest.raises(CancelledStreamError):
        endless.result()


def test_a_name_that_an_answer_lacks_leads_to_its_own() -> None:
    answer = asked("hi")
    for wrong, meant in (("done", "is_complete"), ("content", "text"), ("stop", "cancel")):
        with pytest.raises(AttributeError, match=rf"'{wrong}'\. Did you mean \.{meant}\?"):
            getattr(answer, wrong)
    assert not hasattr(answer, "nonsense")


def test_an_error_inside_an_attribute_is_not_taken_for_a_wrong_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_: str) -> list[str]:
        raise AttributeError("its own")

    monkeypatch.setattr("markdown_it.MarkdownIt", broken)
    with pytest.raises(AttributeError, match=r"^its own$"):
        _ = asked("hi").codes
