"""Answers with hostile texts in each kind of part, and the check of a page that shows them.

The given texts are read from ../shared/security, if it is there; `OWN` has more of each kind.
"""

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field

import nbstream
from nbstream import events as ev
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Citation,
    FilePart,
    Message,
    Part,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
)
from nbstream.streams import Stream
from nbstream.streams.replay import events_of
from nbstream.testing import ScriptedModel, stream_from_events

FOLDER = Path(__file__).parent.parent.parent.parent / "shared" / "security"

OWN = [
    "[mybank\u0660com](https://evil.test/) [mybank\u4e36com](https://evil.test/)",
    "[m\u043ebank.com](https://evil.test/ 'https://mybank.com') [\u0430.com](https://xn--80a.com)",
    "[a](http://localhost:9/x) [b](http://127.1/) [c](http://2130706433/) [d](//evil.test/x)",
    "[pay](mailto:a@evil.test?cc=b@evil.test) [x](mailto:a@evil.test,b@evil.test) <a@evil.test>",
    "\u202ethgir ot tfel\u202c \u2066a\u2069 \x1b[31mred\x1b[0m \x07\x08\x9b &#8238; &#x202e;",
    "za" + "\u0300\u0316\u0489\u20dd" * 200 + "lgo " + "\u0e01" + "\u0e4d" * 200,
    "| " + "wide | " * 60 + "\n|" + "-|" * 60 + "\n" + ("| " + "x" * 40 + " |") * 30,
    "W" * 3_000 + " a/" + "b/" * 500,
    "text\n\n\n<img src=http://evil.test/a onerror=window.__x=1>\n\n<script>window.__x=1</script>",
    "```\n\n\n![a](http://evil.test/a.png)\n\n</code></pre><img src=x onerror=window.__x=1>\n```",
    "</details></div><style>*{color:red!important}</style><a href='javascript:window.__x=1'>x</a>",
    "`" * 40 + "\n~~~\n> </blockquote>\n1. [x]: javascript:window.__x=1\n[x]",
    "$x$ $$\\unicode{x202e}\\class{jp-Cell}{a}$$ \\(\\href{//evil.test}{x}\\)",
    "mybank.com/[login](https://evil.test/) [my](https://evil.test/)bank.com [a](//evil.test)",
    "**mybank.**[com](https://evil.test/) `mybank.com/`[x](https://evil.test/)",
    "[x][r].bank.com mybank.com/[x][r]\n\n[r]: https://evil.test/ 'mybank.com'",
    "[a](http:/lab/x) [b](http:\\\\evil.test) [c](https:///evil.test) [d](\\\\evil.test) [e](/lab)",
    "[a](http://0177.0.0.1/) [b](http://0x7f000001/) [c](http://[::1]/) [d](http://3232235777/)",
    "[a](java\tscript:window.__x=1) [b](<java\nscript:1>) [c](blob:http://a/1) [d](vbscript:1)",
    "[a](data:text/html;base64,PHNjcmlwdD53aW5kb3cuX194PTE8L3NjcmlwdD4=) [b](view-source:x)",
    (
        "[x](https://\u043c\u043e\u0439.\u0440\u0444/) https://\u0430\u0440\u0440\u04cf"
        "\u0435.com <http://b\u00fcro.test>"
    ),
    "[my\u200bbank.com](https://evil.test) [x](https://my\u200bbank.com/) [x](http://a@evil.test/)",
    "hi\U000e0068\U000e0069 [a\ufe0f\ufe01.b](https://evil.test) \u2063\u2064 \ufff9a\ufffab\ufffb",
    "[a](mailto:a@evil.test?bcc=b@evil.test&body=x) x.[a@evil.test](mailto:a@evil.test).bank.com",
    "<div style='position:fixed;inset:0;width:9999px' class=jp-Cell id=x>cover</div>",
    "> " * 60 + "quoted\n\n" + "- " * 60 + "item\n\n" + "[" * 200 + "x](https://evil.test)",
    "**a _b ~~c " * 40 + "[x](https://evil.test)\n\n" + "#" * 9 + " x\n\n" + "1. " * 50,
    "\x1b]8;;http://evil.test\x07link\x1b]8;;\x07 \x1b[2J\x1b[31m\x9b31m\roverwritten\x1b(0",
    "$$\n\\frac{1}{2}\n\nno end, $5 and [x](https://evil.test) $6\n\n\\[\n\\href{//evil.test}{x}",
    "\\begin{align}x\\end{align}\\rule{999em}{999em} $\\bbox[9em]{x}$ $\\style{a:b}{x}$",
    "&lt;img src=x onerror=window.__x=1&gt; &#60;script&#62;window.__x=1&#60;/script&#62;",
    (
        "![a](https://evil.test/a.png 'x') ![b][p] [![c](https://evil.test/c.png)](https://evil.test/)"
        "\n\n[p]: https://evil.test/b.png"
    ),
    "<!--\n\n![x](http://evil.test/d.png)\n\n-->\n\n<?php\n\n?>\n<![CDATA[\n\n]]>\n<!DOCTYPE x>",
    (
        "<details open><summary>[mybank.com](https://evil.test)</summary>\n\n![x](http://"
        "evil.test/e.png)"
    ),
    "| [mybank.com](https://evil.test) | <img src=http://evil.test/f.png> |\n|-|-|\n| $\\url{x}$ |",
    "\"><img src=http://evil.test/q.png onerror=window.__x=1> ' onmouseover=window.__x=1 x='",
    (
        "[paypa\u0140com](https://evil.test/) [\u0430\u0440\u0440\u04cf\u0435\u0f0b\u0441"
        "\u043e\u043c](https://evil.test/)"
    ),
    "[a](https://mybank.com\u200b.evil.test/) https://mybank.com@evil.test/x [x](https:evil.test)",
    "[mybank](https://evil.test/)[.com](https://mybank.com) [mybank](https://evil.test)&#46;com",
    (
        "[mybank<sub>.</sub>com](https://evil.test/) [mybank<br>.com](https://evil.test/)"
        "[^x]\n\n[^x]: y"
    ),
    "[b]: https://evil.test/" + "x" * 3_000 + "\n\n" + "[b] ![b] " * 300,
    "| [my](https://evil.test/) | bank.com |\n|-|-|\n| mybank.com/ | [login](https://evil.test/) |",
    (
        "<summary>mybank.com/[x](https://evil.test/)</summary> <kbd>[a](//evil.test)</kbd"
        "><br/onload=x>"
    ),
    "$$\\begin{array}{"
    + "c" * 200
    + "}"
    + "&" * 199
    + "\\end{array}$$ $"
    + "{" * 29
    + "x"
    + "}" * 29
    + "$",
    (
        "$\\overbrace{\\overbrace{\\overbrace{x}}}^{a^{a^{a^{a^{a^{a}}}}}}$ $\\displaysty"
        "le\\frac{\\frac{\\frac{a}{b}}{c}}{d}$"
    ),
    (
        "a\u3164b\u115f\u1160c\u2800d\u180e\ufe0e\U000e0100\U000e0020 \u2065\u206a \u0600"
        "\u06dd \U0001d173"
    ),
    "\u2028[x](https://evil.test)\u2029\x85\x0b\x0c- a\x0c\n\n\x1e\x1f\x00",
    (
        "http://evil.test/\u202egnp.exe <http://evil.test/\u2066x> [x](http://evil.test/%"
        "E2%80%AEgnp.exe)"
    ),
    (
        "&lbrace;[x]&lpar;https://evil.test&rpar; &#x5b;y](https://evil.test) \\[z](javas"
        "cript:window.__x=1)"
    ),
    (
        '~~~mermaid\ngraph TD; A-->B; click A href "javascript:window.__x=1"\n~~~\n\n'
        "```html\n<script>window.__x=1</script>\n```"
    ),
    "{{ 7*7 }} ${7*7} <%= 7*7 %> {% raw %} :::{raw} html\n<script>window.__x=1</script>\n:::",
    (
        "[x](<https://evil.test/ a>) [y](https://evil.test/'onmouseover=window.__x=1) <ht"
        'tps://evil.test/">'
    ),
    (
        "\\newcommand{\\x}{y}\\x \\require{html} \\(\\x\\) \\begin{html}<b>\\end{html} "
        "\\input{/etc/passwd}"
    ),
]


