"""Draws a typed answer as Markdown: fields as a table of names and values, lists as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.display.form import Fields, Items, Laid, Single, Table, laid_out
from nbstream.display.safe_markdown import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.display.typed_answer import TypedAnswer


def form_markdown(answer: TypedAnswer) -> str:
    """Draw a typed answer. What is wrong with a value stands beside it in italics."""
    report = answer.report
    title = f"**{escaped(str(answer.schema.get('title', 'Answer')))}**"
    pieces = [title, *_blocks(laid_out(answer))]
    if report.failure:
        pieces.append(f"> {escaped(report.failure)}")
    if report.notes:
        pieces.append(f"*{escaped('; '.join(report.notes))}*")
    return "\n\n".join(pieces)


def _blocks(laid: Laid) -> Iterable[str]:
    """The blocks of a value: tables that stand in fields come after the table of the fields."""
    if isinstance(laid, Fields):
        tables = [one for one in laid.fields if isinstance(one.value, Table)]
        rows = [(escaped(one.name), _inline(one.value)) for one in laid.fields if one not in tables]
        if rows:
            yield _table([("", False), ("", False)], rows)
        for one in tables:
            yield f"{escaped(one.name)}:"
            yield from _blocks(one.value)
        if laid.left_out:
            yield f"and {laid.left_out:,} more fields"
    elif isinstance(laid, Table):
        columns = [(escaped(name), is_number) for name, is_number in laid.columns]
        yield _table(columns, [[_inline(cell) for cell in row] for row in laid.rows])
        if laid.left_out:
            yield f"and {laid.left_out:,} more rows"
    elif isinstance(laid, Items) and not laid.is_short:
        yield "\n".join(f"- {_inline(one)}" for one in laid.items)
        if laid.left_out:
            yield f"and {laid.left_out:,} more values"
    else:
        yield _inline(laid)


def _table(columns: Iterable[tuple[str, bool]], rows: Iterable[Iterable[str]]) -> str:
    names = list(columns)
    lines = [
        [name for name, _ in names],
        ["--:" if is_number else "---" for _, is_number in names],
        *rows,
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _inline(laid: Laid) -> str:
    """A value in one line."""
    if isinstance(laid, Single):
        text = escaped(laid.text)
    elif isinstance(laid, Fields):
        text = ", ".join(f"{escaped(one.name)}: {_inline(one.value)}" for one in laid.fields)
    elif isinstance(laid, Table):
        names = [name for name, _ in laid.columns]
        text = "; ".join(
            ", ".join(
                f"{escaped(name)}: {_inline(one)}" for name, one in zip(names, row, strict=True)
            )
            for row in laid.rows
        )
    else:
        text = "; ".join(map(_inline, laid.items)) or "none"
    problems = "; ".join(map(escaped, laid.problems))
    return f"{text} *({problems})*" if problems else text
