"""A request's body as JSON.

Knows what JSON cannot say: half characters, which are replaced as a browser
replaces them, and numbers and objects that it has no word for, which are
refused. Refuses to know what the body means.
"""

from __future__ import annotations

import json
from typing import Any

from nbstream.errors import UsageError


def as_json(body: Any) -> bytes:
    """``body``, as compact as can be.

    Half of a surrogate pair, which a prompt has where somebody cut a text apart,
    becomes U+FFFD; UTF-8 cannot carry it, and the rest of the prompt is good.

    Raises:
        UsageError: there is something in it that JSON cannot say.
    """
    try:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        said = str(error)
    else:
        try:
            return text.encode()
        except UnicodeEncodeError:
            return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
    raise UsageError(
        f"The request cannot be written as JSON: {said}.",
        remedy="Give texts, finite numbers, lists and dicts.",
    )
