"""Encodes the body of an HTTP request as JSON."""

from __future__ import annotations

import json
from typing import Any

from nbstream.core.surrogates import paired
from nbstream.errors import UsageError


def encode_json(body: Any) -> bytes:
    """``body`` as compact JSON in UTF-8.

    An unpaired surrogate, as in a prompt that was cut inside a character, becomes U+FFFD,
    as in a browser: UTF-8 cannot encode it.

    Raises:
        UsageError: ``body`` holds something that JSON cannot represent.
    """
    try:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        reason = str(error)
    else:
        return paired(text).encode()
    raise UsageError(
        f"The request cannot be written as JSON: {reason}.",
        remedy="Use only strings, finite numbers, booleans, None, lists and dicts.",
    )
