"""An incremental JSON parser.

``Scanner`` implements the grammar and calls a ``Sink`` for each token.
``PartialJSON`` builds dicts, lists, strings and other values from those calls. The
cost of a piece does not depend on the text before it. No I/O.
"""

from nbstream.core.json.partial import PartialJSON
from nbstream.core.json.scanner import JSONSyntaxError, Scanner, Sink

__all__ = ["JSONSyntaxError", "PartialJSON", "Scanner", "Sink"]
