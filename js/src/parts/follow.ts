/**
 * Keeps a scrolling element at its end while it grows, as long as the reader is there. A reader
 * who scrolls back stays where they are, and gets a button that leads to the end again.
 *
 * Only the element itself scrolls: the page never moves.
 */

import { element } from "./part";

const NEAR_PX = 8;

const restorers = new WeakMap<Element, () => void>();

/** Scrolls the panes of a view to where they were before the view moved in the page. */
export function restoreScroll(view: HTMLElement): void {
	for (const pane of view.querySelectorAll(".nbstream-scroll")) restorers.get(pane)?.();
}

/** Makes an element follow its end, and scroll by keys. Returns the function to call when it has
 *  grown; called with true, it goes back to the start, for a reader who opens it later, and stays there
 *  until it is called with false. Its listeners end when the signal aborts. */
export function follower(el: HTMLElement, signal: AbortSignal): (over?: boolean) => void {
	let following = true;
	let held = false;
	let done = false;
	let started = false;
	let last = 0;
	el.classList.add("nbstream-scroll");
	el.tabIndex = 0;

	const latest = element("button", "nbstream-latest", "Latest");
	latest.type = "button";
	latest.hidden = true;
	const toEnd = () => {
		following = true;
		el.scrollTop = el.scrollHeight;
		latest.hidden = true;
	};
	latest.addEventListener("click", () => {
		toEnd();
		el.focus({ preventScroll: true }); // the button is hidden now
	});

	const options = { signal, passive: true };
	el.addEventListener(
		"scroll",
		() => {
			const isNear = el.scrollHeight - el.scrollTop - el.clientHeight < NEAR_PX;
			if (isNear) following = true;
			else if (el.scrollTop < last) following = false; // the reader went back
			last = el.scrollTop;
			if (isNear) latest.hidden = true;
		},
		options,
	);
	const restore = () => {
		if (!started || el.scrollTop > 0) return;
		el.scrollTop = following ? el.scrollHeight : last;
		last = el.scrollTop;
	};
	restorers.set(el, restore);
	// An element that was not in the page when it grew is still at its start.
	const back = new ResizeObserver(restore);
	back.observe(el);
	signal.addEventListener("abort", () => back.disconnect());
	// Nothing moves under a pressed button: the reader may be selecting.
	const release = () => {
		held = false;
	};
	el.addEventListener(
		"pointerdown",
		() => {
			held = true;
		},
		options,
	);
	for (const name of ["pointerup", "pointercancel"]) addEventListener(name, release, options);

	return (over) => {
		if (over) {
			following = false;
			el.scrollTop = last = 0;
			latest.hidden = true;
		} else if (done && over === false) following = true;
		done = over ?? done;
		if (held || done || over === false) return;
		started = true;
		if (following) {
			el.scrollTop = el.scrollHeight;
			last = el.scrollTop;
			return;
		}
		if (latest.parentNode !== el.parentNode) el.after(latest);
		latest.hidden = false;
	};
}
