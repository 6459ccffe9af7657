"""The settings of ``%%llm``: for the session, and in a file of the user's for all sessions.

A setting is looked up in the options of the cell, the session, the environment and the file, in
this order.
"""

from __future__ import annotations

import difflib
import os
from argparse import ArgumentTypeError
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from nbstream.cassette import active_cassette
from nbstream.chat.database import VARIABLE as CHATS_VARIABLE
from nbstream.core.hidden import SECRET_NAME
from nbstream.errors import UsageError
from nbstream.magics.config_file import path, saved, write
from nbstream.magics.options import LEVELS, reasoning
from nbstream.providers.models import find_model

if TYPE_CHECKING:
    from collections.abc import Callable


class Setting(NamedTuple):
    """One setting: how its text is read, and what it is for."""

    parse: Callable[[str], Any]
    help: str
    variable: str = ""
    """The environment variable that sets it too."""
    parameter: str = ""
    """The keyword of ``stream()`` that it is the default of."""


def _model(text: str) -> str:
    cassette = active_cassette()
    find_model(text, lazily=cassette is not None and cassette.replays)
    return text


def _dollars(text: str) -> float:
    amount = float(text.strip().removeprefix("$"))
    if not 0 <= amount < float("inf"):
        raise ValueError
    return amount


SETTINGS = {
    "model": Setting(_model, "the model of cells without -m", "NBSTREAM_MODEL"),
    "system": Setting(str, "instructions for the model", parameter="system"),
    "temperature": Setting(float, "0 is steady, 1 is lively", parameter="temperature"),
    "max_tokens": Setting(int, "the longest answer, in tokens", parameter="max_tokens"),
    "thinking": Setting(reasoning, LEVELS, parameter="reasoning"),
    "budget": Setting(_dollars, "the most that a session may spend, in dollars"),
    "timeout": Setting(float, "the longest silence, in seconds", parameter="timeout"),
    "chats": Setting(str, "the chats' file, or off", CHATS_VARIABLE),
}


@dataclass(slots=True)
class Config:
    """The settings of this process; ``session`` holds those that ``%llm config`` set."""

    session: dict[str, Any] = field(default_factory=dict)

    def get(self, name: str) -> tuple[Any, str]:
        """A setting's value and where it comes from; None and an empty text if it is not set.

        Raises:
            UsageError: the file cannot be read, or this value in it is not allowed.
        """
        if name in self.session:
            return self.session[name], "this session"
        variable = SETTINGS[name].variable
        if variable and os.environ.get(variable):
            return os.environ[variable], variable
        found = saved()
        _refuse_unknown(found)
        return (_from_file(name, found[name]), str(path())) if name in found else (None, "")

    @property
    def parameters(self) -> dict[str, Any]:
        """The defaults of ``stream()``'s keywords."""
        found = {one.parameter: self.get(name)[0] for name, one in SETTINGS.items()}
        return {name: value for name, value in found.items() if name and value is not None}

    def set(self, name: str, text: str, *, save: bool = False) -> None:
        """Set a setting for the session, and with ``save`` for all sessions; ``default`` unsets it.

        Raises:
            UsageError: no such setting, the value is not allowed, or the file cannot be written.
                Nothing was changed.
        """
        value = None if text == "default" else _parsed(name, text)
        if save:
            write(name, value)
        if value is None:
            self.session.pop(name, None)
        else:
            self.session[name] = value


config = Config()


def check(name: str) -> None:
    """Raise UsageError unless there is a setting of that name."""
    if name not in SETTINGS:
        if SECRET_NAME.search(name):
            raise UsageError("A key is no setting.", remedy="%llm key PROVIDER asks for it.")
        near = difflib.get_close_matches(name, SETTINGS, n=1)
        meant = f"Did you mean {near[0]}? " if near else ""
        raise UsageError(
            f"There is no setting called {name!r}.",
            remedy=f"{meant}There are: {', '.join(SETTINGS)}.",
        )


def _parsed(name: str, text: str) -> Any:
    check(name)
    try:
        value = SETTINGS[name].parse(text)
    except (ValueError, ArgumentTypeError):
        raise UsageError(
            f"{name} cannot be {text!r}.",
            remedy=f"It means: {SETTINGS[name].help}. %llm config {name} default unsets it.",
        ) from None
    if SETTINGS[name].parameter:
        from nbstream.request.keywords import check_value

        check_value(SETTINGS[name].parameter, value)
    return value


def _refuse_unknown(found: dict[str, Any]) -> None:
    """Raise UsageError if the file has a setting that does not exist."""
    for name in found:
        if name not in SETTINGS:
            raise UsageError(
                f"{path()} has an unknown setting {name!r}.",
                remedy=f"There are: {', '.join(SETTINGS)}.",
            )


def _from_file(name: str, value: Any) -> Any:
    """A value of the file, which a user may have written, read as ``%llm config`` reads it."""
    place = f"{name} in {path()}"
    remedy = f"Mend the file, or write %llm config --save {name} default."
    is_text = SETTINGS[name].parse in (str, _model)
    if isinstance(value, bool) or not isinstance(value, str if is_text else (str, int, float)):
        raise UsageError(f"{place} cannot be {value!r}.", remedy=remedy)
    if is_text:  # a model is looked up when it is asked: its key may be typed later
        return value
    try:
        return _parsed(name, str(value))
    except UsageError as error:
        raise UsageError(f"{place}: {error.text}", remedy=remedy) from None
