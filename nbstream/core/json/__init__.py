"""An incremental JSON parser.

``Scanner`` parses the grammar and reports tokens to a ``Sink``; ``PartialJSON`` builds dicts,
lists and strings from them. Each character is read once, so the cost of a piece does not
depend on what came before.
"""

from nbstream.core.json.partial import PartialJSON
from nbstream.core.json.scanner import JSONSyntaxError, Scanner, Sink

__all__ = ["JSONSyntaxError", "PartialJSON", "Scanner", "Sink"]
