"""Draws a typed answer as plain text: one line a field, tables in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.display.form import Fields, Items, Laid, Single, Table, laid_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.display.typed_answer import TypedAnswer

_MAX_WIDTH = 40
"""Characters of a value in a table."""


def form_text(answer: TypedAnswer) -> str:
    """Draw a typed answer. What is wrong with a value stands behind it in brackets."""
    report = answer.report
    lines = [str(answer.schema.get("title", "Answer")), *_lines(laid_out(answer))]
    if report.failure:
        lines.append(f"[{report.failure}]")
    if report.notes:
        lines.append(f"[{'; '.join(report.notes)}]")
    return "\n".join(lines)


def _lines(laid: Laid) -> Iterator[str]:
    if isinstance(laid, Fields):
        width = max((len(one.name) for one in laid.fields), default=0)
        for one in laid.fields:
            if isinstance(one.value, Table):
                yield f"  {one.name}:"
                yield from (f"  {line}" for line in _lines(one.value))
            else:
                yield f"  {one.name:<{width}}  {_inline(one.value)}"
        if laid.left_out:
            yield f"  and {laid.left_out:,} more fields"
    elif isinstance(laid, Table):
        yield from _columns(laid)
    elif isinstance(laid, Items) and not laid.is_short:
        yield from (f"  - {_inline(one)}" for one in laid.items)
        if laid.left_out:
            yield f"  and {laid.left_out:,} more values"
    else:
        yield f"  {_inline(laid)}"


def _columns(laid: Table) -> Iterator[str]:
    names = [name for name, _ in laid.columns]
    rows = [names, *([_cut(_inline(one)) for one in row] for row in laid.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)] if names else []
    for row in rows:
        cells = [
            text.rjust(width) if is_number else text.ljust(width)
            for text, width, (_, is_number) in zip(row, widths, laid.columns, strict=True)
        ]
        yield f"  {'  '.join(cells)}".rstrip()
    if laid.left_out:
        yield f"  and {laid.left_out:,} more rows"


def _inline(laid: Laid) -> str:
    """A value in one line."""
    if isinstance(laid, Single):
        text = " ".join(laid.text.split())
    elif isinstance(laid, Fields):
        text = ", ".join(f"{one.name}: {_inline(one.value)}" for one in laid.fields)
    elif isinstance(laid, Table):
        text = f"{len(laid.rows) + laid.left_out} rows"
    else:
        text = "; ".join(map(_inline, laid.items)) or "none"
    return f"{text} [{'; '.join(laid.problems)}]" if laid.problems else text


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_WIDTH else text[: _MAX_WIDTH - 1] + "…"
