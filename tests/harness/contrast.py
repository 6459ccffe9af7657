"""Checks, for tests, that what a page shows has the contrast of WCAG's level AA."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"

# Everything that can be opened is open meanwhile.
_CHECK = """async selector => {
  const closed = [...document.querySelectorAll(`${selector} details:not([open])`)];
  for (const el of closed) el.open = true;
  const found = await axe.run({ include: [[selector]] },
      { resultTypes: ['violations'], runOnly: ['color-contrast'] });
  for (const el of closed) el.open = false;
  return found.violations.flatMap(({ nodes }) => nodes.map(({ html, any: [{ data }] }) =>
      `${data.contrastRatio}: ${data.fgColor} on ${data.bgColor} in ${html.slice(0, 200)}`));
}"""


# The lines of live views. They are drawn on the colour of the page, or on one close to it.
_LINES = """() => {
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const page = getComputedStyle(document.documentElement).backgroundColor;
  const light = colour => {
    for (const one of [page, colour]) {
      pen.fillStyle = one;
      pen.fillRect(0, 0, 1, 1);
    }
    const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map(byte => byte / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const faint = new Set();
  for (const el of document.querySelectorAll('.nbstream *')) {
    const style = getComputedStyle(el);
    for (const side of ['Top', 'Right', 'Bottom', 'Left']) {
      const colour = style[`border${side}Color`];
      if (!parseFloat(style[`border${side}Width`]) || /, 0\\)$/.test(colour)) continue;
      const [low, high] = [light(colour), light('transparent')].sort((a, b) => a - b);
      if (high / low < 3) faint.add(`${(high / low).toFixed(2)}: ${colour} of ${el.className}`);
    }
  }
  return [...faint];
}"""


def too_low(page: Page, selector: str) -> list[str]:
    """The texts in the elements of that selector whose contrast is too low."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return list(page.evaluate(_CHECK, selector))


def faint_lines(page: Page) -> list[str]:
    """The lines of live views with a contrast below 3:1, which WCAG asks for where they matter."""
    return list(page.evaluate(_LINES))
