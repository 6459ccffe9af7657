/**
 * Restores keyboard focus, text selection and a mouse press after a view has moved to
 * another place in the page.
 *
 * A browser drops all three when an element leaves the document, also when it comes back
 * at once. What the user has left or ended in the meantime is not restored. A touch needs
 * no help: its `click` goes to what is under the finger when it is lifted.
 */

/** The two ends of a text selection. */
type Ends = [anchor: Node, anchorAt: number, focus: Node, focusAt: number];

let focused: HTMLElement | null = null;
let selected: Ends | null = null;
/** The control on which the mouse button is down, and whether it has moved since. */
let pressed: { control: HTMLElement; moved: boolean } | null = null;

/** Starts to track focus, selection and presses, until the signal aborts. */
export function trackFocus(signal: AbortSignal): void {
	const forget = () => {
		focused = null;
		selected = null;
		pressed = null;
	};
	const options = { signal };
	const early = { signal, capture: true };
	document.addEventListener("pointerdown", onPress, early);
	document.addEventListener("pointerup", onRelease, early);
	document.addEventListener("click", onClick, early);
	document.addEventListener("focusin", onFocus, options);
	document.addEventListener("focusout", onBlur, options);
	document.addEventListener("selectionchange", onSelection, options);
	signal.addEventListener("abort", forget);
}

/** Restores what was lost in `el`. Call it as soon as `el` is in the document again. */
export function restoreFocus(el: HTMLElement): void {
	if (focused && el.contains(focused) && document.activeElement === document.body) {
		focused.focus({ preventScroll: true });
	}
	if (pressed && el.contains(pressed.control)) pressed.moved = true;
	const now = getSelection();
	if (selected && now?.isCollapsed !== false && el.contains(selected[0])) {
		if (el.contains(selected[2])) now?.setBaseAndExtent(...selected);
	}
}

function onFocus({ target }: FocusEvent): void {
	focused = target instanceof HTMLElement ? target : null;
}

function onBlur({ target }: FocusEvent): void {
	// Some browsers also send this when an element leaves the document: ignore that.
	queueMicrotask(() => {
		const left = focused === target && document.activeElement !== target;
		if (left && focused?.isConnected) focused = null;
	});
}

function onSelection(): void {
	const now = getSelection();
	const { anchorNode, focusNode } = now ?? {};
	selected =
		now && anchorNode && focusNode && !now.isCollapsed
			? [anchorNode, now.anchorOffset, focusNode, now.focusOffset]
			: null;
}

function onPress({ target, button, pointerType }: PointerEvent): void {
	const byMouse = button === 0 && pointerType !== "touch" && target instanceof Element;
	const control = byMouse ? target.closest<HTMLElement>("button, summary, a") : null;
	pressed = control && { control, moved: false };
}

function onClick({ target }: MouseEvent): void {
	if (target instanceof Node && pressed?.control.contains(target)) pressed = null;
}

/** Sends the `click` that a browser omits if the element left the document during the press. */
function onRelease({ target, ctrlKey, metaKey, shiftKey }: PointerEvent): void {
	const press = pressed;
	if (!press?.moved || !(target instanceof Node && press.control.contains(target))) return;
	// Wait for the browser's own events, which may include a `click` after all. The detail
	// of 1 says that the click belongs to a press (press.ts).
	const keys = { ctrlKey, metaKey, shiftKey };
	const click = { bubbles: true, cancelable: true, composed: true, detail: 1, ...keys };
	setTimeout(() => {
		if (pressed === press) press.control.dispatchEvent(new MouseEvent("click", click));
	});
}
