/**
 * Adds the style sheet once to each document or shadow root that holds a view.
 *
 * A view may be rendered before it is attached, so the root is looked up again
 * in the next frame.
 */

import markdown from "../render/style.css";
import failure from "./failure.css";
import footer from "./footer.css";
import builtin from "./parts/builtin.css";
import cite from "./parts/cite.css";
import disclosure from "./parts/disclosure.css";
import file from "./parts/file.css";
import follow from "./parts/follow.css";
import part from "./parts/part.css";
import picture from "./parts/picture.css";
import result from "./parts/result.css";
import source from "./parts/source.css";
import text from "./parts/text.css";
import tool from "./parts/tool.css";
import sources from "./sources.css";
import stop from "./stop.css";
import base from "./style.css";
import view from "./view.css";

// In the order of the cascade: general rules first, then the shared parts.
const css = [
	...[base, view, part, markdown, text],
	...[follow, disclosure, builtin, result, source, sources, cite],
	...[file, picture, tool],
	...[failure, footer, stop],
].join("\n");

const styled = new WeakSet<Node>();

/** Adds the style sheet to the document of a view's element, and to its shadow root if any. */
export function addStyle(el: HTMLElement): void {
	// The usual case, done before the first frame so that no unstyled content flashes.
	addTo(el.ownerDocument.head);
	const addToShadow = () => {
		const root = el.getRootNode();
		if (root instanceof ShadowRoot) addTo(root);
	};
	addToShadow();
	requestAnimationFrame(addToShadow);
}

/** Adds the style sheet to a root that does not have it. */
function addTo(root: HTMLElement | ShadowRoot): void {
	if (styled.has(root)) return;
	styled.add(root);
	const style = document.createElement("style");
	style.textContent = css;
	root.append(style);
}