def payloads() -> list[str]:
    """All hostile texts."""
    given = [
        one["markdown"]
        for path in sorted(FOLDER.glob("payloads*.json"))
        for one in json.loads(path.read_text(encoding="utf-8"))
    ]
    return [*given, *OWN]


def parts(text: str, number: int) -> list[Part]:
    """The text in each kind of part that a model sends."""
    call, search = f"call{number}", f"search{number}"
    source = {"url": f"https://evil.test/{number}", "title": text}
    arguments = {"query": text, text: {text: [text, 1]}}
    return [
        ThinkingPart(text),
        TextPart(text, (Citation(f"https://evil.test/c{number}", text, text, 0, 1),)),
        ToolCallPart(call, text, json.dumps(arguments)),
        BuiltinToolCallPart(search, "web_search", json.dumps(arguments)),
        BuiltinToolResultPart(search, "web_search", [source, {"url": text, "title": "x"}]),
        BuiltinToolCallPart(f"{search}b", text, json.dumps({"code": text, text: text})),
        BuiltinToolResultPart(f"{search}b", text, {"stdout": text, text: text}),
        FilePart("image/png", url=_address(text), filename=text),
        FilePart(text or "x/y", b"x", filename=text),
        RefusalPart(text),
    ]


def _address(text: str) -> str:
    return text if "://" in text else f"https://evil.test/{text}"


