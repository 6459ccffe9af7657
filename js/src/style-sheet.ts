/**
 * Adds a style sheet once to each document or shadow root that holds a view.
 *
 * A view may be rendered before it is attached, so the root is looked up again
 * in the next frame.
 */

const styled = new Map<string, WeakSet<Node>>();

/** Adds a style sheet to the document of a view's element, and to its shadow root if any. */
export function addSheet(el: HTMLElement, sheet: string): void {
	// The usual case, done before the first frame so that no unstyled content flashes.
	addTo(el.ownerDocument.head, sheet);
	const addToShadow = () => {
		const root = el.getRootNode();
		if (root instanceof ShadowRoot) addTo(root, sheet);
	};
	addToShadow();
	requestAnimationFrame(addToShadow);
}

/** Adds a style sheet to a root that does not have it. */
function addTo(root: HTMLElement | ShadowRoot, sheet: string): void {
	const roots = styled.get(sheet) ?? new WeakSet();
	styled.set(sheet, roots);
	if (roots.has(root)) return;
	roots.add(root);
	const style = document.createElement("style");
	style.textContent = sheet;
	root.append(style);
}
