"""The file with the settings for all sessions: TOML, which users also edit by hand."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import tomllib
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from nbstream.errors import UsageError

FILE_VARIABLE = "NBSTREAM_CONFIG"
"""The environment variable with the path of another file."""


def path() -> Path:
    """The file; it need not exist."""
    if chosen := os.environ.get(FILE_VARIABLE):
        return Path(chosen).expanduser()
    from platformdirs import user_config_path

    return user_config_path("nbstream", appauthor=False) / "config.toml"


def saved() -> dict[str, Any]:
    """What the file holds; its values are not checked.

    Raises:
        UsageError: it cannot be read.
    """
    file = path()
    try:
        changed = file.stat().st_mtime_ns
    except OSError:
        return {}
    return _read(file, changed)


@cache
def _read(file: Path, changed: int) -> dict[str, Any]:
    """What the file holds since it changed last, at that time in nanoseconds."""
    del changed
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}.", remedy="Mend or remove it.") from None


def write(name: str, value: Any) -> None:
    """Write one setting to the file; None removes it. Comments and the order stay.

    The file is replaced as a whole, so another process never reads a half-written one. Where the
    path is a link, the file that it leads to is replaced.

    Raises:
        UsageError: the file cannot be read or written. It is as it was.
    """
    values = {**saved(), name: value}
    values = {key: one for key, one in values.items() if one is not None}
    file = path()
    try:
        target = file.resolve()
        text = _edited(target, name, values)
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, text)
    except (OSError, UnicodeEncodeError) as error:
        raise UsageError(
            f"{file} cannot be written: {getattr(error, 'strerror', None) or error}.",
            remedy="Without --save a setting counts for this session."
            f" {FILE_VARIABLE} in the environment names another file.",
        ) from None


def _edited(file: Path, name: str, values: dict[str, Any]) -> str:
    """The text of the file with another value of one setting."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    own = [at for at, line in enumerate(lines) if re.match(rf"\s*{name}\s*=", line)]
    at = own[0] if own else len(lines)
    lines[at : at + 1] = [_line(name, values[name])] if name in values else []
    edited = "".join(f"{line}\n" for line in lines)
    with suppress(tomllib.TOMLDecodeError):
        if tomllib.loads(edited) == values:
            return edited
    # The old value went over several lines, for example.
    return "".join(f"{_line(*row)}\n" for row in values.items())


def _line(name: str, value: Any) -> str:
    """One setting in TOML."""
    # JSON is TOML here, but for one control character and the halves of surrogate pairs.
    return f"{name} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")


def _replace(file: Path, text: str) -> None:
    """Replace a file, by one beside it that has a name of its own."""
    number, name = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.", suffix=".new")
    try:
        with os.fdopen(number, "w", encoding="utf-8") as fresh:
            fresh.write(text)
        if file.exists():
            shutil.copymode(file, name)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
