"""Generated types and values: each prefix of the JSON shows what its type allows."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from nbstream.typed import Partial
from tests.typed.generated_types import CASES, HIDDEN, Spec, expected, extends, plain
from tests.typed.reference_parser import read


def text_of(partial: Partial[Any], value: Any, *, ascii_only: bool, indent: int | None) -> str:
    whole = {"result": value} if partial._type.wrapped else value
    return json.dumps(whole, ensure_ascii=ascii_only, indent=indent)


@given(CASES, st.booleans(), st.sampled_from([None, 1]))
def test_each_prefix_shows_what_its_type_allows(
    case: tuple[Spec, Any], ascii_only: bool, indent: int | None
) -> None:
    spec, value = case
    partial: Partial[Any] = Partial(spec.type)
    text = text_of(partial, value, ascii_only=ascii_only, indent=indent)
    before: Any = HIDDEN
    for at, character in enumerate(text):
        partial.feed(character)
        now = plain(partial.partial) if partial.has_value else HIDDEN
        node = read(text[: at + 1])
        if partial._type.wrapped:
            node = node.value.get("result") if node else None
        wanted = expected(spec, node) if node else HIDDEN
        assert now == wanted, f"{text[: at + 1]!r}"
        assert before is HIDDEN or extends(before, now)
        before = now
    assert not partial.problems
    assert partial.complete
    whole = TypeAdapter(spec.type).validate_python(value)
    assert partial.partial == whole
    assert partial.final() == whole
    assert repr(partial.partial) == repr(whole)


@given(CASES, st.integers(1, 40))
def test_a_snapshot_does_not_change_and_pieces_may_have_any_length(
    case: tuple[Spec, Any], length: int
) -> None:
    spec, value = case
    partial: Partial[Any] = Partial(spec.type)
    text = text_of(partial, value, ascii_only=True, indent=None)
    kept: list[tuple[Any, Any]] = []
    for at in range(0, len(text), length):
        changed = partial.feed(text[at : at + length])
        snapshot = partial.snapshot()
        assert plain(snapshot) == plain(partial.partial)
        assert changed or not kept or plain(snapshot) == kept[-1][1]
        kept.append((snapshot, plain(snapshot)))
    assert all(plain(snapshot) == then for snapshot, then in kept)
    assert partial.final() == partial.partial
