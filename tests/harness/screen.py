"""Computes what a terminal shows for the text that it was sent, as far as these tests need it."""

import re

_PIECES = re.compile(
    r"\x1b\[(?P<number>[0-9;?]*)(?P<code>[A-Za-z])"
    r"|(?P<control>[\r\n])|(?P<text>[^\x1b\r\n]+)"
)


def screen(sent: str) -> list[str]:
    """The lines of a screen of any height, without colours and without blanks at their ends."""
    lines, row, column = [""], 0, 0
    for found in _PIECES.finditer(sent):
        text, code = found["text"], found["code"]
        if text:
            line = lines[row].ljust(column)
            lines[row] = line[:column] + text + line[column + len(text) :]
            column += len(text)
        elif found["control"] == "\r":
            column = 0
        elif found["control"] == "\n":
            row += 1
            lines += [""] * (row == len(lines))
        elif code == "A":
            row = max(0, row - int(found["number"] or 1))
        elif code == "J":
            lines[row:] = [lines[row][:column]]
    return [line.rstrip() for line in lines]
