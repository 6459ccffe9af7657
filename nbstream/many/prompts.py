"""``Prompts``: the prompts of a map: a list of them, or a template that is filled from a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Number
from typing import Any

from nbstream.core.message import FilePart, Message
from nbstream.core.shown import shown
from nbstream.errors import UsageError
from nbstream.messages import user_message
from nbstream.request.messages import messages_from
from nbstream.values.insertions import fill

_LIBRARIES = ("pandas", "polars", "pyarrow", "modin", "cudf", "narwhals")
_ITEM, _ROW = "item", "row"
"""What a template calls the item of a list, and the row of a table as a dict."""


class Prompts:
    """The prompts of a map, each made when its turn comes.

    Args:
        given: An iterable of prompts, each as ``messages=`` of ``stream()``; a DataFrame; a Series.
        template: The name of a column, or a prompt with ``{{ column }}``; None for a list.
        system: The instructions.

    Raises:
        UsageError: there is nothing to make prompts of, or the first one cannot be made.
    """

    def __init__(self, given: Any, template: str | None, system: Any) -> None:
        checked: Any = template
        if checked is not None and not isinstance(checked, str):
            raise UsageError(
                f"prompt= takes a text with {{{{ column }}}}, not {shown(template)}.",
                remedy="To make prompts with a function, pass them: [make(row) for row in rows].",
            )
        self._system = system
        self._template = template
        self.frame: Any = None
        """The DataFrame that the prompts come from, as narwhals has it; None without one."""
        self._columns: dict[str, list[Any]] = {}
        self._items: list[Any] = []
        table = _table(given)
        if table is None:
            self._items = _listed(given)
        elif hasattr(table, "columns"):
            self.frame = table
            self._take_columns()
        else:
            self._items = table.to_list()
        self._count = len(table) if table is not None else len(self._items)
        if self._count and not (self._template is None and _is_missing(self._items[0])):
            self.messages(0)  # so that a mistake in a template is told before anything is sent

    def __len__(self) -> int:
        return self._count

    def _take_columns(self) -> None:
        """Copy the columns that the prompts need: the table may change while the map runs."""
        names = list(self.frame.columns)
        template = self._template
        if template is None:
            if len(names) != 1 and "prompt" not in names:
                raise UsageError(
                    f"The DataFrame has {len(names)} columns, and none is named prompt.",
                    remedy='Say what to ask: prompt="Classify: {{ text }}", or prompt="text".',
                )
            template = self._template = "prompt" if "prompt" in names else names[0]
        if template in names:
            self._items = self.frame[template].to_list()
            self._template = None
            return
        if "{{" not in template:
            raise UsageError(
                f"The DataFrame has no column {shown(template)}.",
                remedy=f"Its columns: {', '.join(map(str, names[:20]))}."
                " A prompt with {{ column }} is filled for each row.",
            )
        every = _ROW in template
        self._columns = {
            name: self.frame[name].to_list() for name in names if every or str(name) in template
        }

    def messages(self, index: int) -> list[Message]:
        """The conversation for the prompt of that number.

        Raises:
            UsageError: it cannot be made.
        """
        given = self._prompt(index)
        if _is_missing(given):
            raise UsageError(
                "The prompt is missing.", remedy="Leave the row out, or write a prompt into it."
            )
        if isinstance(given, Number):
            around = "{{ item }}" if self.frame is None else "{{ column }}"
            raise UsageError(
                f"A prompt is a text, not {shown(given)}.",
                remedy=f'Put the value into one: prompt="... {around} ...".',
            )
        return messages_from(given, self._system)

    def text(self, index: int) -> str:
        """The prompt as text, or ``""`` if it cannot be made."""
        try:
            found = messages_from(self._prompt(index), None)
        except UsageError:
            return ""
        return "\n\n".join(one.text for one in found if one.role == "user")

    def _prompt(self, index: int) -> Any:
        if self._template is None:
            return self._items[index]
        if self._columns:
            row = {name: values[index] for name, values in self._columns.items()}
            return self._filled({_ROW: row, **row})
        item = self._items[index] if self._items else {}
        return self._filled({_ITEM: item, **(item if _is_row(item) else {})})

    def _filled(self, names: dict[str, Any]) -> Any:
        """The template with the values of ``names``."""
        assert self._template is not None
        try:
            found = fill(self._template, names)
        except UsageError as error:
            known = names if self.frame is None else [*self.frame.columns, _ROW]
            raise UsageError(
                error.text,
                remedy=f"The names in a prompt are: {', '.join(map(str, [*known][:20]))}. "
                "To send the braces as they are, write {{{{ and }}}}.",
            ) from error.__cause__
        return found if isinstance(found, str) else user_message(*found)


def _is_missing(item: Any) -> bool:
    """Whether a table or a list has no value there: None, NaN, or what pandas has for it."""
    if item is None or type(item).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(item, float) and item != item  # noqa: PLR0124 - NaN


def _is_row(item: Any) -> bool:
    return isinstance(item, Mapping) and all(isinstance(name, str) for name in item)


def _listed(given: Any) -> list[Any]:
    """The items of an iterable that is not itself one prompt."""
    single = isinstance(given, (str, bytes, Mapping, Message, FilePart))
    if single or not isinstance(given, Iterable):
        raise UsageError(
            f"map() takes many prompts, not {shown(given)}.",
            remedy="Pass a list of prompts, a DataFrame or a Series. stream() takes one prompt.",
        )
    return list(given)


def _table(given: Any) -> Any:
    """A DataFrame or Series as narwhals has it; None for anything else."""
    if type(given).__module__.partition(".")[0] not in _LIBRARIES:
        return None
    import narwhals as nw

    if isinstance(given, nw.DataFrame | nw.Series):
        return given
    try:
        found = nw.from_native(given, eager_only=True, allow_series=True, pass_through=True)
    except nw.exceptions.DuplicateError:
        raise UsageError(
            "Two columns of the DataFrame have one name.", remedy="Rename one of them."
        ) from None
    if not isinstance(found, nw.DataFrame | nw.Series):
        raise UsageError(
            f"map() cannot read a {type(given).__name__}: it is not in memory.",
            remedy="Compute or collect it first.",
        )
    return found
