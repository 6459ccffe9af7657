"""Reads the regular expressions of ``policy.json``."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources


@cache
def rule(name: str) -> re.Pattern[str]:
    """The compiled expression with this name."""
    # Without re.ASCII, a long s (U+017F) would be an "s".
    return re.compile(_expanded(name), re.IGNORECASE | re.ASCII)


def _expanded(name: str) -> str:
    """An expression with all that it names put in."""
    return re.sub(r"<(\w+)>", lambda found: _expanded(found[1]), _rules()[name])


@cache
def _rules() -> dict[str, str]:
    text = resources.files(__package__).joinpath("policy.json").read_text(encoding="utf-8")
    policy = json.loads(text)
    return {**policy["characters"], **policy["links"]}
