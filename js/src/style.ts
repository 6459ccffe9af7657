/**
 * The style sheet, once a root.
 *
 * Knows that a view may stand in the document or in somebody's shadow root, and
 * that it may not be attached yet while it is rendered. Refuses to know a rule
 * of it: they are in style.css.
 */

import css from "./style.css";

const styled = new WeakSet<Node>();

export function addStyle(el: HTMLElement): void {
	// Before the first frame for the usual case, so that nothing flashes.
	into(el.ownerDocument.head);
	const inside = () => {
		const root = el.getRootNode();
		if (root instanceof ShadowRoot) into(root);
	};
	inside();
	requestAnimationFrame(inside);
}

function into(root: HTMLElement | ShadowRoot): void {
	if (styled.has(root)) return;
	styled.add(root);
	const style = document.createElement("style");
	style.textContent = css;
	root.append(style);
}
