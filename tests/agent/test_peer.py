"""The same conversations by nbstream's agent and PydanticAI's, through aimock; and the CPU of both.

PydanticAI is in a folder of its own, which ``make test`` fills from locks/peer-pydantic-ai.txt.
"""

import asyncio
import dataclasses
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

import nbstream
from nbstream.testing import ScriptedModel
from tests.agent.conversations import PROMPTS, City, Hang, add, broken, picky_for
from tests.agent.scripts import calls
from tests.harness.aimock import AIMock
from tests.harness.background import run_async
from tests.live.wires import model

ROOT = Path(__file__).parents[2]
PEER = ROOT / ".venv" / "peers" / "pydantic-ai"
Rows = dict[str, Any]


def peer(*arguments: str) -> str:
    """What PydanticAI's side prints."""
    assert PEER.exists(), "no PydanticAI: `make .venv/.peers` installs it"
    command = [sys.executable, str(Path(__file__).parent / "peer.py"), *arguments]
    found = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(PEER)},
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


async def ours(url: str, name: str) -> Rows:
    """Nbstream's side of one conversation."""
    hang = Hang()
    agent: nbstream.Agent[Any, Any] = nbstream.Agent(
        model("openai_chat", url),
        tools=[add, picky_for(nbstream.ModelRetry), broken, hang.hang],
        system="Be brief.",
        output_type=City if name == "typed" else str,
    )
    task = asyncio.create_task(agent.run(f"agent: {name}"))
    if name == "cancel":
        await hang.begun.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return {"name": name, "output": "cancelled"}
    result = await task
    output = result.output
    return {
        "name": name,
        "output": dataclasses.asdict(output) if dataclasses.is_dataclass(output) else output,  # type: ignore[arg-type]
        "input_tokens": result.usage.input_tokens,
        "output_tokens": result.usage.output_tokens,
    }


async def all_ours(url: str) -> list[Rows]:
    return [await ours(url, name) for name in PROMPTS]


@pytest.fixture(scope="module")
def sides() -> dict[str, tuple[dict[str, Rows], dict[str, list[Rows]]]]:
    """The outcomes and the requests of each side, by conversation."""
    found = {}
    for side in ("ours", "theirs"):
        with AIMock() as aimock:
            if side == "ours":
                rows = run_async(all_ours(aimock.url))
            else:
                rows = [json.loads(line) for line in peer(aimock.url).splitlines()]
            journal = httpx.get(f"{aimock.url}/__aimock/journal").json()
        requests: dict[str, list[Rows]] = {}
        for entry in journal:
            prompt = next(one for one in entry["body"]["messages"] if one["role"] == "user")
            requests.setdefault(text_of(prompt).removeprefix("agent: "), []).append(entry["body"])
        found[side] = ({row["name"]: row for row in rows}, requests)
    return found


def text_of(message: Rows) -> str:
    """The text of a message on the wire, as one string."""
    content = message.get("content") or ""
    return content if isinstance(content, str) else "".join(one["text"] for one in content)


def gist(body: Rows) -> list[Any]:
    """What matters in a request: the tools, and each message without the wording of retries."""
    tools = [one["function"] for one in body.get("tools", ())]
    rows: list[Any] = [
        (one["name"], one["description"], one["parameters"]["properties"]) for one in tools
    ]
    for message in body["messages"]:
        made = [
            (one["id"], one["function"]["name"], json.loads(one["function"]["arguments"]))
            for one in message.get("tool_calls") or ()
        ]
        text = text_of(message)
        wrong = any(word in text for word in ("Fix the errors", '{"error":', "Not 1."))
        row = (message["role"], made, message.get("tool_call_id"), "retry" if wrong else text)
        rows.append(row)
    return rows


@pytest.mark.parametrize("name", PROMPTS)
def test_the_same_conversation(sides: Any, name: str) -> None:
    (our_ends, our_requests), (their_ends, their_requests) = sides["ours"], sides["theirs"]
    if name == "raises":
        check_raises(sides)
        return
    assert our_ends[name]["output"] == their_ends[name]["output"]
    assert our_ends[name].get("output_tokens") == their_ends[name].get("output_tokens")
    if name not in ("retry", "asks again"):  # the wording of a retry counts
        assert our_ends[name].get("input_tokens") == their_ends[name].get("input_tokens")
    assert [gist(one) for one in our_requests[name]] == [gist(one) for one in their_requests[name]]


def check_raises(sides: Any) -> None:
    """PydanticAI ends the run with the tool's exception; nbstream tells the model, and goes on."""
    (our_ends, our_requests), (their_ends, their_requests) = sides["ours"], sides["theirs"]
    assert their_ends["raises"]["output"] == "raised division by zero"
    assert our_ends["raises"]["output"] == "It cannot be divided."
    first, second = our_requests["raises"]
    assert [gist(first)] == [gist(one) for one in their_requests["raises"]]
    assert text_of(second["messages"][-1]) == "ZeroDivisionError: division by zero"
    assert gist(second)[: len(gist(first))] == gist(first)


def test_a_hundred_steps_cost_less() -> None:
    """About a ninth: see bench/agent.py."""
    theirs = float(peer("steps"))
    replies = [calls(("add", '{"a": 1, "b": 2}'), first=at) for at in range(100)]

    async def run() -> float:
        agent = nbstream.Agent(ScriptedModel(*replies, "Done."), tools=[add], max_steps=200)
        begun = time.process_time()
        async for _ in agent.run_stream_events("Go."):
            pass
        return time.process_time() - begun

    run_async(run())  # a first time, for what is imported
    assert run_async(run()) < theirs
