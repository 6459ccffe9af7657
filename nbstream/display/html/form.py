"""Draws a typed answer as a form: fields with their values, tables, and what is wrong."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from nbstream.display.form import Fields, Items, Laid, Single, Table, laid_out
from nbstream.display.html import elements
from nbstream.display.html.elements import escape
from nbstream.display.html.styles import BAD, PALE
from nbstream.display.policy import web_address

if TYPE_CHECKING:
    from nbstream.display.html.parts import Drawing
    from nbstream.display.typed_answer import TypedAnswer

_LINE = "#8883"
_CARD = f"border:1px solid {_LINE};border-radius:6px;overflow-wrap:anywhere"
_HEAD = "padding:.35em .85em;background:#8881"
# What can be said once for a table or a row is not said for each cell. What the style sheets of
# notebooks say of cells is: to that, a cell inherits nothing.
_TABLE = (
    "border-collapse:collapse;width:100%;margin:0;border:0;font-size:1em;table-layout:auto;"
    "font-variant-numeric:tabular-nums"
)
_ROW = f"background:none;border-top:1px solid {_LINE}"
_BOX = "text-align:{};vertical-align:top;border:0;padding:.35em .85em;white-space:"
_CELL = _BOX.format("start") + "normal"
_HEADING = _BOX + "normal;font-weight:400"
_LABEL = _HEADING.format("start") + ";width:30%"
# A cell that is no wider than the card: the table in it scrolls.
_WIDE = f"{_CELL};max-width:0"
_MUTED = PALE
_CHIP = "display:inline-block;padding:0 .55em;border-radius:1em;background:#1976d229"
_WRONG = f"{BAD};font-size:.86em"
_STYLES = {
    "text": "white-space:pre-wrap",
    "number": "font-variant-numeric:tabular-nums",
    "address": "",
    "date": "font-variant-numeric:tabular-nums",
    "choice": _CHIP,
    "yes": "",
    "no": _MUTED,
    "none": _MUTED,
    "missing": BAD,
}
_SIGNS = {"yes": "✓ ", "no": "✕ "}

_START = re.compile(r'(<t[dh][^>]* style="text-align:)start')
_SHORT = re.compile("[^\u2e80-\U0010ffff]{0,20}")
"""Texts that are not broken into lines; those of Chinese and Japanese are twice as wide."""

_MAX_FRACTION = 6
"""Digits of a fraction that the other numbers of its column leave room for."""
_SUMMARY_VALUES, _SUMMARY_LENGTH = 4, 40


def form(answer: TypedAnswer, _drawing: Drawing) -> str:
    """Draw a typed answer; its schema's title is above, the model's text folded below."""
    laid, report = laid_out(answer), answer.report
    title = escape(str(answer.schema.get("title", "Answer")))
    about = _first_line(str(answer.schema.get("description", "")))
    head = f'<strong>{title}</strong> <span style="{_MUTED}">{escape(about)}</span>'
    pieces = [f'<div style="{_HEAD}">{head}</div>', _value(laid, is_root=True)]
    if report.failure:
        pieces.append(f'<div style="padding:.35em .85em;{_WRONG}">{escape(report.failure)}</div>')
    if report.notes:
        notes = escape("; ".join(report.notes))
        pieces.append(elements.small(notes, "margin:0;padding:.35em .85em"))
    width = "130ch" if _has_table(laid) else "80ch"
    if _is_rtl(laid):
        direction, side = ' dir="rtl"', "right"
    else:
        direction, side = "", "left"
    card = f'<div{direction} style="max-width:{width};{_CARD}">{"".join(pieces)}</div>'
    # Where JupyterLab does not trust a notebook, it removes "start" and has all cells at the right.
    card = _START.sub(rf"\1{side};text-align:start", card)
    return card + elements.collapsed("JSON", elements.mono(answer.text))


def _value(laid: Laid, *, is_root: bool = False) -> str:
    """Draw a value; an object inside another one is folded."""
    match laid:
        case Single():
            drawn = _single(laid)
            return f'<div style="padding:.35em .85em">{drawn}</div>' if is_root else drawn
        case Fields():
            drawn = _fields(laid)
            if is_root:
                return drawn
            folded = _folded(_summary(laid), drawn, is_open=_has_problems(laid))
            return folded + _problems(laid)
        case Table():
            return _table(laid)
        case Items():
            return _items(laid)


def _single(one: Single, *, in_cell: bool = False) -> str:
    """Draw a value; with ``in_cell`` its cell and table have the style of plain ones."""
    shown = escape(_SIGNS.get(one.kind, "") + one.text)
    link = web_address(one.text) if one.kind == "address" else None
    if link:
        rel = "noopener noreferrer nofollow"
        shown = f'<a href="{escape(link.href, quote=True)}" rel="{rel}">{shown}</a>'
    style = "white-space:pre" if _is_short(one) else _STYLES[one.kind]
    if in_cell and one.kind in ("text", "number", "date"):
        style = ""
    styled = f' style="{style}"' if style else ""
    return f'<span dir="auto"{styled}>{shown}</span>{_problems(one)}'


def _fields(laid: Fields) -> str:
    rows = []
    for one in laid.fields:
        about = f'<div style="font-size:.82em">{escape(one.about)}</div>' if one.about else ""
        name = f'<div style="{_MUTED}">{escape(one.name)}{about}</div>'
        if isinstance(one.value, Table):
            cell = f'<td colspan="2" style="{_WIDE}">{name}{_value(one.value)}</td>'
        else:
            value = f'<td style="{_CELL}">{_value(one.value)}</td>'
            cell = f'<th style="{_LABEL}">{name}</th>{value}'
        rows.append(f'<tr style="{_ROW}">{cell}</tr>')
    table = f'<table style="{_TABLE}"><tbody>{"".join(rows)}</tbody></table>'
    return table + _left_out(laid.left_out, "fields")


def _table(laid: Table) -> str:
    head = "".join(
        f'<th style="{_HEADING.format(_side(is_number))};{_MUTED}">{escape(name)}</th>'
        for name, is_number in laid.columns
    )
    rows = []
    longest = [max(map(_fraction, column), default=0) for column in zip(*laid.rows, strict=True)]
    for row in laid.rows:
        cells = "".join(
            f'<td style="{_BOX.format(_side(is_number))}{_wrap(one)}">'
            f"{_aligned(one, width) if is_number else _cell(one)}</td>"
            for one, (_, is_number), width in zip(row, laid.columns, longest, strict=True)
        )
        rows.append(f'<tr style="{_ROW}">{cells}</tr>')
    top = f'<tr style="{_ROW}">{head}</tr>'
    body = f"<thead>{top}</thead><tbody>{''.join(rows)}</tbody>"
    scrolls = '<div style="overflow-x:auto;overflow-wrap:break-word">'
    shown = f'{scrolls}<table style="{_TABLE}">{body}</table></div>'
    return shown + _left_out(laid.left_out, "rows") + _problems(laid)


def _side(is_number: bool) -> str:
    return "end" if is_number else "start"


def _fraction(laid: Laid) -> float:
    """The room that a number's fraction takes, in widths of a digit; a point takes half of one."""
    if not isinstance(laid, Single) or laid.kind != "number":
        return 0
    _, point, digits = laid.text.partition(".")
    return min(len(digits), _MAX_FRACTION) + 0.5 if point and digits.isdecimal() else 0


