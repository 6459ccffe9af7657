"""Draws a map that has ended as static HTML and as text, for a saved notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.display.html import elements, styles
from nbstream.display.html.elements import escape
from nbstream.display.sanitize import encodable, printable
from nbstream.progress import words

if TYPE_CHECKING:
    from nbstream.many import PromptMap

_SHOWN = 50  # answers, and failures
_LONG = 400  # characters of a prompt or an answer
_TEXT = "white-space:pre-wrap;overflow-wrap:anywhere"
_GOOD, _BAD, _REST = "#4caf50", "#e57373", "#8883"


def bundle(job: PromptMap[Any], *, widget_id: str = "") -> dict[str, str]:
    """The state as a MIME bundle; ``widget_id`` names the widget whose view a page may show."""
    name = f"nbstream-at-{widget_id} " if widget_id else ""
    body = elements.whole(_html(job), f"{name}{styles.NO_FORMULA}")
    return encodable({"text/html": body}) | {"text/plain": text(job)}


def unfinished(job: PromptMap[Any], widget_id: str) -> dict[str, str]:
    """The state as HTML that the page completes at the end; see ``notebook-outputs.ts``."""
    line = escape(f"{' · '.join(words.facts(job))} · not finished when this was written")
    kind = f"nbstream-at-{widget_id} nbstream-unfinished"
    return {"text/html": elements.whole(line, kind)}


def text(job: PromptMap[Any]) -> str:
    """The state as plain text, with the first failures."""
    lines = [" · ".join(words.facts(job))]
    lines += [f"{number}. {error}" for number, _, error in words.failures(job)[:_SHOWN]]
    return printable("\n".join(lines), None)


def _html(job: PromptMap[Any]) -> str:
    failed = words.failures(job)
    pieces = [_bar(job), elements.small(escape(" · ".join([job.model, *words.facts(job)])))]
    if error := job.error:
        pieces.append(f'<div style="{styles.BAD};{_TEXT}">{escape(str(error))}</div>')
    if failed:
        rows = "".join(
            _row(number, prompt, error, bad=True) for number, prompt, error in failed[:_SHOWN]
        )
        pieces.append(elements.collapsed(_title("Without an answer", len(failed)), rows))
    answered = [one for one in job.results if one.error is None]
    if answered:
        rows = "".join(_row(one.index + 1, one.prompt, one.text) for one in answered[:_SHOWN])
        pieces.append(elements.collapsed(_title("Answers", len(answered)), rows))
    return "".join(pieces)


def _title(name: str, count: int) -> str:
    return f"{name}: {count:,}" + (f", the first {_SHOWN}" if count > _SHOWN else "")


def _bar(job: PromptMap[Any]) -> str:
    now = job.totals
    shares = [(now.done, _GOOD), (now.failed, _BAD)]
    parts = "".join(
        f'<div style="width:{100 * count / max(1, now.total):.2f}%;background:{colour}"></div>'
        for count, colour in shares
        if count
    )
    return (
        '<div style="display:flex;height:6px;border-radius:3px;overflow:hidden;max-width:80ch;'
        f'margin:.4em 0;background:{_REST}">{parts}</div>'
    )


def _row(number: int, prompt: str, answer: str, *, bad: bool = False) -> str:
    style = f"{styles.BAD};" if bad else ""
    return (
        f'<div style="margin:.5em 0"><div style="{styles.PALE};font-size:.9em">'
        f'{number}. {escape(_short(prompt))}</div><div style="{style}{_TEXT}">'
        f"{escape(_short(answer))}</div></div>"
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"
