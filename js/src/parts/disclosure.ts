/**
 * Something that unfolds: open while it goes on, closed soon after, and the
 * reader's choice above both.
 *
 * Knows `<details>` and its own scrolling pane. Refuses to know what is in it,
 * and to move the page: only the pane follows the text, and only from its
 * bottom.
 */

import type { Part } from "../part-model";
import { element } from "./part";

/** Time to see that it is over before it folds away. */
export const LINGER_MS = 1_000;

const NEAR_PX = 8;

// What the reader chose holds for every view of the part: JupyterLab makes a
// new view when the answer is complete.
const chosen = new WeakMap<Part, boolean>();

export interface Fold {
	readonly el: HTMLDetailsElement;
	readonly summary: HTMLElement;
	readonly pane: HTMLElement;
	/** There is something to read now. */
	open(): void;
	/** The pane grew. */
	follow(): void;
	/** `last` was what went on; null if nobody saw it end. */
	end(last: Part | null): void;
}

export function fold(className: string, part: Part, signal: AbortSignal): Fold {
	const summary = element("summary", "nbstream-fold-summary");
	summary.dataset.lmSuppressShortcuts = "true";
	const pane = element("div", "nbstream-fold-pane");
	const el = element("details", `nbstream-fold ${className}`, summary, pane);
	el.open = chosen.get(part) ?? false;
	summary.addEventListener("click", () => chosen.set(part, !el.open), { signal });
	// Scrolling or selecting inside is reading: do not fold it away then.
	const reads = () => chosen.has(part) || chosen.set(part, true);
	pane.addEventListener("pointerdown", reads, { signal });

	let pinned = true;
	const measure = () => {
		pinned = pane.scrollHeight - pane.scrollTop - pane.clientHeight < NEAR_PX;
	};
	pane.addEventListener("scroll", measure, { signal, passive: true });
	const unless = (open: boolean) => {
		if (!chosen.has(part)) el.open = open;
	};

	return {
		el,
		summary,
		pane,
		open: () => unless(true),
		follow() {
			if (el.open && pinned) pane.scrollTop = pane.scrollHeight;
		},
		end(last) {
			// A part from a snapshot has no time: it was over before we saw it.
			const seen = last !== null && last.startedAt !== null;
			const since = seen ? performance.now() - (last.endedAt ?? 0) : LINGER_MS;
			if (since >= LINGER_MS) return unless(false);
			unless(true);
			const timer = setTimeout(() => unless(false), LINGER_MS - since);
			signal.addEventListener("abort", () => clearTimeout(timer));
		},
	};
}
