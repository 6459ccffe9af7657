"""Writes docs/parameters.md from the table of parameters in `nbstream/protocols/parameters.py`.

Also from the tables of servers (`quirks`) and of other libraries' names (`keywords`). The notes of
the document are written here.

Usage: `python scripts/parameters.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbstream.protocols.openai_chat import quirks
from nbstream.protocols.openai_chat.quirks import Quirks
from nbstream.protocols.parameters import PROTOCOL_TITLES, Refused, Special, table
from nbstream.request.keywords import FOREIGN, Keywords

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DOCUMENT = Path(__file__).parent.parent / "docs" / "parameters.md"

_ELSEWHERE = {
    "timeout": "seconds, or `Timeouts`; see below",
    "retries": "a whole number from 0",
    "thinking_tags": "True, False or a pair of tags",
}

_HEAD = """# Parameters

The keywords of `nbstream.stream()` that set how a model answers. Their names are the same for
every provider. The table has the field of the request's body that each becomes. Where it says
"refused", the protocol does not have it, and an error says so before anything is sent. None is the
same as not given.

This file is made from `nbstream/protocols/parameters.py` by `python scripts/parameters.py`.

"""

_NOTES = """
**max_tokens.** Without it an Anthropic request asks for as much as the model can give, because the
API requires a limit (`nbstream/protocols/anthropic/models.py`). The other protocols have a default
of their own.

**reasoning.** An effort, a number of tokens, or Anthropic's `thinking` dict (also as `thinking=`).
0, `"none"` and `{"type": "disabled"}` turn it off where the model allows that.

| | effort | tokens |
|---|---|---|
| Claude from 4.6 on | `thinking` adaptive, `output_config.effort` | Opus 4.6 and Sonnet 4.6 only |
| Claude Opus 4.5 | `output_config.effort` | `thinking.budget_tokens`, from 1,024 |
| Claude 3.7 to 4.5 | refused | `thinking.budget_tokens`, from 1,024 |
| OpenAI and most servers | the effort | refused |
| OpenRouter, AI Gateway | `reasoning.effort` | `reasoning.max_tokens` |
| DeepSeek | `thinking`, `reasoning_effort` | refused |
| Gemini from 3 on | `thinkingLevel` | `thinkingBudget` |
| Gemini 2.5 | `thinkingBudget` of 1,024, 8,192 or 24,576 | `thinkingBudget` |

Gemini, and Claude from Opus 4.7 on, are also asked to show a summary of their thinking. For OpenAI
it is `extra_body={"reasoning": {"summary": "auto"}}`. While it thinks, Claude takes
`temperature=1` only, `top_p` from 0.95 and no `top_k`, and with a number of tokens no forced tool;
from Opus 4.7 on it always takes `temperature=1` only, and no `top_p` and `top_k`.

**cache.** `True` asks for prompt caching where a provider must be asked: Anthropic (`"5m"` and
`"1h"` set how long), Claude by OpenRouter, and AI Gateway. OpenAI, Gemini 2.5 and later, and most
servers cache without being asked, so there `True` sends nothing. A string is OpenAI's
`prompt_cache_key` or the name of Gemini's cached content. `False` asks for nothing.

**thinking_tags.** Some servers leave a model's thinking in its text, between tags. `True` makes it
thinking: `<think>`, `<thinking>`, `<thought>`, `<reason>`, `<reasoning>`, `<seed:think>`,
`[THINK]`, and the marks of gpt-oss, Gemma 4, Command A, OpenThinker and Kimi VL. They count only
at the start of a text and after thinking, so a tag in the answer or in a code block is text. It is
the default at every provider but OpenAI, Anthropic and Google, and for every `base_url=`.
`thinking_tags=False` leaves the text as it came. `("<a>", "</a>")` are the tags of another model.

With some models only `</think>` comes, because the prompt template of the server has written
`<think>` already (DeepSeek R1 and its distills, QwQ, Qwen3 Thinking: vLLM without
`--reasoning-parser`, llama.cpp with `--reasoning-format none`). What has been shown as text is not
taken back, so by default it stays text. For such a server write `thinking_tags=("", "</think>")`:
the answer then begins inside thinking, unless the server sends thinking in a field of its own.
Without `</think>` all of the text is thinking.

Such thinking is sent back to the server only while it calls tools, between its tags before the
text, as the models' templates expect it; later it is left out.

**parallel_tool_calls** and **tool_choice** are sent only if there are tools.

**timeout.** A number of seconds is the longest silence: until the answer begins, and from one real
event to the next. Keep-alives are silence. `nbstream.Timeouts` sets each limit; None is none.