def _aligned(laid: Laid, longest: float) -> str:
    """Draw a number so that its point is below the others of its column."""
    room = longest - _fraction(laid)
    drawn = _cell(laid)
    if not room or not isinstance(laid, Single) or laid.kind != "number":
        return drawn
    return f'<div style="padding-inline-end:{room:g}ch">{drawn}</div>'


def _wrap(laid: Laid) -> str:
    """The white space of a cell: only long texts are broken into lines; no line is very short."""
    if _is_line(laid):
        return "pre"
    is_text = isinstance(laid, Single) and laid.kind == "text"
    return f"{'pre-wrap' if is_text else 'normal'};min-width:9em"


def _is_line(laid: Laid) -> bool:
    """Whether a value is one line of its cell."""
    return (
        isinstance(laid, Single)
        and (laid.kind not in ("text", "address") or _is_short(laid))
        and not laid.problems
    )


def _is_short(one: Single) -> bool:
    """Whether a text is short enough for one line."""
    return one.kind == "text" and bool(_SHORT.fullmatch(one.text))


def _cell(laid: Laid) -> str:
    """Draw a value in a cell of a table; a list is folded there too."""
    if isinstance(laid, Fields):
        is_open = _has_problems(laid)
        drawn = _folded(_summary(laid), _fields(laid), is_open=is_open, in_line=True)
        return drawn + _problems(laid)
    if isinstance(laid, Table):
        return _folded(escape(f"{len(laid.rows) + laid.left_out} rows"), _table(laid))
    if isinstance(laid, Items) and not laid.is_short:
        first = laid.items[0] if laid.items else None
        text = _short(first.text) if isinstance(first, Single) else ""
        count = f'<span style="{_MUTED}">{len(laid.items) + laid.left_out}</span>'
        line = f"{count} {escape(text)}"
        return _folded(line, _items(laid)) if laid.items else _items(laid)
    if isinstance(laid, Single):
        return _single(laid, in_cell=True)
    return _value(laid)


