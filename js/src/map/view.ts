/** Draws one view of a map: the bar, the numbers with Stop, the cells, and the open answer. */

import { element, setText } from "../parts/part";
import { stopButton } from "../stop";
import stopCss from "../stop.css";
import base from "../style.css";
import { addSheet } from "../style-sheet";
import { cellGrid } from "./cells";
import css from "./map.css";
import { answerPane } from "./pane";
import type { MapStore } from "./store";
import { facts } from "./words";

const SHEET = [base, stopCss, css].join("\n");

/** Draws a view in `host` and keeps it up to date until the signal aborts. */
export function mount(host: HTMLElement, store: MapStore, signal: AbortSignal): void {
	const { state } = store;
	const done = element("div", "nbstream-bar-done");
	const failed = element("div", "nbstream-bar-failed");
	const bar = element("div", "nbstream-bar", done, failed);
	bar.setAttribute("role", "progressbar");
	bar.setAttribute("aria-label", "Answered prompts");
	bar.setAttribute("aria-valuemin", "0");
	const words = element("div", "nbstream-facts");
	const stop = stopButton(store.stop);
	const line = element("div", "nbstream-map-line", words, stop.el);
	const trouble = element("div", "nbstream-map-error");
	trouble.setAttribute("role", "alert");
	const cells = cellGrid(state, (at) => store.show(at));
	const pane = answerPane(store, signal);
	const root = element("div", "nbstream nbstream-map", bar, line, trouble, cells.el, pane.el);

	const paint = () => {
		const now = state.totals;
		const focused = document.activeElement;
		const isInside = root.contains(focused);
		root.dataset.status = store.lost ? "failed" : (now?.status ?? "waiting");
		stop.paint(state.live && !store.lost);
		setText(trouble, store.lost || now?.error || "");
		trouble.hidden = !trouble.textContent;
		if (now) {
			const share = (part: number) => `${(100 * part) / Math.max(1, now.total)}%`;
			done.style.width = share(now.done);
			failed.style.width = share(now.failed);
			bar.setAttribute("aria-valuemax", String(now.total));
			bar.setAttribute("aria-valuenow", String(now.done + now.failed));
			const pieces = facts(now, state.live);
			while (words.children.length > pieces.length) words.lastChild?.remove();
			pieces.forEach((piece, at) => {
				const span = (words.children[at] ?? words.appendChild(element("span", ""))) as HTMLElement;
				setText(span, piece);
			});
		}
		cells.paint(store.open);
		pane.paint();
		// What had the focus is gone: Stop, or what was in the pane.
		if (isInside && (focused?.closest("[hidden]") || !root.contains(focused))) cells.focus();
	};

	let frame = 0;
	const schedule = () => {
		frame ||= requestAnimationFrame(() => {
			frame = 0;
			paint();
		});
	};
	store.watch(schedule, signal);
	signal.addEventListener("abort", () => {
		cancelAnimationFrame(frame);
		root.remove();
	});
	paint();
	host.append(root);
	// First, because its copy of the base style would undo that of the answers on the page.
	addSheet(root, SHEET, "prepend");
}
