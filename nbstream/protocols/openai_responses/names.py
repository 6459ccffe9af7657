"""The metadata key of this protocol, and JSON inside JSON."""

from __future__ import annotations

import json
from typing import Any

KEY = "openai_responses"
"""The key in ``provider_metadata`` for what is sent back with the next request."""


def json_text(value: Any) -> str:
    """``value`` as JSON text, without ASCII escapes."""
    return json.dumps(value, ensure_ascii=False)
