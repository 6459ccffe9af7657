"""Hides API keys inside the values that a user gives, also deep in dicts and lists.

A key is known by its name, by its form, or because it was given elsewhere. A verbose traceback
prints the variables of every frame. So a public function calls ``hidden`` on its arguments first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbstream.core.redact import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable

SECRET_NAME = re.compile(
    r"auth(?!or(?!iz))|cookie|credential|passw|secret|signature|token(?!s)|(?:^|[-_])key|apikey",
    re.IGNORECASE,
)
# In a header or a query: one long word with letters and digits, perhaps after "Bearer". In a
# body, where names of models look the same: the prefixes of the providers' keys.
LIKE_A_KEY = re.compile(r"(?:\w+ )?(?=\S*\d)(?=\S*[A-Za-z])[\w.~+/=:-]{20,}")
KEY = re.compile(
    r"(?:bearer .+|(?:sk|pk|gsk|xai|hf|ghp|pplx|AIza|ya29|eyJ)[\w.-]{16,})", re.IGNORECASE
)
# RFC 9110: the name of a header is a token.
HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

_LONGEST = 2_048  # characters of a key; longer texts are data
_DEEPEST = 100  # levels that are searched
_SHORTEST = 8  # characters of a given key that is looked for inside other texts


def hidden(
    value: Any, like: re.Pattern[str] = KEY, *, whole: bool = False, keys: Iterable[str] = ()
) -> Any:
    """``value`` with the API keys in it as ``Secret``. Without any, it is ``value`` itself.

    Never raises. Dicts and lists are copied where they change.

    Args:
        like: the form of a key.
        whole: hide every string, and every name that is no header's.
        keys: the keys that are known; a string that contains one is hidden.
    """
    known = tuple(key for key in keys if len(key) >= _SHORTEST)
    return _Hiding(like, known).field("", value, whole=whole, path=())


def is_secret(name: Any, value: str, like: re.Pattern[str], keys: tuple[str, ...] = ()) -> bool:
    """Whether a value looks like an API key, by its name or its form, or contains one."""
    if len(value) > _LONGEST:
        return False
    return bool(
        SECRET_NAME.search(str(name)) or like.fullmatch(value) or any(key in value for key in keys)
    )


class _Hiding:
    """One search; ``path`` is the ids of the containers around a value, to end at a circle."""

    def __init__(self, like: re.Pattern[str], keys: tuple[str, ...]) -> None:
        self._like, self._keys = like, keys

    def field(self, name: Any, value: Any, *, whole: bool, path: tuple[int, ...]) -> Any:
        """The value of the field ``name``."""
        if whole and isinstance(value, (bytes, bytearray)):  # as HTTP libraries have them
            value = bytes(value).decode("latin-1")
        if isinstance(value, str):
            secret = whole or is_secret(name, value, self._like, self._keys)
            return Secret(value) if secret else value
        if len(path) > _DEEPEST or id(value) in path:
            return value
        path = (*path, id(value))
        if isinstance(value, (list, tuple, set, frozenset)):
            return self._items(name, value, whole=whole, path=path)
        if isinstance(value, Mapping):
            return self._fields(value, whole=whole, path=path)
        return value

    def _items(self, name: Any, value: Any, *, whole: bool, path: tuple[int, ...]) -> Any:
        # A list under a secret name holds secrets: {"tokens_of_auth": [...]}.
        inside = whole or bool(SECRET_NAME.search(str(name)))
        try:
            rows = list(value)
            found = [self.field("", one, whole=inside, path=path) for one in rows]
            if all(new is old for new, old in zip(found, rows, strict=True)):
                return value
            kind = next(kind for kind in (list, tuple, set, frozenset) if isinstance(value, kind))
            return kind(found)
        except Exception:  # noqa: BLE001 - a class of the user may raise anything; it is reported later
            return value

    def _fields(self, value: Mapping[Any, Any], *, whole: bool, path: tuple[int, ...]) -> Any:
        try:
            rows = dict(value)
            found = {
                self._name(name, whole=whole): self.field(name, one, whole=whole, path=path)
                for name, one in rows.items()
            }
            pairs = zip(found.items(), rows.items(), strict=True)
            same = all(new[0] is old[0] and new[1] is old[1] for new, old in pairs)
        except Exception:  # noqa: BLE001 - as above
            return value
        return value if same else found

    def _name(self, name: Any, *, whole: bool) -> Any:
        """A field's name, which may be an API key by mistake."""
        if type(name) is not str:
            return name
        wrong = whole and not HEADER.fullmatch(name)
        return Secret(name) if wrong or self._like_a_key(name) else name

    def _like_a_key(self, name: str) -> bool:
        return len(name) <= _LONGEST and bool(KEY.fullmatch(name) or name in self._keys)
