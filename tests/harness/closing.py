"""``Closing``: what a test starts and must end: ``with`` calls its ``close()``."""

from types import TracebackType
from typing import Self


class Closing:
    """The base class; ``close`` ends what was started."""

    def close(self) -> None:
        """End it."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
