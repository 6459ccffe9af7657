"""The cost of a piece does not depend on the text before it."""

import json
from typing import Any

import pytest
from pydantic import BaseModel

from nbstream.typed import Partial
from tests.typed.counting import is_flat


class Row(BaseModel):
    """A row that contains a list."""

    id: int
    name: str
    tags: list[str]


class Rows(BaseModel):
    """A model with a long list."""

    rows: list[Row]


class Node(BaseModel):
    """A recursive type."""

    text: str
    child: "Node | None" = None


def deep(depth: int) -> Any:
    value: Any = None
    for _ in range(depth):
        value = {"text": "lorem ipsum", "child": value}
    return value


@pytest.mark.parametrize(
    ("of", "value"),
    [
        (Rows, {"rows": [{"id": at, "name": "x", "tags": ["y"]} for at in range(1000, 2000)]}),
        (list[Row | Node], {"result": [{"text": f"text {at}"} for at in range(1000, 2000)]}),
        (Node, {"text": "lorem ipsum " * 3000}),
        (Node, deep(150)),
        (dict[str, int], {str(at): at for at in range(1000, 5000)}),
        (tuple[Row, ...], {"result": [{"id": at} for at in range(1000, 3000)]}),
        (Any, {"result": [[at] for at in range(1000, 4000)]}),
        (Node, {"other": ["ignored"] * 3000}),
    ],
    ids=["objects", "union", "string", "deep", "dict", "tuple", "any", "ignored"],
)
def test_a_piece_costs_the_same_at_the_end_and_at_the_beginning(of: Any, value: Any) -> None:
    partial: Partial[Any] = Partial(of)

    def read(piece: str) -> None:
        partial.feed(piece)
        _ = partial.partial

    read(json.dumps(value)[:1])
    assert is_flat(json.dumps(value)[1:], read)


@pytest.mark.parametrize(
    "text",
    [
        str({"rows": [{"id": at, "name": "x", "tags": ["y's"]} for at in range(1000, 2000)]}),
        '{"rows": [' + '{"id": 1, "name": "a "b" c", tags: ["d", "e",],} // f\n' * 1000,
        '{"text": "' + 'say "x" now, ' * 3000 + '"}',
    ],
    ids=["Python", "all", "quotes"],
)
def test_what_is_read_leniently_costs_the_same_everywhere(text: str) -> None:
    partial: Partial[Any] = Partial(Node if "text" in text else Rows)

    def read(piece: str) -> None:
        partial.feed(piece)
        _ = partial.partial

    read(text[0])
    assert is_flat(text[1:], read)
    assert partial.repairs


def test_very_deep_nesting_is_parsed_and_then_refused_by_final() -> None:
    text = '{"text": "", "child": ' * 20_000
    partial: Partial[Node] = Partial(Node)
    assert is_flat(text, partial.feed)
    assert partial.partial is not None
    assert partial.partial.child is not None
