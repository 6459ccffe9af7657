"""The few words that every file of this protocol shares.

Knows how this protocol signs what it keeps in ``provider_metadata``, and how it
writes JSON in JSON. Refuses to know what the fields mean.
"""

from __future__ import annotations

import json
from typing import Any

KEY = "openai_responses"
"""Under it stands, in ``provider_metadata``, what is sent back on the next turn."""


def json_text(value: Any) -> str:
    """A value as JSON text, text in any script kept readable."""
    return json.dumps(value, ensure_ascii=False)
