"""What a Python value becomes in a prompt."""

import base64
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import polars as pl
import pytest
from PIL import Image

import nbstream
from nbstream.core.message import FilePart, TextPart
from nbstream.errors import UsageError
from nbstream.values.insertions import fill


def text_of(value: Any) -> str:
    (part,) = nbstream.describe(value)
    assert isinstance(part, TextPart)
    return part.text


def test_a_data_frame_is_a_table_with_its_size_and_types() -> None:
    frame = pd.DataFrame({"name": ["a|b", "c\nd"], "share": [1 / 3, None]})
    assert text_of(frame) == (
        "DataFrame, 2 rows x 2 columns:\n\n"
        "| name (string) | share (float64) |\n|---|---|\n"
        "| a\\|b | 0.333333 |\n| c d | nan |"
    )


def test_an_index_that_only_counts_is_left_out() -> None:
    frame = pd.DataFrame({"n": [1, 2]}, index=pd.Index(["x", "y"], name="key"))
    assert "| key | n (int64) |" in text_of(frame)
    assert "| x | 1 |" in text_of(frame)
    grouped = pd.DataFrame({"a": ["p", "q"], "b": [1, 2], "n": [5, 6]}).groupby(["a", "b"]).sum()
    assert "| a, b | n (int64) |" in text_of(grouped)
    assert "| p, 1 | 5 |" in text_of(grouped)


def test_a_long_table_is_cut_and_says_so() -> None:
    long = text_of(pl.DataFrame({"n": range(1000)}))
    assert long.startswith("DataFrame, 1,000 rows x 1 column; the first 30 rows:")
    assert len(long.splitlines()) == 4 + 30
    wide = text_of(pd.DataFrame([range(100)]))
    assert wide.startswith("DataFrame, 1 row x 100 columns; the first 60 columns:")


@pytest.mark.parametrize(
    "value", [pd.Series([1, 2], name="n"), pl.Series("n", [1, 2])], ids=["pandas", "polars"]
)
def test_a_series_is_a_table_of_one_column(value: Any) -> None:
    assert "| n (int64) |\n|---|\n| 1 |\n| 2 |" in text_of(value)


def test_a_table_that_cannot_be_read_is_text() -> None:
    twice = pd.DataFrame([[1, 2]], columns=["a", "a"])
    assert text_of(twice) == str(twice)
    lazy = pl.LazyFrame({"a": [1]})
    assert text_of(lazy) == str(lazy)


def test_images_and_figures_are_files() -> None:
    figure, axes = plt.subplots()
    try:
        for value in (Image.new("RGB", (3, 2)), figure, axes):
            (part,) = nbstream.describe(value)
            assert isinstance(part, FilePart)
            assert part.media_type == "image/png"
            assert part.data is not None
            Image.open(BytesIO(part.data)).verify()
    finally:
        plt.close(figure)


def test_a_long_text_is_cut_and_says_how_much() -> None:
    text = text_of("x" * 60_000)
    assert text.endswith("\n[cut: 10,000 of 60,000 characters]")
    assert text.startswith("x" * 50_000 + "\n")


def test_large_numbers_keep_their_digits() -> None:
    """Sums of money, and whole numbers of a column that lacks some."""
    numbers = [1234567.89, 20240131.0, None, 0.1 + 0.2, -1500.0, 1e20, 1 / 3]
    rows = text_of(pd.DataFrame({"n": numbers})).splitlines()[4:]
    shown = [row.strip("| ") for row in rows]
    assert shown == ["1234567.89", "20240131", "nan", "0.3", "-1500", "1e+20", "0.333333"]


def test_anything_else_is_its_str() -> None:
    assert text_of({"a": (1, None)}) == "{'a': (1, None)}"


def test_bytes_say_what_to_do() -> None:
    with pytest.raises(UsageError, match="Attach them"):
        nbstream.describe(b"\x00\x01")


class Own:
    """An object that describes itself."""

    def __init__(self, says: Any) -> None:
        self.says = says

    def _ai_repr_(self, **_: Any) -> Any:
        return self.says


class OwnAsync:
    """The same, in a coroutine."""

    async def _ai_repr_(self, **_: Any) -> Any:
        return {"text/plain": "awaited"}


def test_an_object_may_describe_itself() -> None:
    assert text_of(Own({"text/plain": "plain", "text/markdown": "**rich**"})) == "**rich**"
    assert text_of(Own("text")) == "text"
    assert text_of(OwnAsync()) == "awaited"
    png = BytesIO()
    Image.new("RGB", (1, 1)).save(png, format="PNG")
    text, image = nbstream.describe(Own({"text/plain": "a dot", "image/png": png.getvalue()}))
    assert isinstance(text, TextPart)
    assert isinstance(image, FilePart)


def test_a_bundle_may_hold_what_jupyter_sends() -> None:
    """An image in base64, and JSON as an object."""
    png = BytesIO()
    Image.new("RGB", (1, 1)).save(png, format="PNG")
    sent = base64.b64encode(png.getvalue()).decode()
    (image,) = nbstream.describe(Own({"text/plain": None, "image/png": sent}))
    assert isinstance(image, FilePart)
    assert image.data == png.getvalue()
    assert text_of(Own({"application/json": {"a": None}})) == '{"a": null}'


def test_a_describer_counts_before_all_else_and_for_subclasses() -> None:
    class Shape(Own):
        pass

    class Square(Shape):
        pass

    @nbstream.describer(Shape)
    def shape(value: Shape) -> list[Any]:
        return [f"a {type(value).__name__}", Image.new("RGB", (1, 1))]

    text, image = nbstream.describe(Square("not this"))
    assert isinstance(text, TextPart)
    assert text.text == "a Square"
    assert isinstance(image, FilePart)
    with pytest.raises(UsageError, match="takes a type"):
        nbstream.describer("Shape")  # type: ignore[arg-type]


def test_a_describer_may_return_a_path_or_an_open_file(tmp_path: Path) -> None:
    class Shot:
        pass

    path = tmp_path / "shot.png"
    Image.new("RGB", (1, 1)).save(path)

    @nbstream.describer(Shot)
    def shot(_: Shot) -> list[Any]:
        return ["see", path, BytesIO(path.read_bytes()), memoryview(path.read_bytes())]

    text, *files = nbstream.describe(Shot())
    assert isinstance(text, TextPart)
    assert [one.media_type for one in files if isinstance(one, FilePart)] == ["image/png"] * 3


class Broken:
    """A value that cannot be shown."""

    def __str__(self) -> str:
        raise RuntimeError("no connection")


class BrokenOwn:
    """A value that fails to describe itself."""

    async def _ai_repr_(self) -> dict[str, str]:
        raise RuntimeError("no connection")


@pytest.mark.parametrize("value", [Broken(), BrokenOwn()])
def test_a_value_whose_own_code_raises_is_named_in_one_sentence(value: Any) -> None:
    with pytest.raises(UsageError) as caught:
        nbstream.describe(value)
    assert type(value).__name__ in caught.value.text
    assert "RuntimeError: no connection" in caught.value.text
    with pytest.raises(UsageError, match=r"\{\{ v \}\} in the prompt: .*no connection"):
        fill("{{ v }}", {"v": value})


def test_a_coroutine_that_has_not_run_is_no_value() -> None:
    async def load() -> int:
        return 5

    with pytest.raises(UsageError, match=r"load\(\) is a coroutine"):
        nbstream.describe(load())
