/**
 * Adds a style sheet once to each document or shadow root that holds a view.
 *
 * A view may be rendered before it is attached, so the root is looked up again
 * in the next frame.
 */

const styled: Record<string, WeakSet<Node>> = {};

/** Adds a style sheet to the document of a view's element, and to its shadow root if any. */
export function addSheet(el: HTMLElement, sheet: string, place?: "prepend"): void {
	// The usual case, done before the first frame so that no unstyled content flashes.
	addTo(el.ownerDocument.head, sheet, place);
	const addToShadow = () => {
		const root = el.getRootNode();
		if (root instanceof ShadowRoot) addTo(root, sheet, place);
	};
	addToShadow();
	requestAnimationFrame(addToShadow);
}

/** Adds a style sheet to a root that does not have it: as the last one, or as the first. */
function addTo(root: HTMLElement | ShadowRoot, sheet: string, place?: "prepend"): void {
	styled[sheet] ??= new WeakSet();
	const roots = styled[sheet];
	if (roots.has(root)) return;
	roots.add(root);
	const style = document.createElement("style");
	style.textContent = sheet;
	root[place ?? "append"](style);
}
