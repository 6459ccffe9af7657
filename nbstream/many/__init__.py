"""Many prompts for one model, several at a time: ``nbstream.map()``.

``api`` has the call and ``prompt_map`` what it returns; ``work`` sends the requests.
"""

from nbstream.many.api import map_prompts
from nbstream.many.prompt_map import PromptMap
from nbstream.many.result import MapResult

__all__ = ["MapResult", "PromptMap", "map", "map_prompts"]

map = map_prompts  # noqa: A001 - users write nbstream.map
