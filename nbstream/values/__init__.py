"""Describes Python values for a prompt: tables as Markdown, images as files, others as text.

``describe`` is what ``{{ value }}`` in a prompt becomes. ``describer`` adds the user's own types.
"""

from nbstream.values.description import describe
from nbstream.values.registry import describer

__all__ = ["describe", "describer"]
