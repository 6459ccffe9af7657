"""The words for tools that a provider runs, such as "Searching the web" and "Searched the web".

The browser gets them with each call, and the static renderers read them here, so
both say the same. Also the words for what happens to a call of the user's own tools.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbstream.core.events import FunctionToolResult


@dataclass(frozen=True, slots=True)
class ToolLabel:
    """The words for one tool.

    >>> label("web_search").done
    'Searched the web'
    >>> label("get_forecast")
    ToolLabel(running='Calling', done='Called', many='', unit='', name='get_forecast')
    """

    running: str
    """While the tool runs; an ellipsis follows."""
    done: str
    """Afterwards."""
    many: str = ""
    """For several calls in a row, which are then shown as one; ``{}`` is their number."""
    unit: str = ""
    """What the tool finds, in the singular: it is counted."""
    name: str = ""
    """The tool's name, shown after ``running`` or ``done``, if those do not imply it."""


_SOURCE = "source"
_LABELS = [
    (
        r"(?:web|google|browser)_search(?!_exa)|search$|web_search_call|enterprise_web_search",
        ToolLabel("Searching the web", "Searched the web", "Searched the web {} times", _SOURCE),
    ),
    (r"x_\w*search", ToolLabel("Searching X", "Searched X", "Searched X {} times", _SOURCE)),
    (
        r"google_maps|maps_search",
        ToolLabel("Searching the map", "Searched the map", "Searched the map {} times", _SOURCE),
    ),
    (
        r"file_search|knowledge_search|collections_search|vertex_ai_search|retrieval",
        ToolLabel(
            "Searching the files", "Searched the files", "Searched the files {} times", _SOURCE
        ),
    ),
    (
        r"web_fetch|url_context|open_page|browse_page|visit",
        ToolLabel("Reading a page", "Read a page", "Read {} pages"),
    ),
    (r"text_editor|apply_patch", ToolLabel("Editing a file", "Edited a file")),
    (r"bash|shell|local_shell", ToolLabel("Running commands", "Ran commands")),
    (r"code_|program$|python$", ToolLabel("Running code", "Ran code")),
    (r"image_generation", ToolLabel("Drawing a picture", "Drew a picture")),
    (
        r"computer",
        ToolLabel("Using the computer", "Used the computer", "Used the computer, {} steps"),
    ),
    (r"tool_search", ToolLabel("Looking for tools", "Looked for tools", unit="tool")),
    (r"mcp_list_tools", ToolLabel("Listing tools", "Listed tools", unit="tool")),
    (r"mcp_approval", ToolLabel("Asking for approval", "Asked for approval")),
    (r"compaction", ToolLabel("Shortening the conversation", "Shortened the conversation")),
    (r"fallback$", ToolLabel("Changing the model", "Changed the model")),
    (r"container_upload", ToolLabel("Saving a file", "Saved a file")),
    (r"advisor$", ToolLabel("Asking another model", "Asked another model")),
]
_PATTERNS = [(re.compile(pattern), words) for pattern, words in _LABELS]


def label(tool_name: str) -> ToolLabel:
    """The words for a tool by its name."""
    for pattern, words in _PATTERNS:
        if pattern.match(tool_name):
            return words
    return ToolLabel("Calling", "Called", name=tool_name or "a tool")


_LANGUAGES = [
    (re.compile(r"bash|shell|local_shell"), "bash"),
    (re.compile(r"apply_patch"), "diff"),
    (re.compile(r"program$"), "javascript"),
    (re.compile(r"code_|python$"), "python"),
]


def language(tool_name: str) -> str | None:
    """The language of a tool's code as a fence's word, where the call itself does not tell."""
    return next((name for pattern, name in _LANGUAGES if pattern.match(tool_name)), None)


RUNNING, NEEDS_APPROVAL, NEEDS_ANSWER = "running", "needs approval", "needs an answer"
"""What happens to a call of one of the user's tools."""

WAITING, STOPPED = "waiting for a result", "stopped"
"""The state of a call without a result: of a whole answer, and of one that ended early."""

_DENIED = ("The user denied this call", "This call needs the user's approval")
"""How the results of calls begin that were not approved: what an agent gives the model."""
_CANCELLED = "The run was cancelled before this call had ended"
LEAST = 0.1  # seconds; a shorter time is not shown
_MAX_PROGRESS = 80  # characters


def progress(text: str) -> str:
    """The state of a call that has reported how far it is.

    >>> progress("2 of 5 pages")
    'running: 2 of 5 pages'
    """
    line = " ".join(text.split())
    return f"{RUNNING}: {line[:_MAX_PROGRESS]}" if line else RUNNING


def ended(output: str, *, is_error: bool, elapsed: float = 0.0) -> str:
    """The state of a call that has a result; ``elapsed`` is in seconds.

    >>> ended("sunny", is_error=False, elapsed=1.23), ended("no", is_error=True)
    ('done · 1.2 s', 'failed')
    """
    word = "done"
    if is_error:
        word = "failed"
        if output.startswith(_DENIED):
            return "denied"
        if output.startswith(_CANCELLED):
            return STOPPED
    return f"{word} · {elapsed:.1f} s" if elapsed >= LEAST else word


def of_result(event: FunctionToolResult) -> str:
    """The state of a call by the event of its result."""
    if event.is_retry:
        return "sent back"  # to the model, which may correct it
    output, is_error = event.result.output, event.result.is_error
    return ended(output, is_error=is_error, elapsed=event.elapsed)
