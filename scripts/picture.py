"""Makes the README's pictures: a typed answer that fills in a table in a real JupyterLab.

    python scripts/picture.py

The answer comes over HTTP from aimock, which imitates a provider. The pictures are
docs/cell-light.webp and docs/cell-dark.webp, which are animated, and a still of each,
cell-light.png and cell-dark.png.
"""

from __future__ import annotations

import io
import itertools
import json
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image, ImageChops

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.harness import browser
from tests.harness.aimock import AIMock
from tests.harness.page import NotebookPage
from tests.harness.server import JupyterServer

FOLDER = Path(__file__).resolve().parent.parent / "docs"
WIDTH = 850  # CSS pixels of the notebook; the pictures have twice as many
LIMIT = 1_500_000  # bytes of one picture
LAST = 6_000  # milliseconds that the end is shown
STILL = 0.55  # the share of the frames after which the still is taken

CELLS = [
    """\
%load_ext nbstream
from typing import Literal
from pydantic import BaseModel

class Planet(BaseModel):
    name: str
    kind: Literal["rocky", "gas giant", "ice giant"]
    km: int
    year: float
    rings: bool
    look_for: str""",
    """\
%%llm -o planets --schema list[Planet]
The eight planets, and what a small telescope shows of each.""",
    "[planet.name for planet in planets.output if planet.rings]",
]
ROWS = [
    ("Mercury", "rocky", 4879, 0.24, False, "Phases at dusk"),
    ("Venus", "rocky", 12104, 0.62, False, "A bright crescent"),
    ("Earth", "rocky", 12756, 1.0, False, "Its shadow on the Moon"),
    ("Mars", "rocky", 6792, 1.88, False, "White polar caps"),
    ("Jupiter", "gas giant", 142984, 11.86, True, "Four moons, two belts"),
    ("Saturn", "gas giant", 120536, 29.46, True, "The rings"),
    ("Uranus", "ice giant", 51118, 84.01, True, "A small green disc"),
    ("Neptune", "ice giant", 49528, 164.8, True, "A blue dot"),
]
# Nothing that a reader cannot use in a picture.
STYLE = f"""
    .jp-Notebook-footer, .jp-cell-toolbar, .jp-cell-menu {{ display: none !important; }}
    .jp-WindowedPanel-outer {{ width: {WIDTH}px !important; scrollbar-width: none; }}
"""


def main() -> int:
    """Make the pictures; returns 1 if one is too large."""
    with tempfile.TemporaryDirectory() as folder:
        fixtures = Path(folder) / "fixtures.json"
        fixtures.write_text(json.dumps(answer()), encoding="utf-8")
        variables = {"NBSTREAM_MODEL": "openai/gpt-5.2", "OPENAI_API_KEY": "none"}
        with (
            AIMock(fixtures) as model,
            browser.launch() as chromium,
            JupyterServer(
                Path(folder) / "lab", env=variables | {"OPENAI_BASE_URL": f"{model.url}/v1"}
            ) as server,
        ):
            for theme in ("light", "dark"):
                context = chromium.new_context(
                    viewport={"width": 1200, "height": 1100}, device_scale_factor=2
                )
                page = NotebookPage(context.new_page(), server, f"{theme}.ipynb")
                write(theme, *film(page, dark=theme == "dark"))
                context.close()
    pictures = sorted(FOLDER.glob("cell-*"))
    for one in pictures:
        print(f"{one}: {one.stat().st_size:,} bytes")
    return any(one.stat().st_size > LIMIT for one in pictures)


def answer() -> dict[str, object]:
    """What aimock answers, and how fast."""
    names = ("name", "kind", "km", "year", "rings", "look_for")
    rows = [dict(zip(names, row, strict=True)) for row in ROWS]
    content = json.dumps({"result": rows}, ensure_ascii=False)
    usage = {"prompt_tokens": 214, "completion_tokens": 341, "total_tokens": 555}
    return {
        "fixtures": [
            {
                "match": {"userMessage": "The eight planets"},
                "response": {"content": content, "usage": usage},
                "chunkSize": 4,
                "streamingProfile": {"ttft": 900, "tps": 28, "jitter": 0.3},
            }
        ]
    }


def film(page: NotebookPage, *, dark: bool) -> tuple[list[Image.Image], list[int]]:
    """Run the notebook; its frames, and how many milliseconds each is shown."""
    page.write(CELLS)
    page.open()
    page.set_theme(dark=dark)
    page.page.add_style_tag(content=STYLE)
    page.command("application:toggle-left-area")
    page.run_cell(0)
    page.page.wait_for_timeout(800)
    area = page.page.locator(".jp-WindowedPanel-outer").bounding_box()
    assert area is not None
    frames: list[Image.Image] = []
    times: list[float] = []

    def take() -> None:
        times.append(time.monotonic())
        data = page.page.screenshot(clip=area)
        frames.append(Image.open(io.BytesIO(data)).convert("RGB"))

    take()
    page.run_cell(1, wait=False)
    while page.state() != "idle/connected" or len(frames) < 10:
        take()
    page.run_cell(2)
    page.page.wait_for_timeout(500)
    take()
    shown = [round(1000 * (after - one)) for one, after in itertools.pairwise(times)]
    return frames, [*shown, LAST]


def write(theme: str, frames: list[Image.Image], shown: list[int]) -> None:
    """Write the animated picture and the still of one theme, without the empty part below."""
    still = frames[round(len(frames) * STILL)]
    still.crop(_used(still)).quantize(128).save(FOLDER / f"cell-{theme}.png", optimize=True)
    cut = [one.crop(_used(frames[-1])) for one in frames]
    cut[0].save(
        FOLDER / f"cell-{theme}.webp",
        save_all=True,
        append_images=cut[1:],
        duration=shown,
        loop=0,
        lossless=True,
        quality=80,
        method=4,
        minimize_size=True,
    )


def _used(page: Image.Image) -> tuple[int, int, int, int]:
    """The part of a frame that has something in it, without the line at the top."""
    empty = Image.new("RGB", page.size, page.getpixel((4, page.height - 4)))
    box = ImageChops.difference(page, empty).getbbox()
    assert box is not None
    return 0, 4, page.width, min(page.height, box[3] + 24)


if __name__ == "__main__":
    sys.exit(main())
