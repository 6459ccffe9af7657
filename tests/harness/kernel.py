"""Runs cells in a real ipykernel and collects their results, for tests without a browser."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from tests.harness import isolation, kernelspecs
from tests.harness.closing import Closing
from tests.harness.patience import HANG
from tests.harness.result import Result

START = 60
STARTS = 3
RUN = 60


class Kernel(Closing):
    """One kernel process and a client of it. Results arrive during `wait` and `pump`."""

    def __init__(
        self, root: Path, version: str | None = None, env: Mapping[str, str] | None = None
    ) -> None:
        directories = isolation.folders(root)
        variables = isolation.environment(root, env)
        kernelspecs.write(directories["JUPYTER_DATA_DIR"])
        specs = KernelSpecManager(
            kernel_dirs=[str(directories["JUPYTER_DATA_DIR"] / "kernels")],
            ensure_native_kernel=False,
        )
        self.manager = KernelManager(
            kernel_name=kernelspecs.name_of(version),
            kernel_spec_manager=specs,
            connection_file=str(directories["JUPYTER_RUNTIME_DIR"] / "kernel.json"),
        )
        self.results: dict[str, Result] = {}
        for left in reversed(range(STARTS)):
            if self._try_start(variables, str(root), last=not left):
                break

    def _try_start(self, variables: dict[str, str], folder: str, *, last: bool) -> bool:
        """Start the process once. Returns whether it answers.

        Its ports may be taken between their choice and their use.
        """
        self.manager.start_kernel(env=variables, cwd=folder)
        client = self.manager.client()
        assert isinstance(client, BlockingKernelClient)
        try:
            client.start_channels()
            client.wait_for_ready(timeout=START)
        except BaseException as error:
            died = isinstance(error, RuntimeError) and not self.manager.is_alive()
            client.stop_channels()
            self.manager.shutdown_kernel(now=True)
            self.manager.cleanup_connection_file()
            if died and not last:
                return False
            raise
        self.client = client
        return True

    def run(self, code: str, timeout: float = RUN, *, cell_id: str = "") -> Result:
        """Run a cell to its end; a failed cell is a result, not an exception."""
        return self.wait(self.start(code, cell_id=cell_id), timeout)

    def check(self, code: str, timeout: float = RUN, *, cell_id: str = "") -> Result:
        """Run a cell that must succeed."""
        result = self.run(code, timeout, cell_id=cell_id)
        assert result.status == "ok", result.traceback or result.status
        return result

    def answer(self, code: str, typed: str, timeout: float = RUN) -> tuple[Result, dict[str, Any]]:
        """Run a cell that asks for an input, and type it; returns also what the cell asked."""
        result = self.start(code, asks=True)
        asked: dict[str, Any] = self.client.get_stdin_msg(timeout=timeout)["content"]
        self.client.input(typed)
        return self.wait(result, timeout), asked

    def start(
        self, code: str, *, cell_id: str = "", deleted: Sequence[str] = (), asks: bool = False
    ) -> Result:
        """Send a cell and return at once; the result fills during `wait` and `pump`.

        `cell_id` and the ids of deleted cells go along as JupyterLab sends them. `asks` is
        whether the cell may ask for an input.
        """
        began = time.monotonic()
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": asks,
            "stop_on_error": True,
        }
        metadata = {"cellId": cell_id, "deletedCells": list(deleted)} if cell_id else {}
        message = self.client.session.msg("execute_request", content, metadata=metadata)
        self.client.shell_channel.send(message)
        message_id = message["header"]["msg_id"]
        result = Result(message_id, began)
        self.results[message_id] = result
        return result

    def wait(self, result: Result, timeout: float = RUN) -> Result:
        """Until the cell has ended and all it printed has come."""
        return self.until(lambda: result.done, result, timeout)

    def until(self, condition: Any, result: Result, timeout: float = HANG) -> Result:
        """Read messages until `condition()` is true, for states in the middle of a cell."""
        deadline = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"after {timeout} s: {result!r}")
            self.pump(0.05)
        return result

    def pump(self, seconds: float) -> None:
        """Read messages for that many seconds, also those of cells that have ended."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self._replies()
            try:
                message = self.client.get_iopub_msg(timeout=min(left, 0.02))
            except Empty:
                continue
            for result in self._results_of(message):
                result.take(message)

    def _results_of(self, message: dict[str, Any]) -> list[Result]:
        """The cells that a message is for: its own, and those that hold the output it updates."""
        own = self.results.get(message["parent_header"].get("msg_id", ""))
        found = [] if own is None else [own]
        if message["msg_type"] == "update_display_data":
            shown = message["content"]["transient"]["display_id"]
            found += [one for one in self.results.values() if one.holds(shown) and one is not own]
        return found

    def _replies(self) -> None:
        """Read the replies to cells that have come by now."""
        while True:
            try:
                message = self.client.get_shell_msg(timeout=0)
            except Empty:
                return
            result = self.results.get(message["parent_header"].get("msg_id", ""))
            if result is not None:
                result.take_reply(message)

    def interrupt(self) -> float:
        """What a notebook's stop button does; returns the time, as `Result.ended_at` has it."""
        now = time.time()
        self.manager.interrupt_kernel()
        return now

    def send_comm(self, comm_id: str, data: Any, subshell: str | None = None) -> float:
        """What a widget's view does: one message to its model in the kernel. Returns the time."""
        content = {"comm_id": comm_id, "data": data}
        message = self.client.session.msg("comm_msg", content)
        if subshell is not None:
            message["header"]["subshell_id"] = subshell
        now = time.time()
        self.client.shell_channel.send(message)
        return now

    def create_subshell(self, timeout: float = HANG) -> str:
        """A second shell of the kernel, which answers while a cell runs; as JupyterLab makes it."""
        message = self.client.session.msg("create_subshell_request")
        self.client.control_channel.send(message)
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            reply = self.client.get_control_msg(timeout=timeout)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                return str(reply["content"]["subshell_id"])
        raise TimeoutError("no subshell")

    def close(self) -> None:
        """End the process, also one that hangs."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()
