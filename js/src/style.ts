/**
 * The style sheet, once a root.
 *
 * Knows which sheets there are, in the order of the cascade, and that a view may
 * stand in the document or in somebody's shadow root, and that it may not be
 * attached yet while it is rendered. Refuses to know a rule of them: each lies
 * beside the view it is for.
 */

import failure from "./failure.css";
import footer from "./footer.css";
import builtin from "./parts/builtin.css";
import fold from "./parts/disclosure.css";
import file from "./parts/file.css";
import part from "./parts/part.css";
import picture from "./parts/picture.css";
import refusal from "./parts/refusal.css";
import result from "./parts/result.css";
import save from "./parts/save.css";
import source from "./parts/source.css";
import text from "./parts/text.css";
import tool from "./parts/tool.css";
import sources from "./sources.css";
import stop from "./stop.css";
import ground from "./style.css";
import view from "./view.css";

// A later one may say otherwise: the ground first, then what is used by others.
const css = [
	...[ground, view, part, text, refusal],
	...[fold, builtin, result, source, sources],
	...[file, picture, save, tool],
	...[failure, footer, stop],
].join("\n");

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
