"""``Settings``: the arguments of an agent, checked. All its runs share them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Union

from nbstream.core.message import Message, TextPart
from nbstream.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.agent.approvals import Approve
    from nbstream.agent.toolset import Toolset
    from nbstream.providers import Model


@dataclass(slots=True)
class Settings:
    """The settings of one agent."""

    model: str | Model | None
    toolset: Toolset
    system: list[str | Callable[..., Any]]
    output_type: Any
    name: str
    retries: int
    output_retries: int
    max_steps: int
    approve: Approve
    params: dict[str, Any] = field(repr=False)
    validators: list[Callable[..., Any]] = field(default_factory=list)


def as_system(*given: Any) -> list[str | Callable[..., Any]]:
    """Instructions as a list: texts, and functions that return a text.

    Raises:
        UsageError: one is neither.
    """
    rows: list[Any] = []
    for one in given:
        rows += one if isinstance(one, (list, tuple)) else [one]
    found = [one for one in rows if one is not None]
    for one in found:
        if not isinstance(one, str) and not callable(one):
            raise UsageError(f"system= takes a text or a function that returns one, not {one!r}.")
    return found


def one_type(given: Any) -> Any:
    """An output type; a list of types is one of them.

    Raises:
        UsageError: the list is empty.
    """
    if not isinstance(given, (list, tuple)):
        return given
    if not given:
        raise UsageError("output_type= is an empty list.")
    return Union[tuple(given)]  # noqa: UP007 - of types that are known when this runs


def check_count(given: Any, name: str, least: int = 0) -> int:
    """A whole number, ``least`` or more.

    Raises:
        UsageError: it is none.
    """
    if isinstance(given, bool) or not isinstance(given, int) or given < least:
        raise UsageError(f"{name} takes a whole number, {least} or more, not {given!r}.")
    return given


def as_prompt(prompt: Any) -> Any:
    """A prompt: a text, a message, a part, or a list of texts and parts or of messages."""
    if isinstance(prompt, (list, tuple)) and not any(
        isinstance(one, (Message, dict)) for one in prompt
    ):
        return Message("user", tuple(_part(one) for one in prompt))
    return prompt


def _part(one: Any) -> Any:
    return TextPart(one) if isinstance(one, str) else one
