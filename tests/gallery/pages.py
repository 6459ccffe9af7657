"""Draws scenes in a notebook of a real JupyterLab, photographs them, and runs axe-core."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.gallery.scenes import SCENES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.gallery.play import State
    from tests.harness.page import NotebookPage

AXE = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"
# The whole answer in one piece, and no cell that is only drawn when it is near the window.
SETTINGS = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}
HEIGHT = 2400
SILENCE = 4_500  # milliseconds after which a held stream says that it waits
WIDTHS = {"narrow": 400, "wide": 1200}  # pixels of the output of a cell
SETUP = "from tests.gallery.play import play"

# Everything that a view shows, but for the clock and the text that only screen readers get.
DRAWN = """() => [...document.querySelectorAll('.jp-Notebook .jp-Cell')].map(cell =>
    (cell.querySelector('.nbstream')?.dataset.status ?? '') + [...cell.querySelectorAll(
    '.nbstream-body, .nbstream-sources, .nbstream-error')].map(el => el.textContent.length
    + '/' + el.querySelectorAll('*').length)).join()"""
LIVE = """document.querySelectorAll(`.jp-OutputArea .nbstream:is([data-status="waiting"],
    [data-status="streaming"])`).length"""
OPEN_ALL = """() => {
    for (const el of document.querySelectorAll('.jp-OutputArea details:not([open])')) {
        el.open = true;
        el.dataset.opened = '';
    }
}"""
CLOSE_AGAIN = """() => {
    for (const el of document.querySelectorAll('details[data-opened]')) {
        el.open = false;
        delete el.dataset.opened;
    }
}"""
# Rules about the whole page are JupyterLab's business, not ours.
RUN_AXE = """async () => {
    const found = await axe.run({ include: [['.jp-OutputArea .nbstream']] }, {
         resultTypes: ['violations'], rules: { region: { enabled: false } } });
    const cells = [...document.querySelectorAll('.jp-Notebook .jp-Cell')];
    return found.violations.flatMap(({ id, help, nodes }) => nodes.map(node => {
        const at = document.querySelector(node.target[0]);
        return { rule: id, help, cell: cells.indexOf(at?.closest('.jp-Cell')), html: node.html,
            why: node.failureSummary };
    }));
}"""


@dataclass(frozen=True)
class Shot:
    """One picture to take: a scene in one of its states."""

    name: str
    state: State

    @property
    def cell(self) -> str:
        """The source of the cell that draws it."""
        return f"play({self.name!r}, {self.state!r})"

    def __str__(self) -> str:
        return f"{self.name}, {self.state}"


@dataclass(frozen=True)
class Finding:
    """Something that axe-core found."""

    shot: str
    look: str
    rule: str
    text: str


def shots(wanted: Callable[[str], bool], states: Sequence[State]) -> list[Shot]:
    """The pictures of the scenes whose names are wanted."""
    return [
        Shot(name, state)
        for name, scene in SCENES.items()
        if wanted(name) and scene.available
        for state in states
        if (scene.streams if state == "streaming" else scene.ends)
    ]


def draw(page: NotebookPage, taken: Sequence[Shot]) -> None:
    """Run all cells and wait until every view shows all that it has."""
    page.run_all()
    live = sum(shot.state == "streaming" for shot in taken)
    page.until(lambda: page.page.evaluate(LIVE) == live)
    page.page.wait_for_timeout(SILENCE)
    before: Any = None
    since = 0
    while since < 4:  # four looks that are the same: nothing is left to be drawn
        page.page.wait_for_timeout(150)
        now = page.page.evaluate(DRAWN)
        since = since + 1 if now == before else 0
        before = now


def looks(page: NotebookPage) -> Iterator[str]:
    """Give the page each look in turn: `light-wide` and so on."""
    for theme in ("light", "dark"):
        page.set_theme(dark=theme == "dark")
        for width, pixels in WIDTHS.items():
            set_width(page, pixels)
            yield f"{theme}-{width}"


def set_width(page: NotebookPage, pixels: int) -> None:
    """Make the outputs of the cells so wide."""
    size = page.page.viewport_size or {"width": 0}
    now = page.page.evaluate("document.querySelector('.jp-OutputArea-output').clientWidth")
    for _ in range(3):
        page.page.set_viewport_size({"width": size["width"] + pixels - now, "height": HEIGHT})
        page.page.wait_for_timeout(300)  # JupyterLab lays itself out a little later
        size = page.page.viewport_size or size
        now = page.page.evaluate("document.querySelector('.jp-OutputArea-output').clientWidth")
        if abs(now - pixels) < 2:
            return


def photograph(page: NotebookPage, taken: Sequence[Shot], look: str, folder: Path) -> list[Path]:
    """Take the pictures of one look, and of what is closed, opened."""
    files: list[Path] = []

    def take(index: int, shot: Shot, suffix: str = "") -> None:
        file = folder / f"{shot.name}.{shot.state}{suffix}.{look}.png"
        page.output(index + 1).screenshot(path=file, animations="disabled")
        files.append(file)

    closed = [page.output(i + 1).locator("details:not([open])").count() for i in range(len(taken))]
    for index, shot in enumerate(taken):
        take(index, shot)
    page.page.evaluate(OPEN_ALL)
    for index, shot in enumerate(taken):
        if closed[index]:
            take(index, shot, "-open")
    page.page.evaluate(CLOSE_AGAIN)
    return files


def check(page: NotebookPage, taken: Sequence[Shot], look: str) -> list[Finding]:
    """What axe-core finds on the answers, with everything open and as they are."""
    if not page.page.evaluate("'axe' in window"):
        page.page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Finding] = {}
    for is_open in (False, True):
        page.page.evaluate(OPEN_ALL if is_open else CLOSE_AGAIN)
        for row in page.page.evaluate(RUN_AXE):
            cell = row["cell"]
            shot = str(taken[cell - 1]) if cell > 0 else "?"
            text = f"{row['help']}: {row['html'][:300]}\n{row['why']}"
            found.setdefault(
                json.dumps([shot, row["rule"], row["html"]]),
                Finding(shot, look, row["rule"], text),
            )
    page.page.evaluate(CLOSE_AGAIN)
    return list(found.values())
