"""The settings of ``%%llm``: for the session, and in a file of the user's for all sessions.

A setting is looked up in the options of the cell, the session, the environment and the file, in
this order.
"""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nbstream.chat.store import VARIABLE as CHATS_VARIABLE
from nbstream.errors import UsageError
from nbstream.magics.options import reasoning
from nbstream.providers import get_model

if TYPE_CHECKING:
    from collections.abc import Callable

FILE_VARIABLE = "NBSTREAM_CONFIG"
"""The environment variable with the path of another file."""


class Setting(NamedTuple):
    """One setting: how its text is read, and what it is for."""

    parse: Callable[[str], Any]
    help: str
    variable: str = ""
    """The environment variable that sets it too."""
    parameter: str = ""
    """The keyword of ``stream()`` that it is the default of."""


def _model(text: str) -> str:
    get_model(text)
    return text


SETTINGS = {
    "model": Setting(_model, "the model of cells without -m", "NBSTREAM_MODEL"),
    "system": Setting(str, "instructions for the model", parameter="system"),
    "temperature": Setting(float, "0 is steady, 1 is lively", parameter="temperature"),
    "max_tokens": Setting(int, "the longest answer, in tokens", parameter="max_tokens"),
    "thinking": Setting(
        reasoning, "low, medium, high, a number of tokens, or off", parameter="reasoning"
    ),
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
            UsageError: the file cannot be read.
        """
        if name in self.session:
            return self.session[name], "this session"
        variable = SETTINGS[name].variable
        if variable and os.environ.get(variable):
            return os.environ[variable], variable
        saved = _saved(path(), _changed(path()))
        return (saved[name], str(path())) if name in saved else (None, "")

    @property
    def parameters(self) -> dict[str, Any]:
        """The defaults of ``stream()``'s keywords."""
        found = {one.parameter: self.get(name)[0] for name, one in SETTINGS.items()}
        return {name: value for name, value in found.items() if name and value is not None}

    def set(self, name: str, text: str, *, save: bool = False) -> None:
        """Set a setting for the session, and with ``save`` for all sessions; ``default`` unsets it.

        Raises:
            UsageError: no such setting, or the value is not allowed. Nothing was changed.
        """
        value = None if text == "default" else _parsed(name, text)
        if save:
            _write(name, value)
        if value is None:
            self.session.pop(name, None)
        else:
            self.session[name] = value


config = Config()


def check(name: str) -> None:
    """Raise UsageError unless there is a setting of that name."""
    if name not in SETTINGS:
        raise UsageError(
            f"There is no setting called {name!r}.", remedy=f"There are: {', '.join(SETTINGS)}."
        )


def _parsed(name: str, text: str) -> Any:
    check(name)
    try:
        return SETTINGS[name].parse(text)
    except ValueError:
        raise UsageError(
            f"{name} cannot be {text!r}.", remedy=f"It is {SETTINGS[name].help}."
        ) from None


def path() -> Path:
    """The file of the settings for all sessions; it need not exist."""
    if chosen := os.environ.get(FILE_VARIABLE):
        return Path(chosen).expanduser()
    from platformdirs import user_config_path

    return user_config_path("nbstream", appauthor=False) / "config.toml"


def _changed(file: Path) -> int:
    """When the file changed last, in nanoseconds; 0 if it does not exist."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


@cache
def _saved(file: Path, changed: int) -> dict[str, Any]:
    """The settings in the file."""
    if not changed:
        return {}
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}.", remedy="Mend or remove it.") from None
    for name in found:
        if name not in SETTINGS:
            raise UsageError(
                f"{file} has an unknown setting {name!r}.",
                remedy=f"There are: {', '.join(SETTINGS)}.",
            )
    return found


def _write(name: str, value: Any) -> None:
    """Write one setting to the file; None removes it. The file is replaced as a whole."""
    file = path()
    saved = {**_saved(file, _changed(file)), name: value}
    # A JSON text or number is one of TOML as well.
    lines = [f"{key} = {json.dumps(one)}\n" for key, one in saved.items() if one is not None]
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text("".join(lines), encoding="utf-8")
    fresh.replace(file)
