"""Draws an answer as static HTML that is safe to keep in a saved notebook.

The HTML uses only inline styles and ``<details>``, because sanitizers of notebook viewers
remove scripts, style sheets and most classes. Text becomes HTML in two places only: ``escape``,
and ``markdown.render`` for the model's Markdown. To draw a new kind of part, write a function
that takes the part and the ``Drawing``, and add it to ``DRAWN`` in ``parts.py``.
"""

from nbstream.display.html.answer import html, unfinished

__all__ = ["html", "unfinished"]
