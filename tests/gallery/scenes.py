"""The scenes of the gallery, by name: each kind of part, and each state that a reader may see.

A scene is a recording where one shows the case, and a script otherwise.
"""

from __future__ import annotations

import json

from nbstream import assistant_message, tool_message, user_message
from nbstream.core import events as ev
from nbstream.core.message import Citation, Message, ToolCallPart, ToolResultPart
from nbstream.errors import AuthenticationError
from tests.files import samples
from tests.gallery import forms, runs, texts
from tests.gallery.scene import (
    USAGE,
    Scene,
    builtin,
    call,
    picture,
    recorded,
    run_of,
    scripted,
    text,
    thinking,
)

PAGES = [
    {"url": "https://en.wikipedia.org/wiki/Fresnel_lens", "title": "Fresnel lens - Wikipedia"},
    {
        "url": "https://uslhs.org/fresnel-lens",
        "title": "The Fresnel Lens: A Century of Service to "
        "the Lighthouses of the World, with a title that does not end soon",
    },
    {"url": "https://www.trinityhouse.co.uk/north-foreland", "title": "North Foreland Lighthouse"},
]
WEATHER = {"city": "Bergen", "temperature": 7.5, "conditions": ["rain", "wind from the south-west"]}


def _failing_call() -> list[Message]:
    part = ToolCallPart("f1", "get_tide", '{"harbour": "Atlantis"}')
    result = ToolResultPart(
        "f1", "HarbourNotFound: no harbour 'Atlantis'", "get_tide", is_error=True
    )
    return [
        Message("assistant", (part,)),
        Message("tool", (result,)),
        assistant_message("There is no such harbour in the tables."),
    ]


def _conversation() -> list[Message]:
    first = ToolCallPart("w1", "get_weather", '{"city": "Oslo", "unit": "celsius"}')
    second = ToolCallPart("w2", "get_weather", '{"city": "Bergen", "unit": "celsius"}')
    return [
        assistant_message("I will look up both cities."),
        Message("assistant", (first, second)),
        tool_message(
            "w1", json.dumps({"city": "Oslo", "temperature": -2, "conditions": ["clear"]})
        ),
        tool_message("w2", json.dumps(WEATHER)),
        user_message("And is it wet?"),
        assistant_message("Oslo is **clear** at -2 °C; Bergen has rain at 7.5 °C, so take a coat."),
    ]


