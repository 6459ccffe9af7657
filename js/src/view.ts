/**
 * Draws one view of an answer into an element: parts, sources, error and footer, a line while
 * it waits, and the status for screen readers.
 *
 * It draws the whole state when it is created, and after that only what is new, at most
 * once a frame. Parts are drawn by part-list.ts.
 */

import { type Answer, isLive } from "./answer";
import { failureBox } from "./failure";
import { footer } from "./footer";
import { announcement, waitingLine } from "./format";
import { allParts } from "./message";
import { partList } from "./part-list";
import { element } from "./parts/part";
import { sourcesSection } from "./sources";
import type { Stop } from "./stop";
import { addStyle } from "./style";

/** What a view reads; implemented by the store. */
export interface ViewSource {
	readonly answer: Answer;
	readonly stop: Stop;
	watch(listener: () => void, signal: AbortSignal): void;
}

/** Draws a view in `host` and keeps it up to date until the signal aborts. */
export function mount(host: HTMLElement, source: ViewSource, signal: AbortSignal): void {
	const { answer } = source;
	const body = element("div", "nbstream-body");
	const liveRegion = element("div", "nbstream-live-region");
	const foot = footer(answer, source.stop, signal, liveRegion);
	liveRegion.setAttribute("role", "status");
	const sources = sourcesSection();
	const root = element("div", "nbstream", body, sources.el, foot.el, liveRegion);
	const parts = partList(body, signal);
	let waiting: HTMLElement | null = null;
	let failure: HTMLElement | null = null;
	let failed: Answer["error"] = null;
	let announced = answer.status;

	const paint = () => {
		root.dataset.status = answer.status;
		const all = allParts(answer);
		sources.paint(all.parts); // before the parts, whose texts show the numbers
		const painted = parts.paint(all.parts, isLive(answer.status), all.current);
		if (painted.unfinished) schedule();
		if (isLive(answer.status) && !painted.visible) {
			waiting ??= element("div", "nbstream-waiting");
			if (body.lastChild !== waiting) body.append(waiting);
			waiting.textContent = waitingLine(answer);
		} else {
			waiting?.remove();
			waiting = null;
		}
		if (answer.error !== failed) {
			failed = answer.error;
			failure?.remove();
			failure = failed && failureBox(failed);
			if (failure) foot.el.before(failure);
		}
		foot.paint();
		if (answer.status !== announced) liveRegion.textContent = announcement(answer);
		announced = answer.status;
	};

	let frame = 0;
	const schedule = () => {
		frame ||= requestAnimationFrame(() => {
			frame = 0;
			paint();
		});
	};
	source.watch(schedule, signal);
	signal.addEventListener("abort", () => {
		cancelAnimationFrame(frame);
		root.remove();
	});
	paint();
	host.append(root);
	addStyle(root);
}
