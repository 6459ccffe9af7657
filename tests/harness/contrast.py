"""Checks with axe-core, for tests, that what a page shows has the contrast of WCAG's level AA."""

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


def too_low(page: Page, selector: str) -> list[str]:
    """The texts in the elements of that selector whose contrast is too low."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return list(page.evaluate(_CHECK, selector))
