"""The documentation's code that names a service or another library, run against real ones here.

Such code is marked `py`. Names that only its reader has, such as an address or a model, are
replaced; everything else runs as it is printed.
"""

import sys
from pathlib import Path

import pytest

from tests.conftest import StartKernel
from tests.harness import redis_server
from tests.harness.batch_server import AnthropicServer
from tests.harness.kernel import Kernel
from tests.harness.llm_scripts import say
from tests.harness.llm_server import LLMServer
from tests.live.test_documents import ROOT, blocks

STORY = say("Once upon a time.")
ANTHROPIC = Path(sys.prefix) / "peers" / "anthropic"
SDK = f"import sys\nsys.path.insert(0, {str(ANTHROPIC)!r})\nfrom anthropic import Anthropic"


SHOWN = {
    "model": "claude-sonnet-4-5",
    "gpt": "openai/gpt-5",
    "redis": "rediss://user:password@redis.example:6379",
    "scheduler": '"tcp://scheduler:8786"',
}


def filled(code: str, **replaced: str) -> str:
    for name, value in replaced.items():
        assert SHOWN[name] in code
        code = code.replace(SHOWN[name], value)
    return code


def run(one: Kernel, document: str, **replaced: str) -> None:
    """Run the blocks; ``replaced`` is what stands in the document, and what runs in its place."""
    for block in blocks(document, "py"):
        one.check(filled(block, **replaced))


def test_every_such_block_is_run_here() -> None:
    marked = {
        str(path.relative_to(ROOT))
        for path in [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
        if blocks(str(path.relative_to(ROOT)), "py")
    }
    own = Path(__file__).read_text(encoding="utf-8")
    assert all(f'"{document}"' in own for document in marked), marked


def test_a_notebook_is_recorded(kernel: StartKernel, llm_server: LLMServer) -> None:
    one = kernel()
    run(one, "docs/notebooks.md")
    one.check(f"%llm -m openai-chat/{STORY} Tell a story.")
    again = kernel()
    folder = one.check("import os; print(os.getcwd())").stdout.strip()
    again.check(f"%load_ext nbstream\n%llm replay {folder}/report.nbstream")
    again.check(f"%llm -m openai-chat/{STORY} Tell a story.")
    assert again.check("print(_llm.text)").stdout == "Once upon a time.\n"


@pytest.mark.skipif(redis_server.PROGRAM is None, reason=redis_server.MISSING)
def test_a_stream_goes_over_redis(kernel: StartKernel, tmp_path: Path) -> None:
    one = kernel()
    one.check("import nbstream")
    with redis_server.RedisServer(tmp_path) as redis:
        run(one, "docs/serve.md", redis=redis.url, gpt=f"openai-chat/{STORY}")
        assert one.check("print(watched.get_final_text())").stdout == "Once upon a time.\n"


@pytest.mark.skipif(not ANTHROPIC.exists(), reason="no anthropic: make .venv/.peers")
def test_the_sdk_of_anthropic(kernel: StartKernel, llm_server: LLMServer) -> None:
    one = kernel(env=llm_server.messages_env)
    one.check(SDK)
    run(one, "docs/moving/anthropic.md", model=STORY)
    assert one.check("print(message.content[0].text)").stdout == "Once upon a time.\n"
    one.check("import nbstream")
    row = f"messages=[{{'role': 'user', 'content': 'Hi'}}], max_tokens=9, model={STORY!r}"
    one.check(f"asked = dict({row})")
    run(one, "docs/any-stream.md")
    assert one.check("print(widget.stream.text)").stdout == "Once upon a time.\n"


def test_an_answer_in_background_mode(kernel: StartKernel) -> None:
    one = kernel()
    one.check("import nbstream")
    run(one, "docs/how-to/background.md")  # made, and not begun
    assert one.check("print(stream.is_started)").stdout == "False\n"


def test_many_over_a_cluster_and_as_a_batch(kernel: StartKernel, llm_server: LLMServer) -> None:
    one = kernel(env=llm_server.messages_env)
    one.check(
        "import os, nbstream, pandas\nfrom distributed import LocalCluster\n"
        "reviews = pandas.DataFrame({'text': ['Good.', 'Bad.']})\n"
        "cluster = LocalCluster(1, processes=False, dashboard_address=None)"
    )
    cluster, batch = blocks("docs/how-to/many.md", "py")
    one.check(
        filled(cluster, scheduler="cluster", model=STORY)
        + "assert (job.to_df().answer == 'Once upon a time.').all()"
    )
    with AnthropicServer() as server:
        server.finish.set()
        one.check(f"os.environ['ANTHROPIC_BASE_URL'] = {server.url!r}")
        one.check(batch)
        assert "Good." in one.check("print(table.to_string())").stdout
        assert len(server.sent) == 1
