"""Code for a kernel that registers ``test/gpt``, a model whose answers have a known price."""

PRICED = """
from nbstream.messages import Message, TextPart, Usage
from nbstream.testing import ScriptedModel
def priced(count):
    usage = Usage(100_000, 10_000)
    part = (TextPart("Blue."),)
    return [Message("assistant", part, usage, "stop", None, "gpt-4o", "openai")] * count
ScriptedModel(*priced(9), name="gpt").register();
"""
"""A model whose answers have a price: 0.35 dollars each."""
