"""Plain values from JSON that arrives in pieces.

Knows how dicts, lists and strings grow. Refuses to know grammar, which is the
scanner's, and types.
"""

from __future__ import annotations

from typing import Any

from nbstream.core.json.atoms import value_of
from nbstream.core.json.scanner import JSONSyntaxError, Scanner

Path = tuple[str | int, ...]


class PartialJSON:
    """The value of the JSON text so far.

    Numbers and literals appear when they are whole, strings from their opening
    quote on. Of two equal keys the last counts, as with ``json``.
    """

    def __init__(self) -> None:
        self._values = _Values()
        self._scanner = Scanner(self._values)

    def feed(self, text: str) -> None:
        """Read more text.

        Raises:
            JSONSyntaxError: this cannot become JSON, whatever follows; or there
                is something other than white space after the value.
        """
        rest = self._scanner.feed(text)
        if rest and (beyond := rest.lstrip(" \t\n\r")):
            where = self._scanner.position + len(rest) - len(beyond)
            raise JSONSyntaxError(f"After the value there is {beyond[:20]!r}", where)
        self._scanner.position += len(rest)

    def end(self) -> None:
        """Say that no more text comes.

        Raises:
            JSONSyntaxError: the value is not whole.
        """
        self._scanner.end()

    @property
    def value(self) -> Any:
        """What has arrived; None before anything has.

        It is the growing value itself, not a copy: copy it to keep it as it is.
        """
        return self._values.value()

    def snapshot(self) -> Any:
        """What has arrived, as a value that later text does not change.

        Copies only what is still being written; what is whole is shared.
        """
        return self._values.snapshot()

    @property
    def complete(self) -> bool:
        """Whether the value is whole. A bare number is only after ``end()``."""
        return self._scanner.done

    @property
    def path(self) -> Path:
        """Where the text so far ends: keys and indices down to what is being written.

        A value whose path does not begin this path is complete. Empty before
        anything has arrived and when the root is written.
        """
        return self._values.path(inside=self._scanner.inside_string)

    def is_complete(self, *path: str | int) -> bool:
        """Whether the value at ``path``, which has arrived, is whole."""
        return self.complete or (path != () and self.path[: len(path)] != path)


class _Values:
    """The sink that builds."""

    def __init__(self) -> None:
        self._root: list[Any] = []
        self._containers: list[Any] = [self._root]
        self._keys: list[str] = [""]  # for each container that is a dict, its newest key
        self._pieces: list[str] = []

    def value(self) -> Any:
        self._join()
        return self._root[0] if self._root else None

    def snapshot(self) -> Any:
        twin: Any = self.value()
        above: Any = None
        for container, key in zip(self._containers[:0:-1], self._keys[:0:-1], strict=True):
            twin = container.copy()
            if above is not None:
                twin[-1 if isinstance(twin, list) else key] = above
            above = twin
        return twin

    def path(self, *, inside: bool) -> Path:
        steps = list(zip(self._containers, self._keys, strict=True))[1:]
        names = [key if isinstance(one, dict) else len(one) - 1 for one, key in steps]
        return tuple(names if inside else names[:-1])

    def _put(self, value: Any) -> None:
        here = self._containers[-1]
        if isinstance(here, list):
            here.append(value)
        else:
            here[self._keys[-1]] = value

    def _open(self, container: Any) -> None:
        self._put(container)
        self._containers.append(container)
        self._keys.append("")

    def open_object(self) -> None:
        self._open({})

    def open_array(self) -> None:
        self._open([])

    def key(self, name: str) -> None:
        self._keys[-1] = name

    def close(self) -> None:
        self._containers.pop()
        self._keys.pop()

    def open_string(self) -> None:
        self._put("")

    def more(self, piece: str) -> None:
        self._pieces.append(piece)

    def close_string(self) -> None:
        self._join()

    def atom(self, text: str) -> None:
        self._put(value_of(text))

    def _join(self) -> None:
        """Append the new pieces to the open string, in place where nobody else holds it.

        CPython grows a string without copying it if its only reference is the
        local name (``unicode_concatenate``); hence the slot is emptied first.
        """
        if not self._pieces:
            return
        here = self._containers[-1]
        slot = -1 if isinstance(here, list) else self._keys[-1]
        text: str = here[slot]
        here[slot] = None
        text += "".join(self._pieces)
        here[slot] = text
        self._pieces.clear()
