"""For each sample: what the model answers, what the sample prints, and what else it needs."""

import ast
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.harness.llm_scripts import blocks, say

HELLO = "Once upon a time there was a cell, and it answered."
TEA = {"product_name": "Green Tea", "price": 5.5, "quantity": 2}
FORECAST = {"phases": ["wake", "wave"], "eta": "never", "confidence": 9}
PLACE = {"location": "San Francisco", "unit": "celsius"}
FOUND = [{"type": "web_search_result", "url": "https://example.org", "title": "Example"}]


@dataclass(frozen=True)
class Case:
    """One sample: the model's script, and the output (or a check of it).

    `given` is code that defines the names that the sample assumes. `after` is code that runs after
    the sample and prints a value that the sample only assigns.
    """

    model: str
    printed: str | Callable[[str], bool]
    given: str = ""
    after: str = ""


def _model(script: str, messages: str = '[ai.user_message("Why?")]') -> str:
    return f'model = ai.get_model("anthropic/{script}")\nmessages = {messages}'


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


SEARCH = blocks(
    {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "x"}},
    {"type": "web_search_tool_result", "tool_use_id": "s1", "content": FOUND},
    _text("It is so."),
)
THOUGHT = blocks(
    {"type": "thinking", "thinking": "Five, seven, five.", "signature": "signed"},
    _text("A cell in the dusk."),
)
CALLED = blocks(
    _text("I look."), {"type": "tool_use", "id": "t1", "name": "get_weather", "input": PLACE}
)
MISSED = "status-400"

FILES = """
from nbstream.testing import ScriptedModel
model = ScriptedModel(
    ai.assistant_message(
        "Here.", ai.file_part(b"\\x89PNG\\r\\n\\x1a\\n0000", "image/png", "ship.png")
    )
)
messages = "Draw a ship."
"""


