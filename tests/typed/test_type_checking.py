"""What mypy knows about a typed answer: the fields of a growing one may be missing.

pyright says the same of this code, except that it does not follow ``hasattr``.
"""

import re
import subprocess
import sys
from pathlib import Path

CODE = """
import dataclasses
from typing import TypedDict
from pydantic import BaseModel
import nbstream
from nbstream.output import PartialOutput, peek
class Order(BaseModel):
    title: str
class City(TypedDict):
    name: str
@dataclasses.dataclass
class Point:
    x: int
orders = nbstream.stream("a/b", output_type=Order)
for order in orders.stream_output():
    order.title  # E: "PartialOutput[Order]" has no attribute "title"
    reveal_type(peek(order, lambda it: it.title))  # N: str | None
    reveal_type(getattr(order, "title", None))  # N: Any | None
    if hasattr(order, "title"):
        print(order.title)
    if order.model_fields_set:
        print(order.model_dump_json(), order == Order(title="a"))
    whole: Order = order  # E: Incompatible types in assignment
    peek(order, lambda it: it.titel)  # E: "Order" has no attribute "titel"
reveal_type(orders.get_output())  # N: Order
for point in nbstream.stream("a/b", output_type=Point).stream_output():
    point.x  # E: "PartialOutput[Point]" has no attribute "x"
    reveal_type(peek(point, lambda it: it.x))  # N: int | None
for city in nbstream.stream("a/b", output_type=City).stream_output():
    reveal_type(city.get("name"))  # N: Any
    reveal_type(peek(city, lambda it: it["name"]))  # N: str | None
for rows in nbstream.stream("a/b", output_type=list[Order]).stream_output():
    rows[0].title  # E: "PartialOutput[Order]" has no attribute "title"
    reveal_type(rows)  # N: list[PartialOutput[Order]]
for row in nbstream.stream("a/b", output_type=list[Order]).stream_items():
    reveal_type(row.title)  # N: str
for numbers in nbstream.stream("a/b", output_type=list[int]).stream_output():
    reveal_type(numbers)  # N: list[int]
for text in nbstream.stream("a/b").stream_output():
    reveal_type(text)  # N: str
for anything in nbstream.stream("a/b", output_type=Order | str).stream_output():
    reveal_type(anything)  # N: Any
async def main() -> None:
    async with orders as stream:
        async for order in stream.stream_output():
            order.title  # E: "PartialOutput[Order]" has no attribute "title"
            reveal_type(order)  # N: PartialOutput[Order]
        async for state in stream.stream_output_state():
            reveal_type(state.path)  # N: tuple[str | int, ...] | None
"""


TOLD = re.compile(r".*orders\.py:(\d+): ((?:note|error): .*?)(?:  \[.*\])?$")


def plain(message: str) -> str:
    """A message of mypy without the names of modules."""
    message = message.removeprefix("note: Revealed type is ").removeprefix("error: ")
    return re.sub(r"\b(?:\w+\.)+(?=[A-Z\w])", "", message).strip('"')


def test_mypy_sees_that_fields_may_be_missing(tmp_path: Path) -> None:
    file = tmp_path / "orders.py"
    file.write_text(CODE)
    command = [sys.executable, "-m", "mypy", "--strict", "--no-pretty", str(file)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    found = [
        (int(row[1]), plain(row[2]))
        for row in re.finditer(
            r"orders\.py:(\d+): ((?:note|error): .*?)(?:  \[.*\])?$", told.stdout, re.MULTILINE
        )
    ]
    expected = [
        (at, comment[1])
        for at, line in enumerate(CODE.splitlines(), 1)
        if (comment := re.search(r"# [EN]: (.*)", line))
    ]
    assert len(found) == len(expected), told.stdout
    for (at, message), (line, words) in zip(found, expected, strict=True):
        assert at == line, told.stdout
        assert message.startswith(plain(words)), told.stdout
