"""Builds dicts, lists and strings from JSON that arrives in pieces."""

from __future__ import annotations

from typing import Any

from nbstream.core.json.atoms import value_of
from nbstream.core.json.scanner import JSONSyntaxError, Scanner

Path = tuple[str | int, ...]


class PartialJSON:
    """The value of the JSON text so far.

    Numbers and literals appear when they are complete, strings from their opening
    quote. Of two equal keys the last one counts, as in ``json``.
    """

    def __init__(self) -> None:
        self._values = _Values()
        self._scanner = Scanner(self._values)

    def feed(self, text: str) -> None:
        """Read more text.

        Raises:
            JSONSyntaxError: the text is not the start of any JSON value, or something
                other than white space follows the value.
        """
        rest = self._scanner.feed(text)
        if rest and (beyond := rest.lstrip(" \t\n\r")):
            where = self._scanner.position + len(rest) - len(beyond)
            raise JSONSyntaxError(f"After the value there is {beyond[:20]!r}", where)
        self._scanner.position += len(rest)

    def end(self) -> None:
        """End the text.

        Raises:
            JSONSyntaxError: the value is incomplete.
        """
        self._scanner.end()

    @property
    def value(self) -> Any:
        """The value so far; None before anything has arrived.

        It is the growing value itself: later text changes it.
        """
        return self._values.value()

    def snapshot(self) -> Any:
        """The value so far, as a copy that later text does not change.

        Only open containers are copied; complete ones are shared.
        """
        return self._values.snapshot()

    @property
    def complete(self) -> bool:
        """Whether the value is complete. A number at the top level is only after ``end()``."""
        return self._scanner.done

    @property
    def path(self) -> Path:
        """The keys and indices of the value that is being written.

        Every value whose path is not the beginning of this one is complete. Empty
        before anything has arrived and while the root itself is written.
        """
        return self._values.path(inside=self._scanner.inside_string)

    def is_complete(self, *path: str | int) -> bool:
        """Whether the value at ``path``, which has arrived, is complete."""
        return self.complete or (path != () and self.path[: len(path)] != path)


class _Values:
    """The sink that builds values."""

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
        """Append the new pieces to the open string.

        CPython appends to a string in place if the local name is its only reference
        (``unicode_concatenate``), so the container's reference is removed first.
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
