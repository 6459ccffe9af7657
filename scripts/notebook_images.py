"""Draws the two images of the notebooks: a chart, and the picture that a model is said to make.

`python scripts/notebook_images.py` writes them. They are committed, because the bytes of a PNG
differ between releases of the libraries, and a cassette knows an image by its bytes.
"""

from __future__ import annotations

import math
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parent.parent
CHART = ROOT / "notebooks" / "co2.png"
PICTURE = ROOT / "tests" / "aimock" / "lake.png"

# Yearly means in ppm at Mauna Loa, of NOAA's Global Monitoring Laboratory, which are in the public
# domain: https://gml.noaa.gov/ccgg/trends/data.html
PPM = {
    1960: 316.91,
    1970: 325.68,
    1980: 338.76,
    1990: 354.45,
    2000: 369.71,
    2010: 390.10,
    2020: 414.21,
}

WIDTH, HEIGHT, SCALE = 360, 220, 4  # the picture is drawn larger, so that its edges are smooth
SKY = ((43, 45, 84), (116, 82, 122), (214, 125, 111), (246, 190, 124))
RANGES = (((92, 82, 126), 0.46, 0.16, 1.3), ((62, 62, 104), 0.54, 0.12, 2.9))
SHORE = (34, 38, 66)


def chart() -> None:
    """Draw the carbon dioxide at Mauna Loa."""
    figure = Figure(figsize=(5.6, 3.4), dpi=90, layout="constrained")
    axes = figure.subplots()
    axes.plot(list(PPM), list(PPM.values()), "o-", color="#2f6f8f", linewidth=2)
    axes.set(xlabel="Year", ylabel="Carbon dioxide (ppm)", title="Mauna Loa, yearly means")
    axes.set(xlim=(1957, 2023), ylim=(305, 425))
    axes.grid(visible=True, color="#dddddd")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(CHART, metadata={"Software": None})
    small(Image.open(CHART), 48).save(CHART, optimize=True)


def picture() -> None:
    """Draw a mountain lake at dusk in flat colours."""
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE))
    draw = ImageDraw.Draw(image)
    width, height = image.size
    water = int(height * 0.62)
    bands = 9
    for band in range(bands):
        top, bottom = water * band // bands, water * (band + 1) // bands
        draw.rectangle((0, top, width, bottom), fill=mixed(band / (bands - 1)))
    sun = (int(width * 0.64), int(water * 0.72), int(height * 0.11))
    draw.circle(sun[:2], sun[2], fill=(253, 226, 168))
    for colour, level, swing, phase in RANGES:
        draw.polygon([(0, water), *ridge(width, height, level, swing, phase)], fill=colour)
    land = image.crop((0, 0, width, water)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    image.paste(Image.blend(land, Image.new("RGB", land.size, SKY[0]), 0.35), (0, water))
    for line in range(7):
        y = water + (height - water) * (line + 1) // 9
        half = sun[2] * (7 - line) // 8
        draw.line((sun[0] - half, y, sun[0] + half, y), fill=(240, 196, 150), width=SCALE)
    draw.polygon([(0, height), *ridge(width, height, 1.0, 0.09, 4.6), (0, height)], fill=SHORE)
    small(image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), 32).save(PICTURE, optimize=True)


def mixed(place: float) -> tuple[int, ...]:
    """The colour of the sky at a height from 0, the top, to 1."""
    at = place * (len(SKY) - 1)
    below = min(int(at), len(SKY) - 2)
    return tuple(
        round(a + (b - a) * (at - below)) for a, b in zip(SKY[below], SKY[below + 1], strict=True)
    )


def ridge(
    width: int, height: int, level: float, swing: float, phase: float
) -> list[tuple[int, int]]:
    """The points of a range of hills, and the two corners below it."""
    points = []
    for x in range(0, width + 1, SCALE):
        at = x / width * math.tau
        wave = math.sin(at * 1.1 + phase) + 0.5 * abs(math.sin(at * 2.3 + phase)) * 1.4
        wave += 0.16 * math.sin(at * 9 + phase) + 0.07 * math.sin(at * 23)
        points.append((x, int(height * (level - swing * wave * 0.7))))
    bottom = int(height * max(0.62, level))
    return [*points, (width, bottom), (0, bottom)]


def small(image: Image.Image, colours: int) -> Image.Image:
    """The image with a palette, which makes a file of a few kilobytes."""
    return image.convert("RGB").quantize(colours, dither=Image.Dither.NONE)


if __name__ == "__main__":
    chart()
    picture()
