"""What is served is JSON that every parser reads, whatever a model or a tool wrote."""

import json
import math
from typing import Any

import nbstream
from nbstream.core import parts as p
from nbstream.testing import ScriptedModel
from tests.harness.background import run_async


def refuse(constant: str) -> Any:
    """A browser's parser knows neither NaN nor Infinity."""
    raise AssertionError(constant)


def lowest(a: float, b: float) -> dict[str, float]:
    """The lowest."""
    return {"lowest": math.nan, "spread": a - b}


CALL = nbstream.assistant_message(
    p.TextPart("Hm.", (p.Citation(url="https://a.test", provider_metadata={"score": math.inf}),)),
    p.BuiltinToolCallPart("b1", "search", '{"least": NaN}'),
    p.BuiltinToolResultPart("b1", "search", {"score": -math.inf}),
    p.ToolCallPart("c1", "lowest", '{"a": NaN, "b": 1e999}'),
)


def test_numbers_that_json_does_not_have_are_null() -> None:
    async def main() -> None:
        agent = nbstream.Agent(ScriptedModel(CALL, "Done."), tools=[lowest])
        stream = agent.run_stream_sync("go")
        for frames in (stream.ui_messages(), stream.ag_ui("t", "r"), stream.sse()):
            lines = b"".join([one async for one in frames]).decode().splitlines()
            rows = [line.removeprefix("data: ") for line in lines if line.startswith("data: {")]
            assert len(rows) > 5
            for row in rows:
                json.loads(row, parse_constant=refuse)
        assert stream.get_final_text() == "Done."

    run_async(main())
