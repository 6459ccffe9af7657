"""Compares computed styles, for tests: what a view's style sheet does to its host, and the reverse.

Sizes that follow from the layout are not compared.
"""

from typing import Any

from playwright.sync_api import Page

# Elements that a host page may hold; the test adds them where the host shows HTML.
_SAMPLE = """
<section id="host-sample">
  <h1>h</h1><p>p <a href="#x">a</a> <code>c</code> <kbd>k</kbd> <mark>m</mark></p>
  <ul><li>l</li></ul><blockquote>q</blockquote><pre><code>x</code></pre>
  <table><thead><tr><th>h</th></tr></thead><tbody><tr><td>d</td></tr></tbody></table>
  <details><summary>s</summary>d</details><button type="button">b</button><input><hr>
  <math><mi>x</mi></math>
</section>
"""

_TOOLS = """
// Views far from the window are not laid out in some hosts; the rule is ours (view.css).
const LAYOUT = RegExp('^(content-visibility|contain-intrinsic-.*|width|height|inline-size'
    + '|block-size|perspective-origin|transform-origin'
    + '|inset-.*|top|left|right|bottom|-webkit-.*)$');
const HARMLESS = new Set(['user-select', 'accent-color', 'tab-size', 'text-size-adjust',
    'print-color-adjust', 'appearance']);
const EDGE = /^(border-.*)-(color|style)$/; // of no effect where the width is zero
const hasEffect = (name, style) => !HARMLESS.has(name)
    && !(EDGE.test(name) && style[name.replace(EDGE, '$1-width')] === '0px');
const styleOf = (el, pseudo) => {
  const all = el.ownerDocument.defaultView.getComputedStyle(el, pseudo);
  return Object.fromEntries([...all].filter(name => !LAYOUT.test(name) && !name.startsWith('--'))
      .map(name => [name, all.getPropertyValue(name)]));
};
const differences = (one, other) => Object.keys(one)
    .filter(name => one[name] !== other[name] && (hasEffect(name, one) || hasEffect(name, other)))
    .map(name => `${name}: ${one[name]} | ${other[name]}`);
"""

_OF_HOST = f"""html => {{
  {_TOOLS}
  document.querySelector('#host-sample')?.remove();
  document.body.insertAdjacentHTML('beforeend', html);
  const own = [...document.querySelectorAll('#host-sample *')];
  const around = [document.documentElement, document.body];
  const found = [...around, ...own].map((el, i) => [`${{i}} ${{el.tagName}}`, styleOf(el)]);
  document.querySelector('#host-sample').remove();
  return found;
}}"""

# A copy of the view in an empty document that has its style sheet and the host's variables.
_OF_VIEW = f"""view => {{
  {_TOOLS}
  const frame = document.body.appendChild(document.createElement('iframe'));
  frame.style.cssText = 'position:fixed;visibility:hidden';
  frame.style.width = view.offsetWidth + 'px';
  const alone = frame.contentDocument;
  alone.write('<!doctype html>'); // without it, tables do not inherit colours
  alone.close();
  for (const style of view.getRootNode().querySelectorAll('style')) {{
    if (/\\.nb(stream|form|md)\\b/.test(style.textContent))
      alone.head.append(alone.importNode(style, true));
  }}
  const page = getComputedStyle(view.parentElement);
  for (const [name] of view.parentElement.computedStyleMap())
    if (name.startsWith('--'))
      alone.documentElement.style.setProperty(name, page.getPropertyValue(name));
  alone.documentElement.style.colorScheme = page.colorScheme;
  alone.documentElement.style.overflow = 'hidden'; // no bar takes of the width
  alone.body.style.cssText = 'visibility: visible; margin: 0';
  alone.body.className = document.body.className; // rules of ours name some of them
  const copy = alone.body.appendChild(alone.importNode(view, true));
  const [ours, theirs] = [view, copy].map(root => [root, ...root.querySelectorAll('*')]);
  const found = {{}};
  for (const [i, el] of ours.entries()) {{
    const name = `${{el.tagName.toLowerCase()}}.${{el.classList[0] ?? ''}}`;
    for (const pseudo of [null, '::before', '::after']) {{
      if (pseudo && getComputedStyle(el, pseudo).content === 'none') continue;
      for (const one of differences(styleOf(el, pseudo), styleOf(theirs[i], pseudo)))
        (found[one] ??= new Set()).add(name + (pseudo ?? ''));
    }}
  }}
  frame.remove();
  return Object.entries(found).map(([one, names]) => `${{one}} | ${{[...names].join(' ')}}`);
}}"""


def of_host(page: Page) -> dict[str, dict[str, str]]:
    """The styles of elements of the host and of a sample of plain HTML, by name."""
    found: list[tuple[str, dict[str, str]]] = page.evaluate(_OF_HOST, _SAMPLE)
    return dict(found)


def from_host(page: Page, view: str = ".nbstream") -> list[str]:
    """What the host's style sheets change in a view: property, value here, value without them."""
    found: Any = page.locator(view).first.evaluate(_OF_VIEW)
    return list(found)
