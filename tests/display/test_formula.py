"""Which formulas of a model are left for MathJax in the static HTML, and that nothing else is."""

import re
from html.parser import HTMLParser

import pytest

from nbstream import replay_message
from nbstream.core.message import (
    BuiltinToolCallPart,
    Citation,
    Part,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    assistant_message,
)
from nbstream.display import html
from nbstream.display.html import markdown

HOSTILE = [
    r"\href{javascript:alert(1)}{x}",
    r"\href{https://evil.example}{https://bank.example}",
    r"\url{https://evil.example}",
    r"\includegraphics{https://evil.example/x.png}",
    r"\require{html}x",
    r"\unicode{x202e}",
    r"\class{jp-Dialog}{x}",
    r"\cssId{main}{x}",
    r"\style{position:fixed;inset:0}{x}",
    r"\data{x=y}{x}",
    r"\newcommand{\alpha}{x}",
    r"\renewcommand{\alpha}{x}",
    r"\def\a{\a\a}\a",
    r"\let\alpha\beta",
    r"\newenvironment{a}{b}{c}",
    r"\rule{1000em}{1000em}",
    r"\kern-100em x",
    r"\hspace{-100em}x",
    r"\mkern-999mu x",
    r"\raise100em{x}",
    r"\rlap{covers}",
    r"\llap{covers}",
    r"\smash{x}",
    r"\phantom{hidden}",
    r"\color{white}{x}",
    r"\textcolor{white}{x}",
    r"\bbox[1000em]{x}",
    r"\Huge x",
    r"\label{a}",
    r"\ref{a}",
    r"a\\[1000em]b",
    r"a\\ [-99em] b",
    r"\begin{array}{p{1000em}}x\end{array}",
    r"\begin{array}{@{\href{x}{y}}}x\end{array}",
    r"x % hidden",
    r"x}{y",
    r"\text{a $\href{x}{y}$ b}",
    r"\begin{matrix}a",
    r"\begin{matrix}a\end{pmatrix}",
    r"\verb|x|",
    "\u202ex",
    "{" * 40 + "x" + "}" * 40,
    r"\quad" * 50,
    "#1",
]
PLAIN = [
    "x",
    r"\frac{a}{b}",
    r"\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2}",
    r"\begin{align} a &= b \\[4pt] c &< d \end{align}",
    r"\begin{array}{l|r} a & b \end{array}",
    r"\text{if } x > 0",
    r"\left\{ x \right\}",
    r"50\%",
    r"\$5",
    r"x\!y",
]


class Read(HTMLParser):
    """What MathJax reads: the texts of the elements with its class, and all other texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.formulas: list[str] = []
        self.others: list[str] = []
        self._is_formula = False
        self.feed(page)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_formula = "mathjax_process" in (dict(attrs).get("class") or "")

    def handle_endtag(self, _tag: str) -> None:
        self._is_formula = False

    def handle_data(self, data: str) -> None:
        (self.formulas if self._is_formula else self.others).append(data)


@pytest.mark.parametrize("tex", HOSTILE)
@pytest.mark.parametrize("written", ["${}$", "$$\n{}\n$$", "\\({}\\)", "so \\[{}\\] is"])
def test_tex_with_other_commands_is_shown_as_its_source(tex: str, written: str) -> None:
    read = Read(markdown.render(written.replace("{}", tex)))
    assert not any(tex in formula for formula in read.formulas)
    shown = "".join(read.others)
    assert re.sub(r"\W", "", tex) in re.sub(r"\W", "", shown)
    assert not read.formulas or "text" in tex, "no part of it is a formula"


@pytest.mark.parametrize("tex", PLAIN)
def test_other_formulas_are_left_for_mathjax(tex: str) -> None:
    (shown,) = Read(markdown.render(f"\\({tex}\\)")).formulas
    assert shown == f"${tex}$".replace(r"\!", " ")
    (shown,) = Read(markdown.render(f"$$\n{tex}\n$$")).formulas
    assert shown.startswith("$$")


TEXT = (
    r"$\href{javascript:x}{y}$ \(\rule{9em}{9em}\) \[x\] \begin{align}x\end{align} \ref{a} $5, $6"
)


@pytest.mark.parametrize(
    "part",
    [
        TextPart(f"`{TEXT}`\n\n    {TEXT}\n\n<b title='{TEXT}'>\n\n![{TEXT}](x)"),
        TextPart("a", (Citation("https://a.example/" + TEXT, TEXT, TEXT, 0, 1),)),
        ThinkingPart(TEXT),
        RefusalPart(TEXT),
        ToolCallPart("c", TEXT, TEXT),
        BuiltinToolCallPart("c", TEXT, '{"query": "$x$"}'),
    ],
    ids=lambda part: type(part).__name__,
)
def test_no_other_text_holds_a_sign_that_mathjax_reads(part: Part) -> None:
    stream = replay_message(assistant_message(part))
    stream.wait()
    read = Read(html(stream))
    if not isinstance(part, ThinkingPart):
        assert not read.formulas
    for text in read.others:
        assert text == "$" or "$" not in text
        assert not re.search(r"\\[(\[]|\\begin|\\ref", text)
