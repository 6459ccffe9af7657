"""Runs with PydanticAI on its path: its side of the conversations, and of the 100 steps.

python peer.py URL      has the conversations, prints a JSON object for each
python peer.py steps    prints the seconds of CPU of a run with 100 calls
"""

import asyncio
import dataclasses
import json
import sys
import time
from pathlib import Path
from typing import Any

from pydantic_ai import Agent, ModelRetry, NativeOutput
from pydantic_ai.models.function import DeltaToolCall, FunctionModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.usage import UsageLimits

MANY = UsageLimits(request_limit=None)

sys.path.insert(0, str(Path(__file__).parent))
from conversations import PROMPTS, City, Hang, add, broken, picky_for  # noqa: E402


async def one(url: str, name: str) -> dict[str, Any]:
    provider = OpenAIProvider(base_url=f"{url}/v1", api_key="test-key-0123456789")
    hang = Hang()
    agent: Any = Agent(
        OpenAIChatModel("gpt-5.2", provider=provider),
        tools=[add, picky_for(ModelRetry), broken, hang.hang],
        instructions="Be brief.",
        output_type=NativeOutput(City) if name == "typed" else str,
    )
    task = asyncio.create_task(agent.run(f"agent: {name}"))
    if name == "cancel":
        await hang.begun.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return {"name": name, "output": "cancelled"}
    try:
        result = await task
    except ZeroDivisionError as error:
        return {"name": name, "output": f"raised {error}"}
    output = result.output
    usage = result.usage
    return {
        "name": name,
        "output": dataclasses.asdict(output) if dataclasses.is_dataclass(output) else output,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
    }


async def converse(url: str) -> None:
    for name in PROMPTS:
        print(json.dumps(await one(url, name)), flush=True)


async def step(messages: Any, info: Any) -> Any:
    count = sum(message.kind == "response" for message in messages)
    if count < 100:
        yield {0: DeltaToolCall("add", '{"a": 1, "b": 2}', tool_call_id=f"c{count}")}
    else:
        yield "Done."


async def steps() -> float:
    agent = Agent(FunctionModel(stream_function=step), tools=[add])
    # A first time, for what is imported.
    async with agent.run_stream_events("Go.", usage_limits=MANY) as events:
        async for _ in events:
            pass
    begun = time.process_time()
    async with agent.run_stream_events("Go.", usage_limits=MANY) as events:
        async for _ in events:
            pass
    return time.process_time() - begun


if __name__ == "__main__":
    if sys.argv[1] == "steps":
        print(asyncio.run(steps()))
    else:
        asyncio.run(converse(sys.argv[1]))
