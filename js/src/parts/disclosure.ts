/**
 * A `<details>` element that opens while its content streams and closes soon after. If
 * the user opens or closes it, it stays so.
 *
 * Only its own pane scrolls with the text, and only if it was at the bottom: the page
 * never moves.
 */

import type { Part } from "../part-model";
import { follower } from "./follow";
import { element } from "./part";

/** Milliseconds that it stays open after its end, so that the user can see the end. */
const LINGER_MS = 1_000;

// The user's choice is kept for every view of the part: JupyterLab makes a new
// view when the answer is complete.
const chosen = new WeakMap<Part, boolean>();

/** The element and its pane, with methods for the steps of a stream. */
export interface Disclosure {
	readonly el: HTMLDetailsElement;
	readonly summary: HTMLElement;
	readonly pane: HTMLElement;
	/** Says that there is something to open. Until then it is only a line. */
	fill(): void;
	/** Opens it, unless the user has closed it. */
	open(): void;
	/** To be called when the pane has grown: scrolls to the bottom if it was there. */
	follow(): void;
	/** Closes it soon after `last` ended; at once if `last` is null. */
	end(last: Part | null): void;
}

/** Creates the element for a part. Its timer and listeners end when the signal aborts. */
export function disclosure(className: string, part: Part, signal: AbortSignal): Disclosure {
	const summary = element("summary", "nbstream-disclosure-summary");
	const pane = element("div", "nbstream-disclosure-pane");
	const el = element("details", `nbstream-disclosure ${className}`, summary, pane);
	el.open = chosen.get(part) ?? false;
	el.dataset.empty = "";
	summary.tabIndex = -1;
	summary.addEventListener("click", () => chosen.set(part, !el.open), { signal });
	// Scrolling or selecting inside counts as the choice to keep it open.
	const keepOpen = () => chosen.has(part) || chosen.set(part, true);
	pane.addEventListener("pointerdown", keepOpen, { signal });

	const follow = follower(pane, signal);
	const setOpen = (open: boolean) => {
		if (!chosen.has(part)) el.open = open;
	};
	let closing: ReturnType<typeof setTimeout> | undefined;
	const stay = () => clearTimeout(closing);
	signal.addEventListener("abort", stay);
	const close = () => {
		if (!chosen.has(part)) follow(true);
		setOpen(false);
	};

	return {
		el,
		summary,
		pane,
		fill() {
			if (!("empty" in el.dataset)) return;
			delete el.dataset.empty;
			summary.tabIndex = 0;
		},
		open() {
			stay();
			follow(false);
			setOpen(true);
		},
		follow() {
			if (el.open) follow();
		},
		end(last) {
			// A part from a snapshot has no start time: it had ended before this view was made.
			const seen = last !== null && last.startedAt !== null;
			const since = seen ? performance.now() - (last.endedAt ?? 0) : LINGER_MS;
			if (since >= LINGER_MS || "empty" in el.dataset) return close();
			setOpen(true);
			closing = setTimeout(close, LINGER_MS - since);
		},
	};
}
