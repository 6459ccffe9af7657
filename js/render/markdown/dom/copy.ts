/**
 * Copies a text to the clipboard.
 *
 * A page over plain HTTP has no `navigator.clipboard`, and an iframe may be denied it. Then the
 * browser's copy command runs, and an event listener gives it the text.
 */

/** Copies the text on the page of `el`. Returns whether it did. Call it in a user's click. */
export async function copyText(text: string, el: HTMLElement): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		const page = el.ownerDocument;
		let given = false;
		const give = (event: ClipboardEvent) => {
			if (!event.clipboardData) return;
			event.clipboardData.setData("text/plain", text);
			event.preventDefault();
			event.stopImmediatePropagation();
			given = true;
		};
		// The command needs a selection, whatever it is.
		const selection = page.getSelection();
		const anything = page.createElement("span");
		anything.textContent = ".";
		el.after(anything);
		selection?.selectAllChildren(anything);
		// First of all listeners: the host page may have its own.
		page.addEventListener("copy", give, { capture: true });
		try {
			return page.execCommand("copy") && given;
		} finally {
			page.removeEventListener("copy", give, { capture: true });
			selection?.removeAllRanges();
			anything.remove();
		}
	}
}
