"""``stream.save()``: writes an answer to a file, in the form that the file's name asks for."""

from __future__ import annotations

import json
import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbstream.core.codec import message_to_dict
from nbstream.errors import UsageError
from nbstream.streams.draw_hook import forms

if TYPE_CHECKING:
    from os import PathLike

    from nbstream.streams.results import StreamResults
    from nbstream.streams.state import StreamState

_FORMS = {".html": "text/html", ".md": "text/markdown", ".txt": "text/plain"}
_ENDINGS = f"{', '.join(_FORMS)}, .json, .csv, or that of a file in the answer, such as .png"


def save(stream: StreamResults[Any], path: str | PathLike[str]) -> Path:
    """Write the answer so far to ``path``; see ``StreamResults.save``."""
    target = Path(path).expanduser()
    ending = target.suffix.lower()
    if kind := _FORMS.get(ending):
        target.write_text(forms(stream)[kind], encoding="utf-8")
    elif ending == ".json":
        rows = [message_to_dict(message) for message in stream.messages]
        target.write_text(json.dumps(rows, ensure_ascii=False, indent=2), encoding="utf-8")
    elif ending == ".csv":
        _write_csv(stream, target)
    else:
        target.write_bytes(_file(stream, target))
    return target


def _write_csv(stream: StreamResults[Any], target: Path) -> None:
    frame = stream.df
    if hasattr(frame, "write_csv"):  # Polars
        frame.write_csv(target)
    else:
        frame.to_csv(target, index=False)


def _file(stream: StreamState[Any], target: Path) -> bytes:
    """The bytes of the answer's first file of the type that the name asks for."""
    wanted, _ = mimetypes.guess_type(target.name)
    for file in (file for message in stream.messages for file in message.files):
        if file.data is not None and file.media_type == wanted:
            return file.data
    has = ", ".join(sorted({file.media_type for one in stream.messages for file in one.files}))
    raise UsageError(
        f"The answer has no file for {target.name}: it has {has or 'none'}.",
        remedy=f"Use a name that ends in {_ENDINGS}.",
    )
