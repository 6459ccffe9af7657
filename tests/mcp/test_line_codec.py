"""The lines that a program writes: whole, whatever pieces they come in, and never without end."""

import codecs

import pytest

from nbstream.errors import MCPError
from nbstream.mcp import line_codec


def decoder() -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder(line_codec.NAME)()


def test_only_whole_lines_come() -> None:
    text = "one\ntwo ❤️\r\n\nthree 🎉\nrest"
    data = text.encode()
    for size in range(1, len(data) + 1):
        one = decoder()
        found = [one.decode(data[at : at + size]) for at in range(0, len(data), size)]
        assert all(piece == "" or piece.endswith("\n") for piece in found)
        assert "".join(found) + one.decode(b"", final=True) == text


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_codec, "MOST_BYTES", 10)
    one = decoder()
    assert one.decode(b"0123456789") == ""
    with pytest.raises(MCPError, match="more than 10 bytes"):
        one.decode(b"0")
