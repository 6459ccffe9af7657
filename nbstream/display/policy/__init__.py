"""Which addresses may be links, when a link shows its host, and which characters are never raw.

The rules are data, ``policy.json``, which the browser's code reads too: see ``about`` in it.
"""

from nbstream.display.policy.characters import visible, visible_references
from nbstream.display.policy.links import (
    SafeLink,
    must_show_host,
    safe_link,
    web_address,
)
from nbstream.display.policy.markdown_links import install

__all__ = [
    "SafeLink",
    "install",
    "must_show_host",
    "safe_link",
    "visible",
    "visible_references",
    "web_address",
]
