"""``generate()``: asks a model for images or videos; its parameters and its result."""

from nbstream.generation.api import generate
from nbstream.generation.generation import Generation
from nbstream.generation.params import ImageParams, VideoParams
from nbstream.generation.result import Generated

__all__ = ["Generated", "Generation", "ImageParams", "VideoParams", "generate"]
