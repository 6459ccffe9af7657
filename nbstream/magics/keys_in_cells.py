"""Refuses a cell that has an API key in it: the notebook would be saved with the key.

No error shows the key, or the line that has it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError as ShellUsageError

from nbstream.core.hidden import KEY, SECRET_NAME, is_secret
from nbstream.errors import UsageError
from nbstream.magics.options import OPTIONS, PARAM
from nbstream.providers.keys import split_user

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

IN_A_CELL = (
    "A key is typed when the command asks. One that stands in a cell is saved with it: remove it,"
    " and replace the key."
)
_ABOUT_KEYS = re.compile(r"%{0,2}(?:set[_-]?)?(?:api)?[_-]?keys?(?![^\W_])", re.IGNORECASE)
_LIKE_KEY = re.compile(r"(?=[^\s/]*\d|[^\s/]*-[^\s/]*-|sk-)[\w.=:-]{16,}")
_OWN = {name for option in OPTIONS for name in option.names}
_PARAMS = next(option.names for option in OPTIONS if PARAM in option.names)


def refuse_key_in_prompt(words: list[str]) -> None:
    """Refuse a prompt that is meant to be ``%llm key``, with a key that would be sent to a model.

    Raises:
        ShellUsageError: it begins like that command, and has a word that looks like a key.
    """
    if _ABOUT_KEYS.match(words[0]) and any(_LIKE_KEY.search(word) for word in words):
        raise ShellUsageError(f"This was not sent: it seems to hold a key.\n{IN_A_CELL}")


def refuse_keys_in_options(words: Sequence[str]) -> None:
    """Refuse options that have an API key: ``-p api_key``, a header of that kind, ``--api-key``.

    Raises:
        UsageError: there is one. It names the option or the field.
    """
    for at, word in enumerate(words):
        if getattr(word, "quoted", False):
            continue
        if word in _PARAMS:
            name, value = ("".join(words[at + n : at + n + 1]) for n in (1, 2))
            fields = [name] if _is_key(name, value) else list(_fields(value))
            if fields:
                raise _refusal(" ".join([word, *dict.fromkeys([name, *fields[:1]])]))
        option = word.partition("=")[0]
        if option.startswith("--") and option not in _OWN and SECRET_NAME.search(option[2:]):
            raise _refusal(option)


def _refusal(place: str) -> UsageError:
    """The error; ``place`` is the option and the field, without the key."""
    return UsageError(
        f"The key would be saved with the notebook: {place}.",
        remedy="Remove it; %llm key PROVIDER asks for it. If it was saved, get a new key.",
    )


def _is_key(name: str, value: str) -> bool:
    """Whether a parameter is an API key, or an address that has a password."""
    if "cache" in name.lower():  # the name of a prompt's cache
        return False
    if name == "base_url":
        return split_user(value)[2] is not None
    return bool(SECRET_NAME.search(name) or KEY.fullmatch(value))


def _fields(text: str) -> Iterator[str]:
    """The names of the fields of a JSON text that are API keys."""
    try:
        yield from _secret_fields(json.loads(text))
    except ValueError:  # a text
        return


def _secret_fields(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _secret_fields(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _secret_fields(inner, name)
    elif isinstance(value, str) and "cache" not in name.lower() and is_secret(name, value, KEY):
        yield name
