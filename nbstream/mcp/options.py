"""``Options``: what the user said about one MCP server, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

_PREFIX = re.compile(r"[A-Za-z0-9_-]{1,32}")


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of one server.

    ``only`` and ``exclude`` are names of tools as the server has them; ``only`` is None for all.
    ``requires_approval`` is True, False or the names of tools. ``open`` makes the transport.
    """

    name: str
    open: Callable[[], Any] = field(repr=False)
    prefix: str
    only: frozenset[str] | None
    exclude: frozenset[str]
    requires_approval: bool | frozenset[str]
    timeout: float | None
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def needs_approval(self, tool: str) -> bool:
        """Whether a call of ``tool`` needs an approval."""
        rule = self.requires_approval
        return rule if isinstance(rule, bool) else tool in rule

    def has(self, tool: str) -> bool:
        """Whether the model gets ``tool``."""
        return (self.only is None or tool in self.only) and tool not in self.exclude


def options(  # noqa: D103 - its docstring would be that of the class
    name: str,
    open_transport: Callable[[], Any],
    secrets: tuple[str, ...],
    *,
    prefix: str | None,
    only: Any,
    exclude: Any,
    requires_approval: Any,
    timeout: Any,
) -> Options:
    given: Any = prefix
    if given is not None and not (isinstance(given, str) and _PREFIX.fullmatch(given)):
        raise UsageError(
            f"prefix= takes letters, digits, _ and -, not {prefix!r}.",
            remedy="Leave it out, or write prefix='files'.",
        )
    if timeout is not None and (
        isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not timeout > 0
    ):
        raise UsageError(f"timeout= takes a number of seconds above 0, not {timeout!r}.")
    approval = requires_approval
    return Options(
        name,
        open_transport,
        prefix or "",
        None if only is None else _names(only, "only="),
        _names(exclude, "exclude="),
        approval if isinstance(approval, bool) else _names(approval, "requires_approval="),
        timeout,
        secrets,
    )


def _names(given: Any, keyword: str) -> frozenset[str]:
    """Names of tools.

    Raises:
        UsageError: they are not.
    """
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, (list, tuple, set, frozenset)) or not all(
        isinstance(one, str) for one in names
    ):
        raise UsageError(f"{keyword} takes names of tools, not {given!r}.")
    return frozenset(names)
