"""Finds the code blocks in an answer's text, by CommonMark's rules."""

from __future__ import annotations


def code_blocks(text: str) -> list[str]:
    """The fenced code blocks of a Markdown text, without their fences, in order."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(text)
    return [token.content for token in tokens if token.type == "fence"]