def _structured(printed: str) -> bool:
    """Growing values, then the order."""
    *growing, product, price, quantity = printed.splitlines()
    values = [ast.literal_eval(line) for line in growing]
    rest = [product, price, quantity]
    return (
        len(values) == -(-len(json.dumps(TEA)) // 7)
        and values[-1] == TEA
        and {"product_name": "Gre"} in values
        and rest == ["Product: Green Tea", "Price: $5.5", "Quantity: 2"]
    )


def _tool_use(printed: str) -> bool:
    """The tool's name, its growing input, and the complete input."""
    name, *growing, final = [line for line in printed.split("\n") if line]
    head = "Partial input: "
    values = [ast.literal_eval(line.removeprefix(head)) for line in growing]
    return (
        name == "Tool: get_weather"
        and all(line.startswith(head) for line in growing)
        and len(values) == -(-len(json.dumps(PLACE)) // 7)
        and {"location": "San Fra"} in values
        and values[-1] == PLACE
        and final == f"Final input: {PLACE}"
    )


def _metadata(printed: str) -> bool:
    first, headers, *rest = printed.split("\n")
    return (
        first == "Request ID: req_test"
        and headers.startswith("Response headers: ")
        and "'request-id': 'req_test'" in headers
        and rest == [HELLO, "", "Final token count: 11", ""]
    )


def _agent(script: str, settings: str = "") -> str:
    return f"q = 'Tell me.'\nagent = nbstream.Agent('anthropic/{script}'{settings})\n"


TOOLS = """
from nbstream.testing import ScriptedModel
from nbstream.events import FunctionToolCallEvent, FunctionToolResultEvent

def search(query: str) -> str:
    "Search."
    return f"found {query}"

call = nbstream.messages.ToolCallPart("c1", "search", '{"query": "X"}')
asks = nbstream.assistant_message("I look.", call)
q = "Search docs for X."
agent = nbstream.Agent(ScriptedModel(asks, "There is X."), tools=[search])

class logger:
    @staticmethod
    def info(what, **fields):
        print(what, fields)
"""
UI = """
class ui:
    shown = []
    append = shown.append

    @staticmethod
    def cancelled():
        return len(ui.shown) == 2

    @staticmethod
    def replace_area(text):
        ui.shown.append(text)

    render = replace_area
"""
CITY_CLASS = """
from pydantic import BaseModel
class City(BaseModel):
    name: str
    population: int
"""
METRICS = """
class metrics:
    seen = []
    observe = seen.append
"""
CITY = {"name": "Paris", "population": 2102650}


def _city(printed: str) -> bool:
    """Growing values, the last of them whole."""
    lines = printed.splitlines()
    return lines[-1] == "name='Paris' population=2102650"


def _protocol_events(printed: str) -> bool:
    lines = printed.splitlines()
    return (
        lines[0] == "[start part kind=text]"
        and "[start part kind=tool-call]" in lines
        and any(line.startswith("Δ TextDelta(") for line in lines)
        and [line for line in lines if line[0] in "→←"]
        == ['→ search({"query": "X"})', "← search = 'found X'"]
    )


def _nodes(printed: str) -> bool:
    *steps, end = printed.splitlines()
    first = ["> user prompt", "> model request", "> tool call/return step"]
    return steps == first and end.startswith("> done AgentRunResult(") and HELLO in end


CASES: dict[str, dict[str, Case]] = {
    "vercel": {
        "builtin_tools": Case("", f"web_search\n{FOUND}\nIt is so.", _model(SEARCH)),
        "files": Case("", "image/png ship.png\nimage/png\n", FILES),
        "final_message": Case(
            "",
            f"{HELLO}\n{HELLO} True 11\n",
            _model(say(HELLO)),
            "print()\nprint(message.text, text == message.text, usage.output_tokens)",
        ),
        "gateway_tool": Case("", "perplexity_search\n", after="print(tools[0].name)"),
        "generate": Case(
            "",
            "image/png True\n",
            'model = ai.get_model("google/imagen-4.0-generate-001")',
            "print(image.media_type, len(image.data) > 0)",
        ),
        "stream_text": Case(say(HELLO), HELLO + "\n"),
        "structured_output": Case(
            say(json.dumps(FORECAST)), f"{json.dumps(FORECAST)}{FORECAST['eta']}\n"
        ),
    },
    "anthropic": {
        "basic_async": Case(say(HELLO), HELLO),
        "basic_sync": Case(
            say(HELLO),
            f"{HELLO}\nend_turn {HELLO}\n",
            after="print()\nprint(message.stop_reason, message.content[0].text)",
        ),
        "errors_async": Case(say(HELLO), f"{HELLO}\n\nFinal message ID: msg_test\n"),
        "event_filtering": Case(
            THOUGHT,
            "\n\nContent block finished: thinking\nA cell in the dusk.\n\n"
            "Content block finished: text\n\n\nMessage complete!\n"
            "Stop reason: end_turn\nTokens used: 11\n",
        ),
        "manual_lifecycle": Case(say(HELLO), f"{HELLO}\n\nMessage ID: msg_test\n"),
        "metadata": Case(say(HELLO), _metadata),
        "structured": Case(say(json.dumps(TEA)), _structured),
        "text_stream": Case(say(HELLO), HELLO + "\n"),
        "thinking": Case(
            THOUGHT,
            "Thinking:\n---------\nFive, seven, five.\n\nText:\n-----\nA cell in the dusk.",
        ),
        "tool_use": Case(CALLED, _tool_use),
    },
    "pydantic_ai": {
        "cancel": Case(
            "", "2 True\n", _agent(say(HELLO)) + UI, "print(len(ui.shown), s.is_complete)"
        ),
        "cumulative": Case("", f"{HELLO}\n", _agent(say(HELLO)) + UI, "print(ui.shown[-1])"),
        "event_stream_handler": Case(
            "",
            f"{HELLO}\nStreamStart FinalResult\n",
            _agent(say(HELLO)) + METRICS,
            "print(result.output)\nprint(metrics.seen[0], metrics.seen[-1])",
        ),
        "fallback": Case(
            "",
            "True Paris\n",
            CITY_CLASS + _agent(say(json.dumps(CITY)), ", output_type=City") + UI,
            "print(final == last == ui.shown[-1], final.name)",
        ),
        "fastapi_sse": Case(
            say("one two three"),
            "data: one two\n\ndata:  three\n\nevent: done\ndata: {}\n\n\n",
            after="response = await stream_endpoint('hi')\n"
            "print(''.join([line async for line in response.body_iterator]))",
        ),
        "iter_nodes": Case("", _nodes, _agent(say(HELLO))),
        "minimal": Case(say(HELLO), f"{HELLO}\n---\nfinal: {HELLO}\n", after="await main()"),
        "run_stream_events": Case("", _protocol_events, TOOLS),
        "run_stream_sync": Case("", f"{HELLO}{HELLO}\n", _agent(say(HELLO)), "print(final)"),
        "structured": Case(say(json.dumps(CITY)), _city, after="await main()"),
        "tool_tracing": Case(
            "",
            "tool_call {'name': 'search', 'args': {'query': 'X'}}\n"
            "tool_result {'name': 'search'}\n",
            TOOLS,
        ),
        "usage": Case("", lambda printed: "output_tokens=11" in printed, _agent(say(HELLO))),
    },
}
