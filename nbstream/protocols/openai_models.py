"""Which of OpenAI's models take a schema for their answer.

Source: https://platform.openai.com/docs/guides/structured-outputs: those from
gpt-4o-mini and gpt-4o-2024-08-06 on. Every newer model does, so the old ones
are named and not the new.
"""

from __future__ import annotations

import re

_OLDER = re.compile(
    r"gpt-3|gpt-4($|-\d|-turbo|-32k|-vision|-preview)|gpt-4o-2024-05-13|chatgpt-4o|o1-(mini|preview)"
)


def takes_schemas(model: str) -> bool:
    """Whether ``model`` takes a JSON schema; one of another name is taken to."""
    return not _OLDER.match(model.rpartition("/")[2].lower())
