"""``StreamResults``: what a user takes out of an answer: code, a table, HTML, a file.

All of it is of the answer so far; nothing here waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.errors.tracebacks import TRACEBACK_END
from nbstream.streams.dataframe import data_frame
from nbstream.streams.draw_hook import forms
from nbstream.streams.saving import save
from nbstream.streams.state import OutputT, StreamState

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path


class StreamResults(StreamState[OutputT]):
    """The results of a stream that a cell works on with."""

    @property
    def codes(self) -> list[str]:
        r"""The fenced code blocks of the text so far, in order, without their fences.

        >>> stream = nbstream.stream(ScriptedModel("Run:\n```python\nprint(1)\n```"), "How?")
        >>> stream.get_final_message() and stream.codes
        ['print(1)\n']
        """
        from markdown_it import MarkdownIt

        tokens = MarkdownIt("commonmark").parse(self.text)
        return [token.content for token in tokens if token.type == "fence"]

    @property
    def code(self) -> str:
        """All code blocks of the text so far in one text, a blank line between two."""
        return "\n".join(self.codes)

    @property
    def df(self) -> Any:
        """The typed output so far as a DataFrame: of pandas, else of Polars.

        A list of objects has a row for each, and its type's fields as columns; those of a row that
        have not come are empty.

        >>> from pydantic import BaseModel
        >>> class Person(BaseModel):
        ...     name: str
        >>> model = ScriptedModel('[{"name": "Ada"}, {"name": "Alan"}]')
        >>> stream = nbstream.stream(model, "Who?", output_type=list[Person])
        >>> stream.wait() and list(stream.df["name"])
        ['Ada', 'Alan']

        Raises:
            UsageError: the answer has no type, or neither pandas nor Polars is installed.
            OutputError: the answer is whole and not of the type.
        """
        with TRACEBACK_END:
            return data_frame(self.output, self._output_kind)

    @property
    def html(self) -> str:
        """The answer so far as static HTML, safe to keep: as a saved notebook shows it.

        >>> stream = nbstream.stream(ScriptedModel("*Hello.*"), "hi")
        >>> stream.wait() and "<em>Hello.</em>" in stream.html
        True
        """
        return forms(self)["text/html"]

    def forms(self) -> dict[str, str]:
        """The answer so far as a saved notebook keeps it: HTML, Markdown and text, by media type.

        >>> sorted(nbstream.stream(ScriptedModel("Hello."), "hi").forms())
        ['text/html', 'text/markdown', 'text/plain']
        """
        return forms(self)

    def _shown_forms(self) -> dict[str, str]:
        """``forms`` for a cell, whose output has them from now on."""
        return forms(self, shown=True)

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the answer so far to a file; the path's ending says how. Returns the path.

        ``.html``, ``.md`` and ``.txt`` are the answer as a saved notebook shows it, ``.json``
        its messages, ``.csv`` a typed list of objects. Another ending, such as ``.png``, is
        that of the answer's first file of this type.

        >>> import os, tempfile
        >>> stream = nbstream.stream(ScriptedModel("*Hello.*"), "hi")
        >>> stream.wait()
        True
        >>> path = stream.save(os.path.join(tempfile.mkdtemp(), "answer.md"))
        >>> path.read_text()
        '*Hello.*'

        Raises:
            UsageError: the answer has nothing of that type.
            OSError: the file cannot be written.
        """
        with TRACEBACK_END:
            return save(self, path)
