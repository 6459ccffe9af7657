"""Collects the outputs and the status of one cell from the kernel's messages.

``kernel.Kernel`` passes the messages in.
"""

import re
import time
from dataclasses import dataclass, field
from typing import Any

COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Result:
    """A cell's outcome, complete once `done`; displays go on changing when updated later."""

    message_id: str
    began: float
    status: str = "running"
    ename: str = ""
    evalue: str = ""
    traceback: str = ""
    stdout: str = ""
    stderr: str = ""
    seconds: float = 0.0
    ended_at: float = 0.0
    """When the kernel said so, by its own clock: of time.time(), the wall's."""
    displays: list[dict[str, Any]] = field(default_factory=list)
    """One bundle of types to content for each output, in order, with updates applied."""
    raw: list[dict[str, Any]] = field(default_factory=list, repr=False)
    """Every message of the cell as it came."""
    payload: list[dict[str, Any]] = field(default_factory=list)
    """What the kernel asks the front end to do, such as to make a cell."""
    _ids: dict[str, list[int]] = field(default_factory=dict, repr=False)
    _clear: bool = False
    _idle: bool = False
    _replied: bool = False

    @property
    def done(self) -> bool:
        """The kernel has replied, and has said that it is idle again."""
        return self._idle and self._replied

    @property
    def updates(self) -> list[dict[str, Any]]:
        """The bundles of all update_display messages."""
        return [m["content"]["data"] for m in self.raw if m["msg_type"] == "update_display_data"]

    @property
    def comms(self) -> list[dict[str, Any]]:
        """The content of all comm messages: what a widget sent to the page."""
        return [m["content"] for m in self.raw if m["msg_type"] == "comm_msg"]

    @property
    def comms_opened(self) -> list[dict[str, Any]]:
        """The content of all comm_open messages: the widgets that were made."""
        return [m["content"] for m in self.raw if m["msg_type"] == "comm_open"]

    def holds(self, display_id: str) -> bool:
        """Whether one of its outputs has this id."""
        return display_id in self._ids

    def take_reply(self, message: dict[str, Any]) -> None:
        """The shell's answer: how the cell ended."""
        content = message["content"]
        self.status = content["status"]
        self.payload = content.get("payload", [])
        self.seconds = time.monotonic() - self.began
        self.ended_at = message["header"]["date"].timestamp()
        self._replied = True
        if self.status == "error":
            self._fail(content)

    def take(self, message: dict[str, Any]) -> None:
        """One message from the broadcast channel."""
        self.raw.append(message)
        content = message["content"]
        match message["msg_type"]:
            case "status":
                self._idle = self._idle or content["execution_state"] == "idle"
            case "stream":
                self._clear_now()
                name = content["name"]
                setattr(self, name, getattr(self, name) + content["text"])
            case "display_data" | "execute_result":
                self._clear_now()
                self._display(content)
            case "update_display_data":
                for index in self._ids.get(content["transient"]["display_id"], ()):
                    self.displays[index] = content["data"]
            case "error":
                self._fail(content)
            case "clear_output":
                self._clear = True
                if not content["wait"]:
                    self._clear_now()

    def _display(self, content: dict[str, Any]) -> None:
        """Add an output; one with a display id can be updated later."""
        display_id = content.get("transient", {}).get("display_id")
        if display_id:
            self._ids.setdefault(display_id, []).append(len(self.displays))
        self.displays.append(content["data"])

    def _clear_now(self) -> None:
        """Remove the outputs, if that was asked for by ``clear_output``."""
        if self._clear:
            self._clear = False
            self.stdout = self.stderr = ""
            self.displays.clear()
            self._ids.clear()

    def _fail(self, content: dict[str, Any]) -> None:
        self.ename = content.get("ename", "")
        self.evalue = content.get("evalue", "")
        self.traceback = COLOURS.sub("", "\n".join(content.get("traceback", [])))
