"""MCP servers in cells of a real kernel: the magic, an interrupt, awaiting, the kernel's end."""

from tests.conftest import StartKernel
from tests.harness.llm_scripts import rounds, use
from tests.harness.llm_server import LLMServer
from tests.mcp.conftest import HERE, Notes, is_alive

ADDS = rounds([use("add", "c1", a=1, b=2)], "It is 3.")
HANGS = rounds([use("hang", "c1")], "Never.")


def test_a_server_in_a_notebook(kernel: StartKernel, llm_server: LLMServer, notes: Notes) -> None:
    one = kernel(env=llm_server.messages_env)
    one.check(
        "%load_ext nbstream\nimport nbstream\n"
        f"tools = nbstream.mcp.stdio('python', {str(HERE / 'tool_server.py')!r}, "
        f"env={{'NOTES': {str(notes.path)!r}}})"
    )
    one.check(f"%%llm -m anthropic/{ADDS} -T tools\nHow much?")
    printed = one.check("print(_.text, [(c.tool_name, c.result) for c in _.tool_calls])")
    assert printed.stdout == "It is 3. [('add', 3)]\n"
    assert notes.lines.count(f"pid {notes.pid}") == 1

    cell = one.start(f"%%llm -m anthropic/{HANGS} -T tools\nHang.")
    notes.until(lambda: "hang" in notes.lines)
    one.interrupt()
    one.wait(cell)
    assert (cell.status, cell.ename) == ("error", "KeyboardInterrupt")
    notes.until(lambda: "cancelled" in notes.lines)

    awaited = one.check(
        "async with tools as here:\n    print(await here.call('add', {'a': 2, 'b': 3}))\n"
        "print(tools.read('memo://greeting'), tools)"
    )
    assert awaited.stdout == "5\nHello. <MCPServer tool_server.py>\n"
    failed = one.run("nbstream.mcp.stdio('no-such-program').tools()")
    assert failed.ename == "MCPError"
    assert "Give the whole path of the program" in failed.traceback
    assert "link.py" not in failed.traceback
    pid = notes.pid
    one.close()
    notes.until(lambda: not is_alive(pid))
