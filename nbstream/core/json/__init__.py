"""An incremental JSON parser.

``Scanner`` implements the grammar and calls a ``Sink`` for each token. ``LenientScanner`` also
reads what models write in place of JSON, and ``repaired`` rewrites that as JSON; ``completed`` does
so with the beginning of a value. ``PartialJSON``
builds dicts, lists, strings and other values. The cost of a piece does not depend on the text
before it. ``large`` parses a whole text, in steps short enough for other threads. No I/O.
"""

from nbstream.core.json.lenient import LenientScanner
from nbstream.core.json.partial import PartialJSON, completed
from nbstream.core.json.repaired import repaired
from nbstream.core.json.scanner import JSONSyntaxError, Scanner, Sink

__all__ = [
    "JSONSyntaxError",
    "LenientScanner",
    "PartialJSON",
    "Scanner",
    "Sink",
    "completed",
    "repaired",
]
