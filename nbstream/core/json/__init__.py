"""An incremental JSON parser.

``Scanner`` implements the grammar and calls a ``Sink`` for each token.
``PartialJSON`` builds dicts, lists and strings from those calls. Each character
is read once: the cost of a piece does not depend on the text before it. No I/O.
``large`` parses a whole text, in steps short enough for other threads.
"""

from nbstream.core.json.partial import PartialJSON
from nbstream.core.json.scanner import JSONSyntaxError, Scanner, Sink

__all__ = ["JSONSyntaxError", "PartialJSON", "Scanner", "Sink"]
