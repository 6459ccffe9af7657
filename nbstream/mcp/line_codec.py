"""A codec of UTF-8 that gives whole lines only, for the package's reader of a program's stdout.

The package joins what it has of a line with each new piece and splits that again: a line of 40 MB,
which comes in 64 kB, costs 11 s of CPU. It reads with a codec that it looks up by name, and this
one keeps the pieces of an unfinished line to itself.
"""

from __future__ import annotations

import codecs

from nbstream.errors import MCPError

NAME = "nbstream-lines"
MOST_BYTES = 64 * 1024 * 1024
"""Of one line."""


class _Decoder(codecs.IncrementalDecoder):
    """Holds back what follows the last line end."""

    def __init__(self, errors: str = "strict") -> None:
        super().__init__(errors)
        self._pieces: list[bytes] = []
        self._size = 0

    def decode(self, data: object, final: bool = False) -> str:
        """The lines that are whole.

        Raises:
            MCPError: a line is longer than ``MOST_BYTES``.
        """
        piece = bytes(data)  # type: ignore[call-overload]  # a buffer
        whole, end, rest = piece.rpartition(b"\n")
        if not end and not final:
            self._keep(rest)
            return ""
        lines = b"".join([*self._pieces, whole, end, rest if final else b""])
        self.reset()
        if not final:
            self._keep(rest)
        return lines.decode("utf-8", self.errors)

    def _keep(self, piece: bytes) -> None:
        if piece:
            self._pieces.append(piece)
            self._size += len(piece)
        if self._size > MOST_BYTES:
            self.reset()
            raise MCPError(f"A line of an MCP server has more than {MOST_BYTES:,} bytes.")

    def reset(self) -> None:
        """Forget the unfinished line."""
        self._pieces, self._size = [], 0


def _find(name: str) -> codecs.CodecInfo | None:
    if name not in (NAME, NAME.replace("-", "_")):
        return None
    utf8 = codecs.lookup("utf-8")
    return codecs.CodecInfo(
        name=NAME, encode=utf8.encode, decode=utf8.decode, incrementaldecoder=_Decoder
    )


codecs.register(_find)
