"""What a typed answer shows while it arrives: markers, states, and types for type checkers.

>>> from typing import Annotated
>>> from pydantic import BaseModel
>>> from nbstream.output import Needed, Whole
>>> class Step(BaseModel):
...     title: Annotated[str, Needed()]  # a step without a title is not shown
...     command: Annotated[str, Whole()]  # half a command is not shown
"""

from nbstream.typed.markers import Needed, Whole
from nbstream.typed.output_state import OutputState
from nbstream.typed.partial_output import PartialOutput, peek
from nbstream.typed.validation_errors import Problem

__all__ = [
    "Needed",
    "OutputState",
    "PartialOutput",
    "Problem",
    "Whole",
    "peek",
]
