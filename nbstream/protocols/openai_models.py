"""Which OpenAI models support a JSON schema for their answer.

Source: https://platform.openai.com/docs/guides/structured-outputs: all from gpt-4o-mini and
gpt-4o-2024-08-06 on. The list names the older models, because every newer one supports it.
"""

from __future__ import annotations

import re

_OLDER = re.compile(
    r"gpt-3|gpt-4($|-\d|-turbo|-32k|-vision|-preview)|gpt-4o-2024-05-13|chatgpt-4o|o1-(mini|preview)"
)


def takes_schemas(model: str) -> bool:
    """Whether ``model`` supports a JSON schema for its answer; True if the name is unknown."""
    return not _OLDER.match(model.rpartition("/")[2].lower())
