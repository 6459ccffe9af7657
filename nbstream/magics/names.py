"""Names that the magics give to IPython and to the user."""

MAGIC = "llm"
OWN = "nbstream"
"""The same magic, where another extension has ``%%llm``."""

AWAITED = "_llm_awaited"
"""The magic of a cell that awaits."""

LAST = "_llm"
"""The variable that holds the last answer, also of a cell that failed or was interrupted."""
