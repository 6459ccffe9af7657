/* Returns what should not be in `root`, an element that shows hostile answers. */
async (root) => {
  const bad = new Set();
  // What is folded may be drawn when it is opened, and a fold may be in another one.
  for (let same = 0, before = -1; same < 5; ) {
    for (const fold of root.querySelectorAll("details")) fold.open = true;
    await new Promise(requestAnimationFrame);
    const now = root.querySelectorAll("*").length;
    same = now === before ? same + 1 : 0;
    before = now;
  }
  const box = root.getBoundingClientRect();
  const own = new URL(document.baseURI).host;
  const hidden = /[\0-\x08\v\f\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u206f]/;
  const words = /^[\w\s!"'()*+,;<=>?[\]{}|~$…-]*\.?\s*$/;
  const elements =
    /^(script|style|link|meta|iframe|object|embed|form|base|audio|video|source|textarea|select)$/;

  const checkAttribute = (el, { name, value }) => {
    if (/^on/.test(name)) bad.add(`${name}=${value}`);
    if (hidden.test(value)) bad.add(`a hidden character in ${name} of ${el.localName}`);
    if (!/^(src|srcset|data|action|poster|background)$/.test(name)) return;
    if (!/^(data:image\/(png|jpeg|gif|webp|avif);base64,|blob:)/.test(value))
      bad.add(`${name}=${value}`);
  };

  const checkLink = (el) => {
    const to = new URL(el.href);
    const isMail = to.protocol === "mailto:";
    const host = isMail ? decodeURIComponent(to.pathname) : to.hostname;
    const around = [el.previousElementSibling, el, el.nextElementSibling];
    const text = around.map((one) => one?.textContent ?? "").join(" ");
    if (!/^(https?|mailto):$/.test(to.protocol) || to.username || (isMail && to.search))
      bad.add(`a link to ${el.href}`);
    if ((to.host && to.host === own) || /^(localhost|127\.)/.test(to.hostname))
      bad.add(`a link to the own host, ${el.href}`);
    const beside = [el.previousSibling, el.nextSibling].map((one) => one?.textContent ?? "");
    const word = /\S*$/.exec(beside[0])[0] + el.textContent + /^\S*/.exec(beside[1])[0];
    if (!text.includes(host) && !(words.test(el.textContent) && !/\w[./@]\w/.test(word)))
      bad.add(`${el.href} is not disclosed: ${word.slice(0, 60)}`);
  };

  /* Whether a box around an element shows only what is inside the root. */
  const isClipped = (el) => {
    for (let up = el.parentElement; up && up !== root.parentElement; up = up.parentElement) {
      const { right } = up.getBoundingClientRect();
      if (getComputedStyle(up).overflowX !== "visible" && right <= box.right + 1) return true;
    }
    return false;
  };

  const checkSize = (el) => {
    const { left, right, width, height } = el.getBoundingClientRect();
    const isOutside = width > 0 && (right > box.right + 1.5 || left < box.left - 1.5);
    // Many spaces at the end of a line hang over it, and draw nothing.
    if (isOutside && !isClipped(el) && !/ {20}/.test(el.textContent)) {
      const up = el.parentElement;
      bad.add(
        `${el.localName}.${el.className} in ${up.localName}.${up.className} goes ` +
          `from ${Math.round(left)} to ${Math.round(right)} px: ${el.textContent.slice(0, 40)}`,
      );
    }
    const rows = el.querySelectorAll("mtr, mjx-mtr, msqrt, mjx-msqrt").length;
    if (/^(math|mjx-container)$/.test(el.localName) && height > 150 + 40 * rows)
      bad.add(`${el.localName} is ${Math.round(height)} px high`);
    // The head of a typed answer's table stays in sight within the table's own box.
    const { position } = getComputedStyle(el);
    if (position === "fixed" || (position === "sticky" && !isClipped(el)))
      bad.add(`${el.localName}.${el.className} is ${position}`);
  };

  for (const el of root.querySelectorAll("*")) {
    // MathJax 2 keeps the source of a formula in a script that no browser runs.
    if (elements.test(el.localName) && !/^math\/tex/.test(el.type)) bad.add(`<${el.localName}>`);
    if (el.localName === "input" && el.type !== "checkbox") bad.add("<input>");
    for (const attribute of el.attributes) checkAttribute(el, attribute);
    if (el.localName === "a" && el.hasAttribute("href")) checkLink(el);
    checkSize(el);
  }
  // Text goes on out of the block that it is in.
  for (const el of root.querySelectorAll("div, p, li, td, pre, details, span")) {
    const { overflowX, display } = getComputedStyle(el);
    if (overflowX !== "visible" || !/block|cell|item/.test(display) || !el.clientWidth) continue;
    const right = el.getBoundingClientRect().left + el.scrollWidth;
    if (right > box.right + 2 && !isClipped(el) && !/ {20}/.test(el.textContent))
      bad.add(
        `${el.localName}.${el.className} in ${el.parentElement.className} has text up to ` +
          `${Math.round(right)} px: ${el.textContent.slice(0, 40)}`,
      );
  }
  const at = root.textContent.search(hidden);
  if (at >= 0) bad.add(`a hidden character: ${root.textContent.slice(Math.max(0, at - 30), at)}`);
  if ("__x" in window) bad.add("a script ran");
  return [...bad];
}
