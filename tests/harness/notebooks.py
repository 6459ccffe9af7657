"""Executes the notebooks of `notebooks/`, and records their cassettes.

A notebook replays its cassette. To record it, `%llm replay FILE` becomes `%llm record FILE`, and
the providers' addresses are those of servers on this machine: aimock with
`tests/aimock/notebooks.json`, and one for the answer with citations, which aimock cannot give. The
quickstart names no cassette: it asks the local model, and the environment sets one.
"""

import asyncio
import base64
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import nbclient
import nbformat
from traitlets.config import Config

from nbstream.providers.table import PROVIDERS
from tests.harness.aimock import HOME, AIMock
from tests.harness.citing import CitingServer

FOLDER = Path(__file__).parents[2] / "notebooks"
KEYS = {
    name: f"sk-notebooks-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    for name in sorted({name for row in PROVIDERS.values() for name in row.keys})
}
"""A key for each provider, by its variable; in no file."""

CELL_TIMEOUT = 300  # seconds; on a busy machine the local model may be slow
AT_ONCE = 3  # kernels; they mostly start and import
WITH_LOCAL_MODEL = "quickstart"
WITH_CITATIONS = "claims"
NOT_RUN = "index"
CITING = "CITING_URL"
"""The variable for the address of the server with citations."""
_REPLAY = re.compile(r"^%llm replay (\w+\.nbstream).*$", re.MULTILINE)
_SECONDS_TO_FIRST, _A_SECOND = 0.4, 30
"""When the first chunk of a recorded answer comes, and how many come each second."""

Notebook = Any  # nbformat's, whose fields are attributes


def names() -> list[str]:
    """The notebooks that have code, by the names of their files."""
    return sorted(path.stem for path in FOLDER.glob("*.ipynb") if path.stem != NOT_RUN)


def cassette(name: str) -> str:
    """The name of a notebook's cassette; `streams` has none, as it asks no model."""
    return f"{name}.nbstream"


def read(name: str) -> Notebook:
    """The notebook as it is committed."""
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def replayed(names: Iterable[str], folder: Path, env: Mapping[str, str]) -> dict[str, Notebook]:
    """The notebooks, executed from the cassettes in ``folder``, at once and not at a pace."""
    return _executed(names, folder, env, "none", lambda found: f"%llm replay {found[1]}")


def recorded(
    names: Iterable[str], folder: Path, env: Mapping[str, str], mode: str = "new_episodes"
) -> dict[str, Notebook]:
    """The notebooks, executed by the servers; ``folder`` gets what is not in a cassette there."""
    with servers(folder, paced=mode == "new_episodes") as addresses:
        env = {**env, **KEYS, **addresses}
        return _executed(names, folder, env, mode, lambda found: f"%llm record {found[1]} {mode}")


def _executed(
    names: Iterable[str],
    folder: Path,
    env: Mapping[str, str],
    mode: str,
    line: Callable[[re.Match[str]], str],
) -> dict[str, Notebook]:
    for image in FOLDER.glob("*.png"):
        if folder != FOLDER:
            shutil.copy(image, folder)
    notebooks = {name: read(name) for name in names}
    for notebook in notebooks.values():
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
                cell.source = _REPLAY.sub(line, cell.source)
    asyncio.run(_execute_all(notebooks, folder, env, mode))
    for name, notebook in notebooks.items():
        for cell, original in zip(notebook.cells, read(name).cells, strict=True):
            cell.source = original.source
    return notebooks


def comparable(outputs: Any) -> str:
    """Outputs as JSON, without what each run has anew: times, bars of times, and ids of objects."""
    text = json.dumps(outputs, sort_keys=True, ensure_ascii=False)
    fresh = (
        r"</?(?:div|span)\b[^>]*>|\bT_[0-9a-f]{5}| at 0x[0-9a-f]+"
        r"|(?: of [\w\\]+,| ·|,)?(?: first token after)? ?\b\d+(?:\.\d)? s\b|\\nRequest [\w-]+\."
    )
    return re.sub(fresh, "", text)


async def _execute_all(
    notebooks: Mapping[str, Notebook], folder: Path, env: Mapping[str, str], mode: str
) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def execute(name: str, notebook: Notebook) -> None:
        tape = {"NBSTREAM_CASSETTE": f"{mode}:{folder / cassette(name)}"}
        # Sockets in a folder: a port may be taken between its choice and its use.
        sockets = Path(places) / f"{name}.json"
        sockets_there = {"transport": "ipc", "connection_file": str(sockets)}
        client = nbclient.NotebookClient(
            notebook,
            config=Config(KernelManager=sockets_there),
            kernel_name="python3",
            timeout=CELL_TIMEOUT,
            record_timing=False,
            coalesce_streams=True,  # or what is printed in one cell is one output or several
            store_widget_state=env.get("NBSTREAM_DISPLAY") == "live",
            resources={"metadata": {"path": str(folder)}},
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
        )
        own = dict(env)
        if name == WITH_LOCAL_MODEL:
            own |= tape
        if name == WITH_CITATIONS and CITING in env:
            own["ANTHROPIC_BASE_URL"] = env[CITING]
        async with gate:
            await client.async_execute(env=own)
        notebook.metadata.language_info = {"name": "python"}  # without the version of this Python

    with tempfile.TemporaryDirectory() as places:
        async with asyncio.TaskGroup() as group:
            for name, notebook in notebooks.items():
                group.create_task(execute(name, notebook))


@contextmanager
def servers(folder: Path, *, paced: bool) -> Iterator[dict[str, str]]:
    """The servers, as the environment variables that name their addresses."""
    fixtures = json.loads((HOME / "notebooks.json").read_text(encoding="utf-8"))
    picture = base64.b64encode((HOME / "lake.png").read_bytes()).decode()
    asked = {"userMessage": "A calm mountain lake", "endpoint": "image"}
    fixtures["fixtures"].append({"match": asked, "response": {"images": [{"b64Json": picture}]}})
    if paced:
        pace = {"ttft": 1000 * _SECONDS_TO_FIRST, "tps": _A_SECOND}
        for one in fixtures["fixtures"]:
            one["streamingProfile"] = pace
    path = folder / "fixtures.json"
    path.write_text(json.dumps(fixtures), encoding="utf-8")
    try:
        with ExitStack() as stack:
            aimock = stack.enter_context(AIMock(path))
            pause = 1 / _A_SECOND if paced else 0.0
            citing = stack.enter_context(CitingServer(aimock.url, pause))
            yield {
                "ANTHROPIC_BASE_URL": aimock.url,
                "OPENAI_BASE_URL": f"{aimock.url}/v1",
                "GOOGLE_GEMINI_BASE_URL": aimock.url,
                CITING: citing.url,
            }
    finally:
        path.unlink()
