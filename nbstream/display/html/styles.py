"""The inline styles of elements of Markdown. Light and dark pages have the same: half-transparent.

Colours of text are mixed from the page's own, so that each keeps its contrast; a place that does
not know `color-mix` shows the page's colour.

The sanitizer lets only these pass, so no style can come from a model.
"""

from __future__ import annotations

_LINE = "1px solid #8884"
_BOX = f"border:{_LINE};border-radius:6px"

OF = {
    "pre": f"{_BOX};padding:.6em .8em;margin:.3em 0 .9em;line-height:1.45;background:#8881;"
    # Lines are broken, because paper does not scroll.
    "white-space:pre-wrap;overflow-wrap:anywhere;word-break:normal",
    "code": "background:#8882;color:inherit;border-radius:4px;padding:.1em .3em;"
    "overflow-wrap:anywhere",
    "kbd": f"{_BOX};padding:.05em .35em;font-size:.85em;color:inherit;background:#8881;"
    "box-shadow:none",
    # In a notebook that it does not trust, JupyterLab leaves the first two of them only. It removes
    # "inherit", which would leave the browser's black letters on a dark page.
    "mark": "background:#fff2a8;color:#212121;background:rgb(255 204 0/27%);color:inherit",
    "blockquote": "border-left:3px solid #8886;padding:.1em .9em;margin:.6em 0",
    "table": "border-collapse:collapse;margin:0;font-size:inherit;overflow-wrap:normal;"
    "word-break:normal",
    "th": f"border:{_LINE};padding:.35em .7em;text-align:start;font-weight:600",
    "td": f"border:{_LINE};padding:.35em .7em;text-align:start",
    "details": f"{_BOX};padding:.3em .8em;margin:.6em 0",
    "summary": "cursor:pointer",
    "hr": "border:0;border-top:1px solid #8886;margin:1em 0",
}
"""The style of each element that has one."""

DEEP = {
    "blockquote": "border-left:1px solid #8886;padding:0 0 0 3%;margin:.3em 0",
    "ul": "padding:0 0 0 5%;margin:0",
    "ol": "padding:0 0 0 5%;margin:0",
}
"""Those of blocks in several others: a share of the width, so that none grows out of the page."""
DEEP_LEVEL = 6
"""Blocks around one, with the items of lists, from which on it is deep."""

RTL = {
    "p": "text-align:right",
    "blockquote": "border-left:0;border-right:3px solid #8886;padding:.1em .9em;margin:.6em 0",
}
"""Those of blocks that go from right to left: JupyterLab aligns all paragraphs to the left."""

PALE = "color:color-mix(in srgb,currentColor 75%,transparent)"
"""For words that say something about their neighbours."""
BAD = (
    "border-bottom:1px solid #e53935;border-bottom:0 solid currentColor;"
    "color:color-mix(in srgb,currentColor 45%,#e53935)"
)
"""For words that say that something failed: red. Where JupyterLab does not trust a notebook, it
leaves only the first of these styles, a red line below the words."""
PLAIN = "background:none;color:inherit;padding:0;white-space:inherit"
"""For the text of a code block, which JupyterLab's style would give a background."""
SCROLLED = "overflow-x:auto;margin:.6em 0"
TASK = "list-style:none"
PICTURE = "max-width:100%"
NOTE = "font-size:.72em;line-height:0"
NOTES = f"border-top:{_LINE};margin-top:1em;padding-top:.3em;font-size:.9em"
LABEL = f"{PALE};font-size:.8em;margin-top:.6em"
DISPLAY = "display:block;overflow-x:auto;overflow-y:hidden;margin:.6em 0"

FORMULA = "tex2jax_process mathjax_process"
"""Classes of an element that MathJax reads, of version 2 and of 3 and later."""
NO_FORMULA = "tex2jax_ignore mathjax_ignore"
"""Classes of an element that MathJax does not read."""


def cell(tag: str, side: str, *, is_rtl: bool = False) -> str:
    """The style of a table's cell with an alignment, or without one.

    Where JupyterLab does not trust a notebook, it removes "start" and has all cells at the right.
    """
    start = "right;text-align:start" if is_rtl else "left;text-align:start"
    return OF[tag].replace("start", side or start)


KNOWN = {*OF.values(), *DEEP.values(), *RTL.values(), SCROLLED, TASK, PICTURE, NOTE, NOTES, LABEL}
KNOWN |= {DISPLAY, PLAIN, *(cell(tag, "", is_rtl=True) for tag in ("th", "td"))}
KNOWN |= {cell(tag, side) for tag in ("th", "td") for side in ("", "left", "center", "right")}
"""All of them."""

CLASSES = {FORMULA, NO_FORMULA}
"""All classes that Markdown's elements have."""
