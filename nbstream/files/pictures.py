"""Pictures out of objects: PIL's images, matplotlib's figures and their like.

Knows such objects by what they can do, so that none of those libraries is
imported. Refuses to know what is drawn.
"""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO
from typing import Any

from nbstream.errors import UsageError


def png_of(given: Any) -> bytes | None:
    """``given`` as PNG; None if it is nothing that can be drawn.

    Raises:
        UsageError: it should have drawn itself, and failed.
    """
    try:
        return _drawn(given)
    except Exception as error:
        raise UsageError(
            f"The {type(given).__name__} could not be drawn as PNG: {error}",
            remedy="Save it to a file, and give that.",
        ) from error


def _drawn(given: Any) -> bytes | None:
    if isinstance(given, type):
        return None
    if callable(getattr(given, "savefig", None)):  # matplotlib.figure.Figure, pyplot itself
        buffer = BytesIO()
        # bbox_inches as Jupyter's own inline backend has it: what one saw is what is sent.
        given.savefig(buffer, format="png", bbox_inches="tight")
        return buffer.getvalue()
    figure = getattr(given, "figure", None)
    if callable(getattr(figure, "savefig", None)):  # matplotlib's Axes, seaborn's grids
        return _drawn(figure)
    if hasattr(given, "mode") and hasattr(given, "size") and callable(getattr(given, "save", None)):
        return _pil(given)
    if callable(draw := getattr(given, "_repr_png_", None)):  # whatever draws itself in a notebook
        return _bytes(draw())
    return None


def _pil(image: Any) -> bytes:
    buffer = BytesIO()
    # PNG knows no CMYK, YCbCr, LAB, HSV or F: https://pillow.readthedocs.io, "Concepts", "Modes".
    kept = image.mode in {"1", "L", "LA", "I", "I;16", "P", "RGB", "RGBA"}
    (image if kept else image.convert("RGB")).save(buffer, format="PNG")
    return buffer.getvalue()


def _bytes(drawn: Any) -> bytes | None:
    data = drawn[0] if isinstance(drawn, tuple) else drawn  # IPython allows metadata beside it,
    if isinstance(data, str):  # and its own Image gives base64
        data = b64decode(data)
    return data if isinstance(data, bytes) else None