def _items(laid: Items) -> str:
    if not laid.items:
        return f'<span style="{_MUTED}">none</span>{_problems(laid)}'
    drawn = [_cell(one) if isinstance(one, Table) else _value(one) for one in laid.items]
    rest = _left_out(laid.left_out, "values") + _problems(laid)
    if laid.is_short:
        return " &nbsp; ".join(drawn) + rest
    rows = "".join(f"<li>{one}</li>" for one in drawn)
    return f'<ul style="margin:0;padding-inline-start:1.2em">{rows}</ul>{rest}'


def _folded(summary: str, body: str, *, is_open: bool = False, in_line: bool = False) -> str:
    """Put HTML into a ``<details>``; with ``in_line`` its summary is not broken into lines."""
    wrap = ";white-space:nowrap" if in_line else ""
    line = f'<summary style="cursor:pointer{wrap}">{summary}</summary>'
    mark = " open" if is_open else ""
    return f'<details{mark}>{line}<div style="margin:.3em 0">{body}</div></details>'


def _summary(laid: Fields) -> str:
    """The first values of an object, in a line."""
    words = [f'<span style="{_CHIP}">{escape(laid.name)}</span>'] if laid.name else []
    for one in laid.fields:
        if isinstance(one.value, Single) and len(words) < _SUMMARY_VALUES:
            name = f'<span style="{_MUTED}">{escape(one.name)}</span>'
            words.append(f"{name} {escape(_short(one.value.text))}")
    return " &nbsp; ".join(words) or "…"


def _short(text: str) -> str:
    return text if len(text) <= _SUMMARY_LENGTH else text[:_SUMMARY_LENGTH] + "…"


def _problems(laid: Laid) -> str:
    return "".join(f'<div style="{_WRONG}">{escape(text)}</div>' for text in laid.problems)


def _has_problems(laid: Laid) -> bool:
    """Whether anything in an object is wrong."""
    inside = [one.value for one in laid.fields] if isinstance(laid, Fields) else []
    return bool(laid.problems) or any(map(_has_problems, inside))


def _left_out(count: int, what: str) -> str:
    text = f"and {count:,} more {what}, in the JSON below"
    return elements.small(text, "margin:.2em 0;padding:0 .85em") if count else ""


def _has_table(laid: Laid) -> bool:
    if isinstance(laid, Fields):
        return any(isinstance(one.value, Table) for one in laid.fields)
    return isinstance(laid, Table)


def _is_rtl(laid: Laid) -> bool:
    """Whether the names of the fields or the columns are written from right to left."""
    names = [one.name for one in laid.fields] if isinstance(laid, Fields) else []
    if isinstance(laid, Table):
        names = [name for name, _ in laid.columns]
    letter = next((one for one in "".join(names) if one.isalpha()), "")
    return letter != "" and unicodedata.bidirectional(letter) in ("R", "AL")


def _first_line(text: str) -> str:
    return " ".join(text.strip().split("\n\n")[0].split())
