"""``AgentState``: where a run stands, as plain values; written as JSON and read again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

from nbstream.core import codec
from nbstream.core.message import Message, Role, Usage
from nbstream.core.shown import shown

if TYPE_CHECKING:
    from nbstream.core.parts import ToolResultPart

VERSION = 1
_ROLES = get_args(Role)
_APPROVAL = {"granted", "args", "reason"}


@dataclass(slots=True)
class AgentState:
    """The conversation, and what has been counted.

    ``messages`` begins with what came before the run. From ``new_from`` on they are the run's,
    and from ``log_from`` on they are in its log: not its prompt, which was sent.
    """

    messages: list[Message] = field(default_factory=list)
    new_from: int = 0
    log_from: int = 0
    usage: Usage = field(default_factory=Usage)
    requests: int = 0
    tool_calls: int = 0
    retries: dict[str, int] = field(default_factory=dict)
    """The calls of each tool that failed in a row."""
    output_retries: int = 0
    results: dict[int, ToolResultPart] = field(default_factory=dict)
    """The results so far of the last reply's calls, by their place."""
    always: set[str] = field(default_factory=set)
    """The tools whose calls need no more approval."""
    approvals: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The answers to the approval requests of the last reply's calls, by the call's id."""
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The answers to what those calls asked, by the request's id."""

    def begin_reply(self) -> None:
        """Forget the results and the answers of the calls of an earlier reply."""
        self.results.clear()
        self.approvals.clear()
        self.answers.clear()

    @property
    def message_history(self) -> list[Message]:
        """``messages``, in PydanticAI's word."""
        return self.messages

    def to_dict(self) -> dict[str, Any]:
        """The state as JSON-ready values."""
        return {
            "version": VERSION,
            "messages": [codec.message_to_dict(one) for one in self.messages],
            "new_from": self.new_from,
            "log_from": self.log_from,
            "usage": codec.usage_to_dict(self.usage),
            "requests": self.requests,
            "tool_calls": self.tool_calls,
            "retries": self.retries,
            "output_retries": self.output_retries,
            "results": {str(at): codec.part_to_dict(one) for at, one in self.results.items()},
            "always": sorted(self.always),
            "approvals": self.approvals,
            "answers": self.answers,
        }

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> AgentState:
        """The state that ``to_dict`` wrote.

        Raises:
            KeyError, TypeError, ValueError: it is not one.
        """
        if row["version"] != VERSION:
            raise ValueError(f"the version is {row['version']!r}")
        results: dict[int, Any] = {
            int(at): codec.part_from_dict(one) for at, one in row["results"].items()
        }
        found = cls(
            messages=[codec.message_from_dict(one) for one in row["messages"]],
            new_from=int(row["new_from"]),
            log_from=int(row["log_from"]),
            usage=codec.usage_from_dict(row["usage"]),
            requests=int(row["requests"]),
            tool_calls=int(row["tool_calls"]),
            retries=dict(row["retries"]),
            output_retries=int(row["output_retries"]),
            results=results,
            always=set(_texts(row["always"])),
            approvals=dict(row.get("approvals", {})),
            answers=dict(row.get("answers", {})),
        )
        found._check()
        return found

    def _check(self) -> None:
        """Check what was saved, before a tool is executed for it.

        Raises:
            TypeError, ValueError: it was changed since.
        """
        if not 0 <= self.new_from <= self.log_from <= len(self.messages):
            raise ValueError("its messages are not those that were saved")
        for message in self.messages:
            if message.role not in _ROLES:
                raise ValueError(f"a message cannot have the role {shown(message.role)}")
        if self.messages and self.messages[-1].role != "assistant":
            raise ValueError("its last message is not the model's")
        for one in (*self.approvals.values(), *self.answers.values()):
            given = one.get("granted", one.get("given"))
            if not isinstance(given, bool) or not isinstance(one.get("reason", ""), str):
                raise TypeError("an answer in it is none")
        for one in self.approvals.values():
            if one.keys() - _APPROVAL or not isinstance(one.get("args"), dict | None):
                raise TypeError("an approval in it is none")


def _texts(rows: Any) -> list[str]:
    """A list of texts.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(rows, list) or not all(isinstance(one, str) for one in rows):
        raise TypeError("it has no list of names")
    return rows