def streams(size: int = 16) -> list[Stream[Any]]:
    """Answers that together have all hostile texts; each fails with some of them as its error."""
    texts = payloads()
    found = []
    for at in range(0, len(texts), size):
        some = texts[at : at + size]
        message = Message(
            "assistant",
            tuple(part for number, text in enumerate(some, at) for part in parts(text, number)),
            model=" ".join(one[:80] for one in some)[:400],
            provider="test",
        )
        found.append(failing(message, "\n\n".join(one[:300] for one in some)))
    short = [one[:400] for one in texts]
    return [*found, typed(short), run(short)]


class Entry(BaseModel):
    """An object whose values are hostile."""

    name: str
    page: Annotated[str, Field(json_schema_extra={"format": "uri"})]
    words: list[str]
    others: dict[str, str]


class Answer(BaseModel):
    """A table and a list of hostile texts."""

    rows: list[Entry]
    words: list[str]


def typed(texts: list[str]) -> Stream[Any]:
    """A typed answer of hostile texts, as names of fields too, which then fails."""
    rows = [
        {"name": one, "page": _address(one), "words": [one], "others": {one: one}} for one in texts
    ]
    text = json.dumps({"rows": rows, "words": texts})
    events = list(events_of(Message("assistant", (TextPart(text),)), 200))
    error = nbstream.errors.ProviderError("The connection broke off.")
    return stream_from_events(events, error=error, output_type=Answer)


def run(texts: list[str]) -> Stream[Any]:
    """An agent's run: calls with reports, tracebacks and a run inside, a retry, and its failure."""
    calls = [ToolCallPart(f"r{at}", one, json.dumps({one: one})) for at, one in enumerate(texts)]
    results = [ToolResultPart(one.tool_call_id, one.tool_name, one.tool_name) for one in calls]
    inner = Message("assistant", (TextPart(texts[0]), *calls[:20]), model=texts[0], provider="test")
    first = Message("assistant", tuple(calls), model=texts[1], provider="test")
    events: list[ev.Event] = [
        *events_of(first, 200),
        *(ev.NestedEvent("r0", texts[0], one) for one in events_of(inner, 200)),
    ]
    for call, result in zip(calls, results, strict=True):
        name = call.tool_name
        events += [
            ev.FunctionToolCall(call),
            *(
                ev.FunctionToolProgress(call.tool_call_id, name, one)
                for one in (name, {name: name})
            ),
            ev.CustomEvent({name: name}, name, call.tool_call_id),
            ev.FunctionToolResult(result, 0.5, traceback=name),
        ]
    told = Message("tool", tuple(results))
    events += [
        ev.MessageEvent(told, message_index=1),
        *(ev.Retry(at, one, message_index=2) for at, one in enumerate(texts[:40], 1)),
    ]
    error = nbstream.errors.ProviderError("\n\n".join(texts[:9]))
    return stream_from_events(events, error=error)


def mapped() -> Any:
    """A map of hostile prompts, answers, errors and a hostile model's name, not started."""
    texts = [one[:400] for one in OWN[:40]]
    answers = [nbstream.errors.BadRequestError(one) if len(one) % 3 == 0 else one for one in texts]
    return nbstream.map(texts, ScriptedModel(*answers, name=texts[0]), concurrency=1)


def failing(message: Message, error: str) -> Stream[Any]:
    """A run of a message, the results of its calls and a prompt, which then fails."""
    calls = [one for one in message.parts if isinstance(one, ToolCallPart)]
    names = [one.tool_name for one in calls]
    results = [
        ToolResultPart(one.tool_call_id, {name: name}, name)
        for one, name in zip(calls, names, strict=True)
    ]
    others = [Message("tool", tuple(results)), Message("user", tuple(map(TextPart, names)))]
    events = [
        *events_of(message, 200),
        *(ev.MessageEvent(one, message_index=at) for at, one in enumerate(others, 1)),
    ]
    return stream_from_events(events, error=nbstream.errors.ProviderError(error))


AUDIT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
"""A JavaScript function that returns what should not be in an element that shows answers."""
