"""``%llm approve``: answers the calls that wait for approval in the running answers."""

from __future__ import annotations

from nbstream.core.events import ApprovalRequest
from nbstream.errors import UsageError
from nbstream.magics.session import session

_RULES = ("always", "deny")


def approve(rule: str = "", *reason: str) -> None:
    """Approve what waits; with ``always`` also the later calls, with ``deny`` refuse it.

    Raises:
        UsageError: nothing waits, or the rule is unknown.
    """
    if rule and rule not in _RULES:
        raise UsageError(
            f"%llm approve takes always or deny, not {rule}.",
            remedy="A reason comes after deny.",
        )
    waiting = [
        one for answer in session.spending.running() for one in getattr(answer, "requests", ())
    ]
    if not waiting:
        raise UsageError("No call waits for approval.")
    from nbstream.agent.legible import call_text  # loads pydantic

    for event in waiting:
        call = event.tool_call
        shown = call_text(call)
        if not isinstance(event, ApprovalRequest):
            print(f"{shown} asks for a value: fill in its form, or use _llm.answer().")  # noqa: T201
        elif rule == "deny":
            event.deny(" ".join(reason))
            print(f"Denied {shown}.")  # noqa: T201
        else:
            event.approve(always=rule == "always")
            print(f"Approved {shown}.")  # noqa: T201
