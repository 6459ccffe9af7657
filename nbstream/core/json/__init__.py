"""JSON that arrives in pieces, read as it arrives.

``Scanner`` knows the grammar and tells a ``Sink`` what it meets; ``PartialJSON``
is the sink that makes dicts, lists and strings of it. Each character is looked
at once, so that the work a piece costs does not grow with what came before it.
Refuses to know where the text comes from and which type it is meant to be.
"""

from nbstream.core.json.partial import PartialJSON
from nbstream.core.json.scanner import JSONSyntaxError, Scanner, Sink

__all__ = ["JSONSyntaxError", "PartialJSON", "Scanner", "Sink"]
