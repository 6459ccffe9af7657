"""Recordings of each kind of part in a real JupyterLab, in their middle and at their end."""

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, expect

from tests.conftest import OpenNotebook, StartServer
from tests.gallery import pages
from tests.gallery.scenes import SCENES
from tests.recordings import FOLDER, MISSING

LINE = ".nbstream-builtin > summary"
STATE = ".nbstream-tool .nbstream-state"
THOUGHT = ".nbstream-thinking > summary"

Texts = dict[str, list[str]]
"""What the elements of each selector have, one text after the other; * is any text."""


@dataclass(frozen=True)
class Kind:
    """What a reader sees of a scene of the gallery."""

    during: Texts = field(default_factory=dict)
    after: Texts = field(default_factory=dict)


KINDS = {
    "thinking-recorded": Kind(
        {".nbstream-thinking[open] > summary": ["Thinking…*"], ".nbstream-tool": []},
        {
            THOUGHT: ["Thought"],
            ".nbstream-thinking[open]": [],
            ".nbstream-tool .nbjson-row": ["locationFlorence, Italy"],
            STATE: ["waiting for a result"],
        },
    ),
    "thinking-withheld": Kind(
        {".nbstream-thinking[data-empty] > summary": ["Thinking…*"]},
        {".nbstream-thinking[data-empty] > summary": ["Thought7 tokens"]},
    ),
    "tools-recorded": Kind(
        {".nbstream-tool-name": ["add"], STATE: ["writing arguments"]},
        {
            ".nbstream-tool-name": ["add", "multiply"],
            ".nbstream-tool[open] .nbjson-row": ["a2", "b3", "a2", "b3"],
            STATE: ["waiting for a result"] * 2,
        },
    ),
    "tool-failed": Kind(
        {},
        {
            ".nbstream-tool[open] .nbstream-failed": ["failed"],
            ".nbstream-output": ["HarbourNotFound: no harbour 'Atlantis'"],
        },
    ),
    "tool-approval": Kind({STATE: ["running: 2 of 5 copies", "needs approval"]}),
    "run": Kind(
        {STATE: ["done", "done"], ".nbstream-prompt": ["And is it wet?"]},
        {
            ".nbstream-tool[open]": [],
            ".nbstream-input": ["city: Oslo, unit: celsius", "city: Bergen, unit: celsius"],
            ".nbstream-text": ["I will look up both cities.", "Oslo is clear*"],
        },
    ),
    "search": Kind(
        {LINE: ["Searched the webtop world news today10 sources", "Search*"]},
        {
            LINE: [
                "Searched the webtop world news today10 sources",
                "Searched the webbreaking news headlines August 14 202510 sources",
            ],
            ".nbstream-builtin li:first-child .nbstream-source-host": [
                "www.cnn.com",
                "edition.cnn.com",
            ],
        },
    ),
    "search-running": Kind({LINE: ["Searching the web…when was the Fresnel lens first lit"]}),
    "code-run": Kind(
        {
            ".nbstream-builtin[open] > summary": ["Editing a file…/tmp/fibonacci.py"],
            ".nbstream-builtin .nbmd-code-language": ["Python"],
        },
        {
            LINE: ["Edited a file/tmp/fibonacci.py", "Ran commandspython /tmp/fibonacci.py"],
            ".nbstream-builtin .nbmd-code-language": ["Python", "Shell"],
            ".nbstream-builtin .nbstream-output": ["The 10th Fibonacci number is: 34*"],
        },
    ),
    "code-run-openai": Kind(
        {".nbstream-builtin[open] > summary": ["Running code…"]},
        {LINE: ["Ran code"], ".nbstream-builtin .nbmd-code-language": ["Python"]},
    ),
    "fetch": Kind(
        {LINE: ["Reading a page…*"]},
        {LINE: ["Read a pagehttps://ai.pydantic.dev1 source"]},
    ),
    "files-searched": Kind(
        {}, {LINE: ["Searched the filesWhat is an embedding model according to this document?*"]}
    ),
    "mcp": Kind(
        {},
        {
            LINE: ["Listed toolson dmcp · 2 tools", *["Calledweb_search_exa*5 sources"] * 2],
            ".nbstream-listed .nbstream-tool-name": ["web_search_exa", "get_code_context_exa"],
        },
    ),
    "fallback": Kind(
        {},
        {
            ".nbstream-builtin[data-empty] > summary": [
                "Changed the modelfrom: claude-fable-5, to: claude-opus-4-8"
            ]
        },
    ),
    "compaction": Kind({}, {LINE: ["Shortened the conversation"]}),
    "shell": Kind({}, {LINE: ["Ran commandsls -R*", "Ran commandssed -n*"]}),
    "edits": Kind(
        {},
        {
            LINE: [
                "Edited a file/srv/lights.py",
                "Edited a filelights.py",
                "Used the computeraction: left_click, coordinate: [240, 112]",
            ],
            ".nbstream-builtin .nbmd-code-language": ["Diff", "Diff"],
        },
    ),
    "picture": Kind(
        {LINE: ["Drawing a picture…prompt: a lighthouse at dusk"], ".nbstream-picture img": [""]},
        {LINE: ["Drew a pictureprompt: a lighthouse at dusk"], ".nbstream-picture img": [""]},
    ),
}


def check(output: Locator, texts: Texts) -> None:
    """What a cell shows is what a kind has."""
    for selector, wanted in texts.items():
        found = output.locator(selector)
        patterns = [
            re.compile("[^\0]*".join(map(re.escape, one.split("*"))) + "$") for one in wanted
        ]
        if patterns:
            expect(found).to_have_text(patterns)
        else:
            expect(found).to_have_count(0)


@pytest.mark.timeout(300)
@pytest.mark.skipif(not FOLDER.exists(), reason=MISSING)
def test_each_kind_in_its_middle_and_at_its_end(
    notebook: OpenNotebook, jupyter: StartServer
) -> None:
    during = [name for name, kind in KINDS.items() if kind.during and SCENES[name].streams]
    after = [name for name, kind in KINDS.items() if kind.after]
    page = notebook(
        [
            "from tests.gallery.play import play",
            *(f"play({name!r}, 'streaming')" for name in during),
            *(f"play({name!r}, 'finished')" for name in after),
        ],
        server=jupyter("lab", pages.SETTINGS),
    )
    page.run_all()
    for cell, name in enumerate(during, 1):
        output = page.output(cell)
        output.scroll_into_view_if_needed()
        check(output, KINDS[name].during)
        expect(output.locator('.nbstream[data-status="streaming"]')).to_be_visible()
    for cell, name in enumerate(after, 1 + len(during)):
        output = page.output(cell)
        output.scroll_into_view_if_needed()
        expect(output.locator('.nbstream[data-status="done"]')).to_be_visible()
        check(output, KINDS[name].after)
    assert page.errors == []
