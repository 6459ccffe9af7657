"""``%llm config``: shows and changes the settings."""

from __future__ import annotations

from nbstream.errors import UsageError
from nbstream.magics.config import SETTINGS, check, config
from nbstream.magics.config_file import path

SAVE = "--save"


def settings(*words: str) -> None:
    """Print all settings or one, or set one: ``[--save] [NAME [VALUE ...]]``.

    Raises:
        UsageError: no such setting, or a value that is not allowed.
    """
    save = SAVE in words
    name, *value = [word for word in words if word != SAVE] or [""]
    if not name:
        for one in SETTINGS:
            try:
                _show(one)
            except UsageError as error:  # in the file: the others are shown all the same
                print(f"{one:12} {error.text}")  # noqa: T201
        print("%llm config NAME default unsets one.")  # noqa: T201
        print(f"%llm config --save NAME VALUE also writes to {path()}")  # noqa: T201
        return
    name = name.removeprefix("--").replace("-", "_")  # as the option of %%llm is written
    check(name)
    if value:
        config.set(name, " ".join(value), save=save)
    _show(name)
    if save and value:
        print(f"Written to {path()}, for all sessions.")  # noqa: T201


def _show(name: str) -> None:
    value, place = config.get(name)
    shown = SETTINGS[name].help if value is None else f"{value} ({place})"
    print(f"{name:12} {'-  ' if value is None else ''}{shown}")  # noqa: T201