| `Timeouts` | limits the time | default | in a headless run |
|---|---|---|---|
| `connect` | until the connection is open | 10 s | 10 s |
| `first_byte` | from the request to the first byte of the body | 600 s | 600 s |
| `between` | from any bytes to the next ones; keep-alives count | 300 s | 300 s |
| `first_event` | from the request to the first real event | none | 1800 s |
| `between_events` | from one real event to the next | none | 900 s |
| `total` | for the whole answer, with retries, waits and downloads | none | 7200 s |
| `job` | for a whole job, such as a video, besides `total` | 1800 s | 1800 s |

A real event adds text, thinking, a part of a tool's call, a file or an end, or is a piece of a
large event that is still arriving. These are not real:

| protocol | keep-alives |
|---|---|
| all | comments (`: ping`), blank lines, blanks around JSON, an event that only starts something |
| Anthropic | `ping`, `message_start`, an empty delta |
| Chat Completions | a chunk with an empty `content`, without `choices`, or with the role only |
| Responses | `response.created`, `.queued`, `.in_progress`, `keepalive`, the steps of a tool |
| Gemini | a chunk without parts |

A headless run is one that nobody can stop by hand: nbclient, nbconvert and papermill, a process
with the variable `CI`, a script whose standard input is no terminal. `NBSTREAM_DISPLAY=live` and
`=static` override that.

Only waiting for the provider counts. A slow reader, a handler and code of yours that blocks
nbstream's event loop do not, nor does a computer that sleeps: then, and after it woke up, the
provider has five more seconds. A JSON body, an error's body, a poll and a download have the same
limits. What ends is a `ResponseTimeoutError` whose `limit` is the name of the limit and whose
`message` has what had arrived. It is not retried, except for `connect`: the model may be at work.
A retry, also one that the provider asked to wait for, is sent only if the wait ends within
`total`. Each retry has its own `first_byte` and `first_event`. Once the answer has its end, the
body's end is waited for two seconds and then missed silently.

**extra_body=** is merged into the body last, object by object; an object whose `type` differs
is replaced. **extra_headers=** and **extra_query=** are added to the request. They are not
checked against any table. Values that look like keys appear in no repr, error or traceback.
"""


def _cell(field: object) -> str:
    """A protocol's name of a parameter as a cell of the Markdown table."""
    if isinstance(field, Refused):
        return "refused"
    if isinstance(field, Special):
        return field.text if field.text.startswith("(") else f"`{field.text}`"
    return f"`{field}`"


def _rows(names: Mapping[str, Any]) -> Iterator[str]:
    """The rows of the table of parameters, one for each keyword."""
    for name, row in names.items():
        takes = row.check.takes if row.check else _ELSEWHERE[name]
        limits = "".join(
            f"; {PROTOCOL_TITLES[protocol]}: to {most:g}" for protocol, most in row.at_most.items()
        )
        fields = (row.anthropic, row.openai_responses, row.openai_chat, row.gemini)
        yield f"| `{name}` | {takes}{limits} | " + " | ".join(map(_cell, fields)) + " |"


def _servers() -> Iterator[str]:
    """The rows of the table of Chat Completions servers, one for each set of quirks."""
    for name, one in vars(quirks).items():
        if isinstance(one, Quirks) and name.isupper():
            lacks = ", ".join(f"`{parameter}`" for parameter in one.lacks)
            fields = {"max_tokens": one.limit, "seed": one.seed, "reasoning": one.effort}
            cells = ["refused" if key in one.lacks else f"`{fields[key]}`" for key in fields]
            yield f"| {name} | " + " | ".join(cells) + f" | {lacks} |"


def document() -> str:
    """The whole text of docs/parameters.md."""
    lines = [
        "| keyword | takes | Anthropic | OpenAI Responses | OpenAI Chat Completions | Gemini |",
        "|---|---|---|---|---|---|",
        *_rows(table(Keywords)),
        _NOTES,
        "## Servers of Chat Completions",
        "",
        "By the names in `nbstream/protocols/openai_chat/quirks.py`; STANDARD is a server of which",
        "nothing is known.",
        "",
        "| server | `max_tokens` | `seed` | `reasoning` | does not have |",
        "|---|---|---|---|---|",
        *_servers(),
        "",
        "## Other libraries' names",
        "",
        "They are refused, and the error says what to write.",
        "",
        "| here | elsewhere |",
        "|---|---|",
        *(
            f"| `{ours}` | {', '.join(f'`{one}`' for one in theirs)} |"
            for ours, theirs in FOREIGN.items()
        ),
    ]
    return _HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
