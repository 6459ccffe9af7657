"""What each Claude model supports: its longest answer, ways to ask for thinking, sampling.

Sources: https://platform.claude.com/docs/en/about-claude/models/overview ("Max output"),
.../build-with-claude/thinking ("Configuring thinking"), .../build-with-claude/effort and
.../about-claude/models/migration-guide (sampling parameters).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(
    r"claude-(?:(?P<family>[a-z]+)-)?(?P<major>\d{1,2})(?:-(?P<minor>\d{1,2}))?(?!\d)"
    r"(?:-(?P<after>opus|sonnet|haiku))?"
)


@dataclass(frozen=True, slots=True)
class Claude:
    """What one Claude model supports.

    * ``max_output``: the most tokens of one answer, thinking included.
    * ``budget``: thinking may have a number of tokens (``thinking.budget_tokens``).
    * ``efforts``: the values of ``output_config.effort``; none where there is no such field.
    * ``adaptive``: thinking may be left to the model (``thinking.type`` ``adaptive``).
    * ``sampling``: ``temperature`` other than 1, ``top_p`` and ``top_k`` are taken.
    * ``off``: the ``type`` that turns thinking off; None where it is always on.
    """

    max_output: int
    budget: bool = True
    efforts: tuple[str, ...] = ()
    adaptive: bool = False
    sampling: bool = True
    off: str | None = "disabled"


_LOW_TO_HIGH = ("low", "medium", "high")
_LOW_TO_MAX = (*_LOW_TO_HIGH, "max")
_ALL = (*_LOW_TO_HIGH, "xhigh", "max")

_NO_THINKING = Claude(4_096, budget=False)
_4_5 = Claude(64_000)
_4_6 = Claude(128_000, efforts=_LOW_TO_MAX, adaptive=True)
# From Opus 4.7 on: "budget_tokens" and sampling parameters are answered with HTTP 400.
_4_7 = Claude(128_000, budget=False, efforts=_ALL, adaptive=True, sampling=False)
_ALWAYS_THINKS = Claude(
    128_000, budget=False, efforts=_ALL, adaptive=True, sampling=False, off=None
)

_MODELS = {
    "claude-opus-3": _NO_THINKING,
    "claude-sonnet-3": _NO_THINKING,
    "claude-haiku-3": _NO_THINKING,
    "claude-sonnet-3-5": Claude(8_192, budget=False),
    "claude-haiku-3-5": Claude(8_192, budget=False),
    "claude-sonnet-3-7": Claude(64_000),
    "claude-opus-4": Claude(32_000),
    "claude-opus-4-1": Claude(32_000),
    "claude-sonnet-4": Claude(64_000),
    "claude-sonnet-4-5": _4_5,
    "claude-haiku-4-5": _4_5,
    "claude-opus-4-5": Claude(64_000, efforts=_LOW_TO_HIGH),
    "claude-sonnet-4-6": _4_6,
    "claude-opus-4-6": _4_6,
    "claude-opus-4-7": _4_7,
    "claude-opus-4-8": _4_7,
    "claude-opus-5": _4_7,
    "claude-opus-5-5": _ALWAYS_THINKS,
    "claude-sonnet-5": _4_7,
    # It refuses "disabled" and names "between_tools" instead.
    "claude-sonnet-5-5": Claude(
        128_000, budget=False, efforts=_ALL, adaptive=True, sampling=False, off="between_tools"
    ),
    "claude-haiku-5-5": _4_7,
    "claude-fable-5": _ALWAYS_THINKS,
    "claude-fable-5-1": _ALWAYS_THINKS,
    "claude-fable-5-2": _ALWAYS_THINKS,
    "claude-mythos-preview": Claude(64_000, efforts=_ALL, adaptive=True, sampling=False, off=None),
    "claude-mythos-5": _ALWAYS_THINKS,
    "claude-mythos-5-1": _ALWAYS_THINKS,
    "claude-mythos-5-2": _ALWAYS_THINKS,
}

# A Claude that is not in the table. Every Claude since 4.5 can give 64,000 tokens. The API refuses
# a limit above the model's own, so the value is not higher. Other refusals are left to the API.
_NEWER = Claude(64_000, efforts=_ALL, adaptive=True)

OTHER = Claude(8_192)
"""A model of another maker behind this protocol.

Limits differ, and some servers refuse one above their own; 8,192 is what all of them can give.
"""


def claude(model: str) -> Claude:
    """What ``model`` supports, by its name at Anthropic, Bedrock, Vertex or a gateway.

    >>> claude("claude-opus-4-5-20251101").max_output
    64000
    >>> claude("us.anthropic.claude-3-7-sonnet-20250219-v1:0").max_output
    64000
    """
    name = model.lower().replace(".", "-").replace("@", "-")
    if "claude" not in name:
        return OTHER
    match = _NAME.search(name)
    if match is None:
        return next((row for key, row in _MODELS.items() if key in name), _NEWER)
    family = match["family"] or match["after"] or ""
    minor = "" if match["minor"] in (None, "0") else f"-{match['minor']}"
    return _MODELS.get(f"claude-{family}-{match['major']}{minor}", _NEWER)
