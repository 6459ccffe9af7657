"""``%llm config``: shows and changes the settings."""

from __future__ import annotations

from nbstream.magics.config import SETTINGS, check, config, path

_SAVE = "--save"


def settings(*words: str) -> None:
    """Print all settings or one, or set one: ``[--save] [NAME [VALUE ...]]``.

    Raises:
        UsageError: no such setting, or a value that is not allowed.
    """
    save = _SAVE in words
    name, *value = [word for word in words if word != _SAVE] or [""]
    if not name:
        for one in SETTINGS:
            _show(one)
        print(f"--save writes to {path()}")  # noqa: T201
        return
    check(name)
    if value:
        config.set(name, " ".join(value), save=save)
    _show(name)


def _show(name: str) -> None:
    value, place = config.get(name)
    shown = SETTINGS[name].help if value is None else f"{value} ({place})"
    print(f"{name:12} {'-  ' if value is None else ''}{shown}")  # noqa: T201