SCENES: dict[str, Scene] = {
    # Text
    "markdown": scripted(*text(0, texts.MARKDOWN), cut=0.62),
    "answer": recorded("ai--anthropic--anthropic-compaction-1", "anthropic", 0.6),
    "code-growing": scripted(*text(0, texts.LONG_CODE), ends=False, cut=0.95),
    "right-to-left": scripted(*text(0, texts.RIGHT_TO_LEFT), cut=0.6),
    # Thinking
    "thinking": scripted(
        *thinking(0, texts.THOUGHT), *text(1, "Rain in Bergen, and clear in Oslo."), cut=0.9
    ),
    "thinking-recorded": recorded(
        "fantasy--testanthropicthinking--claude-sonnet-4--thinking-streaming", "anthropic"
    ),
    "thinking-withheld": recorded(
        "rig--anthropic--messages-thinking--redacted-thinking-streaming", "anthropic", 0.4
    ),
    # Tools of the user
    "tools-parallel": scripted(
        *thinking(0, texts.THOUGHT[:200]),
        *text(1, "I will look up both cities."),
        *call(2, "get_weather", {"city": "Oslo", "unit": "celsius"}),
        *call(3, "get_weather", {"city": "Bergen", "unit": "celsius", "days": [1, 2, 3]}),
        cut=0.9,
    ),
    "tools-recorded": recorded("glm--multi-tool-streaming", "openai-chat", 0.9),
    "tool-nested": scripted(*call(0, "book_passage", forms.PASSAGE), cut=0.6),
    "tool-failed": run_of(_failing_call(), cut=0.5),
    "run": run_of(_conversation(), cut=0.75),
    "agent": Scene(runs.passage, 0.6, output_type=runs.Passage),
    "agent-calls": Scene(runs.passage, 0.3, output_type=runs.Passage, ends=False),
    "tool-approval": scripted(
        *call(0, "remove_file", {"path": "lights.csv"}),
        *call(1, "remove_file", {"path": "passages.csv"}),
        ev.StreamEnd("tool_call", USAGE),
        ev.FunctionToolCall(ToolCallPart("call_0", "remove_file")),
        ev.FunctionToolProgress("call_0", "remove_file", "2 of 5 copies"),
        ev.ApprovalRequest(ToolCallPart("call_1", "remove_file")),
        cut=1,
        ends=False,
    ),
    # Tools of the provider
    "search": recorded("test-anthropic-web-search-tool-stream", "anthropic", 0.35),
    "search-openai": recorded(
        "ai--azure--azure-web-search-preview-tool-1", "openai-responses", 0.6
    ),
    "search-running": scripted(
        *builtin(0, "web_search", {"query": "when was the Fresnel lens first lit"}),
        cut=0.6,
        ends=False,
    ),
    "citations": scripted(
        *builtin(
            0,
            "web_search",
            {"query": "when was the Fresnel lens first used in a lighthouse"},
            PAGES,
        ),
        *text(2, "The lens of Fresnel was first lit "),
        *text(3, "in the Cordouan lighthouse in 1823")[:-1],
        ev.CitationEvent(
            3,
            Citation(PAGES[0]["url"], PAGES[0]["title"], "first used in 1823 in Cordouan", start=0),
        ),
        ev.CitationEvent(3, Citation(PAGES[1]["url"], PAGES[1]["title"], start=0)),
        ev.TextEnd(3),
        *text(4, ", at the mouth of the Gironde. The last keeper left in 1998.")[:-1],
        ev.CitationEvent(4, Citation(PAGES[2]["url"], PAGES[2]["title"], start=0)),
        ev.TextEnd(4),
        cut=0.8,
    ),
    "code-run": recorded("ai--anthropic--anthropic-code-execution-20250825-1", "anthropic", 0.3),
    "code-run-openai": recorded(
        "test-openai-responses-code-execution-return-image-stream", "openai-responses", 0.6
    ),
    "fetch": recorded("test-anthropic-web-fetch-tool-stream", "anthropic", 0.4),
    "files-searched": recorded("ai--azure--openai-file-search-tool-1", "openai-responses", 0.3),
    "mcp": recorded("ai--openai--responses--openai-mcp-tool-1", "openai-responses", 0.3),
    "edits": scripted(
        *builtin(
            0,
            "text_editor_code_execution",
            {
                "command": "str_replace",
                "path": "/srv/lights.py",
                "old_str": "PERIOD = 20\nFLASHES = 4",
                "new_str": "PERIOD = 20.0\nFLASHES = 5",
            },
            {"is_file_update": True},
        ),
        *builtin(
            2,
            "apply_patch",
            {
                "type": "update_file",
                "path": "lights.py",
                "diff": "@@ -1,2 +1,2 @@\n-import lamp\n+from lamp import lens\n lens.turn()",
            },
        ),
        *builtin(3, "computer", {"action": "left_click", "coordinate": [240, 112]}),
        *text(4, "Both files are changed."),
        cut=0.3,
    ),
    "fallback": recorded("ai--anthropic--anthropic-fallback", "anthropic", 0.8),
    "compaction": recorded(
        "test-anthropic-compaction-usage-with-cache-streaming", "anthropic", 0.5
    ),
    "shell": recorded("ai--openai--responses--openai-shell-skills-1", "openai-responses", 0.7),
    # Files
    "picture": scripted(
        *builtin(0, "image_generation", {"prompt": "a lighthouse at dusk"}),
        ev.FileEvent(1, "image/png", picture(480, 300, 12), partial=True),
        ev.FileEvent(1, "image/png", picture(480, 300)),
        *text(2, "A lighthouse at dusk."),
        cut=0.42,
    ),
    "picture-recorded": recorded(
        "ai--azure--azure-image-generation-tool-1", "openai-responses", 0.5
    ),
    "files": scripted(
        *text(0, "Three files, one of which is elsewhere."),
        ev.FileEvent(1, "text/csv", b"a,b\n" * 3000, filename="lights.csv"),
        ev.FileEvent(2, "image/png", url="https://cdn.example.org/pictures/1.png"),
        ev.FileEvent(3, "audio/wav", samples.wav(8000), filename="fog-signal.wav"),
        ev.FileEvent(
            4,
            "application/pdf",
            b"%PDF-1.4 ",
            filename="a-very-long-name-of-a-report-about-all-the-lights-of-the-coast.pdf",
        ),
        streams=False,
    ),
    # Ends
    "refusal": recorded("responses-streaming-refusal-delta-surfaces", "openai-responses", 0.7),
    "refusal-anthropic": recorded("streaming--refusal-response", "anthropic", streams=False),
    "error": scripted(
        *text(0, "A lighthouse is a tower with a bright light at the top, built where"),
        AuthenticationError(
            "401 Unauthorized: the key in OPENAI_API_KEY is not valid.",
            remedy="Make a new key, restart the kernel, and set it:\nexport OPENAI_API_KEY=…",
        ),
        streams=False,
    ),
    "error-recorded": recorded(
        "test-tool-use-failed-error-streaming-with-text", "openai-chat", streams=False
    ),
    "cut-off": scripted(
        *text(0, "A lighthouse is a tower with a bright"),
        ev.StreamEnd("length", USAGE),
        streams=False,
    ),
    "retry": scripted(
        *text(0, "A light")[:-1],
        ev.Retry(1, "The connection broke off.", 1.0),
        *text(0, "A lighthouse is a tower."),
        cut=0.42,
    ),
    # Structured output
    "object": scripted(*text(0, json.dumps(forms.LIGHT)), cut=0.35, output_type=forms.Light),
    "table": scripted(
        *text(0, json.dumps({"lights": forms.LIGHTS})), cut=0.6, output_type=forms.Lights
    ),
    "rows": scripted(*text(0, json.dumps(forms.LIGHTS)), cut=0.6, output_type=list[forms.Light]),
    "object-invalid": scripted(
        *text(0, json.dumps(forms.WRONG)), streams=False, output_type=forms.Light
    ),
    "object-union": scripted(*text(0, json.dumps(forms.WAY)), cut=0.55, output_type=forms.Passage),
    "object-hebrew": scripted(
        *text(0, json.dumps(forms.STATION, ensure_ascii=False)), cut=0.6, output_type=forms.Station
    ),
    "object-awaited": scripted(
        *thinking(0, texts.THOUGHT[:200]), cut=0.8, ends=False, output_type=forms.Light
    ),
    "object-lenient": scripted(
        *text(
            0,
            "Here it is:\n```json\n{name: 'Kullen', 'height': 78.5, colour: \"red\","
            " rhythm: {flashes: 5, period: 20,},}\n```",
        ),
        streams=False,
        output_type=forms.Light,
    ),
    "table-long": scripted(
        *text(0, json.dumps(forms.LONG), 400), cut=0.8, output_type=list[forms.Light]
    ),
    # Waiting
    "connecting": Scene(list, ends=False),
    "waiting": Scene(lambda: [ev.StreamStart(model="gallery")], cut=1, ends=False),
    "progress": scripted(ev.Progress("rendering", 0.4), cut=0.67, ends=False),
}
