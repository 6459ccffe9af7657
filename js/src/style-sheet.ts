/**
 * Adds a style sheet once to each document or shadow root that holds a view.
 *
 * A view may be rendered before it is attached, so the root is looked up again
 * in the next frame.
 */

const styled = new Map<string, WeakSet<Node>>();

/**
 * Adds a style sheet to the document of a view's element, and to its shadow root if any.
 *
 * With `prepend` the rules of the sheets that are there already win over it.
 */
export function addSheet(
	el: HTMLElement,
	sheet: string,
	place: "append" | "prepend" = "append",
): void {
	const roots = styled.get(sheet) ?? new WeakSet();
	styled.set(sheet, roots);
	const addTo = (root: HTMLElement | ShadowRoot) => {
		if (roots.has(root)) return;
		roots.add(root);
		const style = document.createElement("style");
		style.textContent = sheet;
		root[place](style);
	};
	// The usual case, done before the first frame so that no unstyled content flashes.
	addTo(el.ownerDocument.head);
	const addToShadow = () => {
		const root = el.getRootNode();
		if (root instanceof ShadowRoot) addTo(root);
	};
	addToShadow();
	requestAnimationFrame(addToShadow);
}
