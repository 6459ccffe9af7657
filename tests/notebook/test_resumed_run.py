"""A run that is stored while it waits for approval, and goes on in another kernel."""

from tests.conftest import StartKernel
from tests.harness.llm_scripts import rounds, use
from tests.harness.llm_server import LLMServer

MODEL = rounds(
    [use("look", "c1", shelf=1), use("order", "c2", product="tea", number=3)],
    [use("order", "c3", product="sugar", number=1)],
    "All is ordered.",
)
SETUP = f"""
import nbstream, pathlib
ran = pathlib.Path("ran.txt")
def look(shelf: int) -> str:
    "Look at a shelf."
    ran.open("a").write(f"look {{shelf}}\\n")
    return "empty"
@nbstream.tool(requires_approval=True)
def order(product: str, number: int) -> str:
    "Order a product."
    ran.open("a").write(f"order {{number}} {{product}}\\n")
    return f"{{number}} x {{product}}"
agent = nbstream.Agent("anthropic/{MODEL}", tools=[look, order], approve="wait")
"""
ANSWERED = """
for event in stream:
    if isinstance(event, nbstream.events.ApprovalRequest):
        event.approve()
print(stream.output, [(c.tool_name, c.result) for c in stream.tool_calls], ran.read_text().split())
"""
STORED = """
with agent.run_stream("Fill the shelf.") as stream:
    for event in stream:
        if isinstance(event, nbstream.events.FunctionToolResult):
            break
    while stream.waiting != ["c2"]:
        pass
    pathlib.Path("run.json").write_text(stream.run_to_json())
    import os
    os._exit(1)  # the kernel is gone while the run waits
"""


def test_it_ends_as_the_undisturbed_one_does(kernel: StartKernel, llm_server: LLMServer) -> None:
    first = kernel(env=llm_server.messages_env)
    folder = first.check("import tempfile; print(tempfile.mkdtemp())").stdout.strip()
    move = f"import os, shutil\nos.makedirs({folder!r}, exist_ok=True)\nos.chdir({folder!r})"
    first.check(f"{move}\n{SETUP}")
    undisturbed = first.check(f'stream = agent.run_stream("Fill the shelf.")\n{ANSWERED}').stdout
    sent = [one.body["messages"] for one in llm_server.of(MODEL)]
    first.check("ran.unlink()")
    first.start(STORED)

    second = kernel(env=llm_server.messages_env)
    second.check(f"{move}\n{SETUP}")
    second.check(
        "import time\n"
        "while not pathlib.Path('run.json').exists() or not pathlib.Path('run.json').read_text():\n"
        "    time.sleep(0.02)"
    )
    resumed = second.check(f"stream = agent.resume(open('run.json').read())\n{ANSWERED}").stdout
    assert resumed == undisturbed
    assert "All is ordered." in resumed
    assert "['look', '1', 'order', '3', 'tea', 'order', '1', 'sugar']" in resumed  # once each
    assert [one.body["messages"] for one in llm_server.of(MODEL)] == [*sent, *sent]
