"""Writes prompt text that asks for JSON of a schema, for requests that cannot hold the schema."""

from __future__ import annotations

import json
from typing import Any


def schema_prompt(schema: dict[str, Any]) -> str:
    """Instructions for the system prompt to answer in JSON of ``schema``."""
    text = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
    return (
        "Answer with one JSON object and nothing else: no explanation, no code fence. "
        f"It must match this JSON Schema:\n{text}"
    )
