"""Other libraries' streams as streams of nbstream: ``from_stream()``.

A file for each library says which objects are its, and reads its items as events. No library is
imported: an object is known by the module of its class. Where a library gives its provider's own
events, nbstream's decoder of that protocol reads them.
"""

from nbstream.sources.foreign import from_stream

__all__ = ["from_stream"]
