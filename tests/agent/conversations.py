"""The conversations that nbstream and PydanticAI both have with aimock, and their tools.

Imports neither: PydanticAI has an environment of its own, in which ``peer.py`` runs this.
"""

import asyncio
import dataclasses

PROMPTS = ("text", "one tool", "parallel", "retry", "typed", "asks again", "raises", "cancel")


@dataclasses.dataclass
class City:
    """A city."""

    name: str
    population: int


def add(a: int, b: int) -> int:
    """Add two numbers.

    Args:
        a: The first.
        b: The second.
    """
    return a + b


def picky_for(retry: type[Exception]):  # type: ignore[no-untyped-def] # noqa: ANN201
    """A tool that refuses 1 with the library's own exception."""

    def picky(n: int) -> str:
        """Take a number."""
        if n == 1:
            raise retry("Not 1.")
        return f"{n} is fine."

    return picky


def broken(n: int) -> float:
    """Divide."""
    return n / 0


class Hang:
    """A tool that never ends, and tells when it has begun."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def hang(self) -> str:
        """Wait."""
        self.begun.set()
        await asyncio.sleep(600)
        return "never"
