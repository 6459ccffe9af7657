"""``%llm cost``: prints what the session's answers cost, by model and by cell."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from nbstream.core.cost import money
from nbstream.core.message import Usage
from nbstream.display.sanitize import printable
from nbstream.magics.config import config
from nbstream.magics.session import session
from nbstream.magics.spending import is_own, known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nbstream.magics.spending import Entry

_LONGEST = 44  # characters of a prompt or a model's name
_FREE = "none"
"""The price of answers from the user's own machine."""
_HEAD = ("answers", "tokens in", "tokens out", "cost")


def cost() -> None:
    """Print a table by model, one by cell, and the budget."""
    session.spending.count()
    entries = session.spending.entries
    if not entries:
        print("Nothing was spent in this session.")  # noqa: T201
    else:
        models = _grouped(entries, lambda one: one.model, lambda one: one.model)
        cells = _grouped(entries, lambda one: one.asker.cell, _cell)
        _print([("By model", *_HEAD), *models, ("By cell", *_HEAD), *cells])
    for line in (*_notes(entries), *budget_lines()):
        print(line)  # noqa: T201


def budget_lines() -> list[str]:
    """The budget, what is left of it, and what it does not count; nothing without a budget."""
    limit = config.get("budget")[0]
    if limit is None:
        return []
    budget = Decimal(str(limit))
    left = max(budget - session.spending.spent(), Decimal())
    lines = [f"Budget: {money(budget)}, of which {money(left)} is left."]
    if reserved := session.spending.reserved():
        lines.append(f"{session.spending.in_flight()} may cost another {money(reserved)}.")
    if names := session.spending.unpriced():
        lines.append(f"The budget does not count {', '.join(names)}: the price is not known.")
    return lines


def spent_line() -> str:
    """The sum of all answers, in a line."""
    session.spending.count()
    entries = session.spending.entries
    if not entries:
        return "nothing yet"
    usage = sum((one.usage for one in entries), start=Usage())
    tokens = f"{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out"
    price = _price(entries)
    return f"{'nothing' if price == _FREE else price} for {tokens} (%llm cost has more)"


def _grouped(
    entries: Iterable[Entry], key: Callable[[Entry], str], name: Callable[[Entry], str]
) -> list[tuple[str, ...]]:
    """A row for each group of entries with the same key, and one for all of them."""
    groups: dict[str, list[Entry]] = {}
    for one in entries:
        groups.setdefault(key(one), []).append(one)
    rows = [_row(name(group[-1]), group) for group in groups.values()]
    return [*rows, _row("all", list(entries))] if len(rows) > 1 else rows


def _row(name: str, group: list[Entry]) -> tuple[str, ...]:
    usage = sum((one.usage for one in group), start=Usage())
    counts = (sum(one.answers for one in group), usage.input_tokens, usage.output_tokens)
    short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
    return (f"  {short}", *(f"{count:,}" for count in counts), _price(group))


def _price(group: list[Entry]) -> str:
    """The price of several answers; never one that is not known."""
    unknown = [one for one in group if one.cost is None]
    if all(is_own(one.model) for one in group):
        return _FREE
    if len(unknown) == len(group):
        return "unknown"
    text = money(known(group))
    if not all(one.whole for one in group):
        text = f"at least {text}"
    return f"{text} + {len(unknown)} unknown" if unknown else text


def _cell(entry: Entry) -> str:
    first = " ".join(printable(entry.asker.prompt, "utf-8").split())
    return f"In [{entry.asker.number}]  {first}"


def _notes(entries: list[Entry]) -> list[str]:
    """What the table does not say by itself."""
    lines = []
    if any(one.cost is None and one.usage for one in entries):
        names = ", ".join(session.spending.unpriced())
        lines.append(f"The price of {names} is not known, or not at the address that was asked.")
    if not all(one.whole for one in entries):
        lines.append("Answers that broke off count as far as the provider told their tokens.")
    return lines


def _print(rows: list[tuple[str, ...]]) -> None:
    """Print rows in columns; a row that does not begin with a blank is a head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, (name, *values) in enumerate(rows):
        if number and not name.startswith(" "):
            print()  # noqa: T201
        cells = [f"{value:>{width}}" for value, width in zip(values, widths[1:], strict=True)]
        print(f"{name:{widths[0]}}  {'  '.join(cells)}")  # noqa: T201
