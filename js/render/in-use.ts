/**
 * Tells whether the user's selection or focus is in an element, which then must stay in the page.
 */
export function inUse(el: HTMLElement): boolean {
	const page = el.ownerDocument;
	const selection = page.getSelection();
	const selected = selection && !selection.isCollapsed && selection.containsNode(el, true);
	return selected || el.contains(page.activeElement);
}
