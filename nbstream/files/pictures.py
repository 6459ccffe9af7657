"""Converts objects that can draw themselves, such as PIL images and matplotlib figures, to PNG.

Objects are recognised by their methods, so that none of those libraries is imported.
"""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO
from typing import Any

from nbstream.errors import UsageError


def png_of(given: Any) -> bytes | None:
    """``given`` as PNG; None if it cannot draw itself.

    Raises:
        UsageError: drawing it failed.
    """
    try:
        return _drawn(given)
    except Exception as error:
        raise UsageError(
            f"The {type(given).__name__} could not be drawn as PNG: {error}",
            remedy="Save it to a file, and pass that.",
        ) from error


def _drawn(given: Any) -> bytes | None:
    """``png_of``, with the errors of the object's own method."""
    if isinstance(given, type):
        return None
    if callable(getattr(given, "savefig", None)):  # matplotlib.figure.Figure, pyplot itself
        buffer = BytesIO()
        # As Jupyter's inline backend does it, so that the model gets what the user saw.
        given.savefig(buffer, format="png", bbox_inches="tight")
        return buffer.getvalue()
    figure = getattr(given, "figure", None)
    if callable(getattr(figure, "savefig", None)):  # matplotlib's Axes, seaborn's grids
        return _drawn(figure)
    if hasattr(given, "mode") and hasattr(given, "size") and callable(getattr(given, "save", None)):
        return _pil(given)
    if callable(draw := getattr(given, "_repr_png_", None)):  # draws itself in a notebook
        return _bytes(draw())
    return None


def _pil(image: Any) -> bytes:
    buffer = BytesIO()
    # PNG has no CMYK, YCbCr, LAB, HSV or F: https://pillow.readthedocs.io, "Concepts", "Modes".
    kept = image.mode in {"1", "L", "LA", "I", "I;16", "P", "RGB", "RGBA"}
    (image if kept else image.convert("RGB")).save(buffer, format="PNG")
    return buffer.getvalue()


def _bytes(drawn: Any) -> bytes | None:
    """The PNG bytes in what ``_repr_png_`` returned."""
    data = drawn[0] if isinstance(drawn, tuple) else drawn  # IPython allows (data, metadata),
    if isinstance(data, str):  # and its own Image gives base64
        data = b64decode(data)
    return data if isinstance(data, bytes) else None
