"""The events of a stream, where users import them: ``from nbstream.events import TextDelta``.

The classes are defined in ``nbstream.core.events``.
"""

from nbstream.core.events import *  # noqa: F403 - the same names, all of them
from nbstream.core.events import __all__


def __dir__() -> list[str]:
    return __all__  # what Tab offers
