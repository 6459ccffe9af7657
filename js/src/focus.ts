/**
 * Keeps focus, selection and a mouse press in a view while the view moves in the page.
 *
 * A browser drops all three when an element leaves the document, also when it comes back
 * at once. Nothing is restored that the reader has left or ended meanwhile. A touch needs
 * no help: its `click` goes to what is under the finger when it is lifted.
 */

type Ends = [anchor: Node, anchorAt: number, focus: Node, focusAt: number];

let focused: HTMLElement | null = null;
let selected: Ends | null = null;
/** The control on which the mouse button is down, and whether it has moved since. */
let pressed: { control: HTMLElement; moved: boolean } | null = null;

/** Begin to know. Until the signal aborts. */
export function noteHeld(signal: AbortSignal): void {
	const gone = () => {
		focused = null;
		selected = null;
		pressed = null;
	};
	const options = { signal };
	const early = { signal, capture: true };
	document.addEventListener("pointerdown", notePress, early);
	document.addEventListener("pointerup", noteRelease, early);
	document.addEventListener("click", noteClick, early);
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
	if (pressed && el.contains(pressed.control)) pressed.moved = true;
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

function notePress({ target, button, pointerType }: PointerEvent): void {
	const byMouse = button === 0 && pointerType !== "touch" && target instanceof Element;
	const control = byMouse ? target.closest<HTMLElement>("button, summary, a") : null;
	pressed = control && { control, moved: false };
}

function noteClick({ target }: MouseEvent): void {
	if (target instanceof Node && pressed?.control.contains(target)) pressed = null;
}

/** A browser fires no `click` on what has left the document since the button went down. */
function noteRelease({ target, ctrlKey, metaKey, shiftKey }: PointerEvent): void {
	const one = pressed;
	if (!one?.moved || !(target instanceof Node && one.control.contains(target))) return;
	// After the events of the release, of which one may be a `click` after all. Its count of
	// 1 says that it belongs to a press (press.ts).
	const keys = { ctrlKey, metaKey, shiftKey };
	const click = { bubbles: true, cancelable: true, composed: true, detail: 1, ...keys };
	setTimeout(() => {
		if (pressed === one) one.control.dispatchEvent(new MouseEvent("click", click));
	});
}
