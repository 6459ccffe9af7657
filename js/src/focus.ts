/**
 * What the reader holds of a view while it is put elsewhere: focus and selection.
 *
 * A browser drops both with the element that leaves the document, also when it comes
 * back at once. Knows what they were a moment ago. Refuses to know who moves the view
 * and why, and leaves alone what the reader has turned to since.
 */

type Ends = [anchor: Node, anchorAt: number, focus: Node, focusAt: number];

let focused: HTMLElement | null = null;
let selected: Ends | null = null;

/** Begin to know. Until the signal aborts. */
export function noteHeld(signal: AbortSignal): void {
	const gone = () => {
		focused = null;
		selected = null;
	};
	const options = { signal };
	document.addEventListener("focusin", noteFocus, options);
	document.addEventListener("focusout", noteBlur, options);
	document.addEventListener("selectionchange", noteSelection, options);
	signal.addEventListener("abort", gone);
}

/** To be called as soon as `el` is in the document again. */
export function holdAgain(el: HTMLElement): void {
	if (focused && el.contains(focused) && document.activeElement === document.body) {
		focused.focus({ preventScroll: true });
	}
	const now = getSelection();
	if (selected && now?.isCollapsed !== false && el.contains(selected[0])) {
		if (el.contains(selected[2])) now?.setBaseAndExtent(...selected);
	}
}

function noteFocus({ target }: FocusEvent): void {
	focused = target instanceof HTMLElement ? target : null;
}

function noteBlur({ target }: FocusEvent): void {
	// Some browsers say so also of what leaves the document; that is held on to.
	queueMicrotask(() => {
		const left = focused === target && document.activeElement !== target;
		if (left && focused?.isConnected) focused = null;
	});
}

function noteSelection(): void {
	const now = getSelection();
	const { anchorNode, focusNode } = now ?? {};
	selected =
		now && anchorNode && focusNode && !now.isCollapsed
			? [anchorNode, now.anchorOffset, focusNode, now.focusOffset]
			: null;
}
