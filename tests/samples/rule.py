"""Rewrites a sample of another library as code for nbstream.

Only these lines change: the import, the client, the call, the model's name and, in a running loop,
the call of `asyncio.run`. The loop over the events, and what follows it, does not change.
"""

import ast
import inspect
import re
import textwrap
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent.parent / "shared" / "samples"
if not FOLDER.exists():  # a worktree lies one folder deeper
    FOLDER = FOLDER.parent.parent.parent / "shared" / "samples"
MISSING = "no samples: ../shared/samples is not beside this checkout"

# (line of the sample, line for nbstream); \g<1> is the indentation or the text before it.
CHANGES = {
    # import
    r"^import ai$": "import nbstream as ai",
    r"^from anthropic import \w+$": "import nbstream",
    r"^from pydantic_ai import Agent$": "from nbstream import Agent",
    r"^from pydantic_ai\.messages import": "from nbstream.events import",
    # client
    r"^client = (Async)?Anthropic\(\)$": "",
    # call
    r"\bclient(\.beta)?\.messages\.stream\(": "nbstream.stream(",
    r"^(\s+)output_format=": r"\g<1>output_type=",
    r'^(\s+)betas=\["([\w.-]+)"\],$': r'\g<1>extra_headers={"anthropic-beta": "\g<2>"},',
    # model
    r"\bAgent\('openai:[\w.-]+'": "Agent('anthropic/{model}'",
    r'^(\s+)model="claude-[\w.-]+",$': r'\g<1>model="anthropic/{model}",',
    r'ai\.get_model\("[\w./-]+"\)': r'ai.get_model("anthropic/{model}")',
}
RUNNING = {r"^(\s*)asyncio\.run\((.+)\)$": r"\g<1>await \g<2>"}

# Samples that are a part of a larger program get the code that comes before them.
BEFORE = {
    "vercel": "import nbstream as ai\n{given}\n",
    "anthropic": "import nbstream\n",
    "pydantic_ai": "import nbstream\n{given}\n",
}


def names(library: str) -> list[str]:
    """The samples of one library."""
    return sorted(path.stem for path in (FOLDER / library).glob("*.py"))


def read(library: str, name: str) -> str:
    """The text of a sample."""
    path = FOLDER / library / f"{name}.py"
    if not path.exists():
        pytest.skip(MISSING)
    return path.read_text(encoding="utf-8")


def rewritten(library: str, name: str, model: str, given: str = "", after: str = "") -> str:
    """A sample for a cell or a running loop; `await` is allowed at its top level."""
    code = _changed(_own_lines(library, name, model, given), RUNNING) + after
    compile(code, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    return code


def as_script(library: str, name: str, model: str, given: str = "", after: str = "") -> str:
    """A sample as a script; code with a top-level `await` is moved into a `main` function."""
    code = _own_lines(library, name, model, given) + after
    whole = compile(code, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if not whole.co_flags & inspect.CO_COROUTINE:
        return code
    body = textwrap.indent(code, "    ")
    return f"import asyncio\n\nasync def main():\n{body}\n\nasyncio.run(main())\n"


def _own_lines(library: str, name: str, model: str, given: str) -> str:
    sample = read(library, name)
    code = _changed(sample, CHANGES).replace("{model}", model)
    if library == "pydantic_ai":  # some of them import the events only
        return BEFORE[library].format(given=given) + code
    if re.search(r"^(import|from) (ai|anthropic)\b", sample, re.MULTILINE):
        return code
    return BEFORE[library].format(given=given) + code


def _changed(code: str, changes: dict[str, str]) -> str:
    for line, ours in changes.items():
        code = re.sub(line, ours, code, flags=re.MULTILINE)
    return code
