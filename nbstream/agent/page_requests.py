"""``PageRequests``: a run's open requests as a page draws them, and the page's replies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.events import InputRequest
from nbstream.core.events.requests import Answer, Approval
from nbstream.typed.validation_errors import problems_of

if TYPE_CHECKING:
    from nbstream.agent.requests import Requests

Row = dict[str, Any]

_MOST_PROBLEMS, _LONGEST = 50, 300
_OF_APPROVAL = ("check", "approve", "deny")
_OF_INPUT = ("check", "answer", "decline")


class PageRequests:
    """The requests of one run, and of the agents that are its tools, as JSON."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests

    def rows(self) -> list[Row]:
        """The open requests; ``call`` is the id of the call in whose card each is drawn."""
        return [
            {
                "id": name,
                "call": call,
                "kind": "input" if isinstance(event, InputRequest) else "approval",
                "tool": event.tool_call.tool_name,
                "args": event.tool_call.args_json,
                "schema": schema,
                "question": event.question if isinstance(event, InputRequest) else "",
            }
            for name, call, event, schema in self._requests.named()
        ]

    @property
    def changed_args(self) -> dict[tuple[int, str], str]:
        """The arguments in the place of the model's, as JSON, by message and call."""
        return self._requests.changed_args

    def reply(self, message: Row) -> Row:
        """Take a reply of the page: an answer, or a value to check.

        Returns ``{}`` if it counts, else its ``problems``, or ``late`` if there was an answer.
        """
        name, action = str(message.get("id", "")), message.get("action")
        value, reason = message.get("value"), str(message.get("reason") or "")
        event = next((one for own, _, one, _ in self._requests.named() if own == name), None)
        if event is None:
            return {"late": True}
        asks = isinstance(event, InputRequest)
        if action not in (_OF_INPUT if asks else _OF_APPROVAL):
            return {"problems": [[[], f"{action} is no answer to this request"]]}
        if not asks and not isinstance(value, dict | None):
            return {"problems": [[[], "The arguments are not an object"]]}
        if action in ("check", "answer") or (action == "approve" and value is not None):
            try:
                self._requests.validate(name, value)
            except Exception as error:  # noqa: BLE001 - a validator raises anything
                rows = problems_of(error)[:_MOST_PROBLEMS]
                return {"problems": [[list(one.path), one.text[:_LONGEST]] for one in rows]}
        answer: Any = None
        match action:
            case "approve":
                always = message.get("always") is True
                answer = Approval(granted=True, args=value, always=always)
            case "deny":
                answer = Approval(granted=False, reason=reason)
            case "answer":
                answer = Answer(given=True, value=value)
            case "decline":
                answer = Answer(given=False, reason=reason)
        if answer is not None:
            self._requests.answer(name, answer)
        return {}
