/**
 * Draws one view of an answer into an element: parts, sources, error and footer, a line while
 * it waits, and the status for screen readers.
 *
 * It draws the whole state when it is created, and after that only what is new, at most
 * once a frame (frames.ts). Parts are drawn by part-list.ts.
 */

import { type Answer, isLive } from "./answer";
import { failureBox } from "./failure";
import { footer } from "./footer";
import { announcement } from "./format";
import { inFrame } from "./frames";
import { keepKeys } from "./keys";
import { allParts } from "./message";
import { partList } from "./part-list";
import type { Part } from "./part-model";
import { element } from "./parts/part";
import { sourcesSection } from "./sources";
import type { Stop } from "./stop";
import { addStyle } from "./style";
import { awaitedPart, isAwaited, markOutput } from "./typed-answer";
import { activity, waitingLine } from "./waiting";

/** Milliseconds that a state lasts before it is announced. */
const ANNOUNCED_MS = 1_000;

/** What a view reads; implemented by the store. */
export interface Shown {
	readonly answer: Answer;
	readonly stop: Stop;
	watch(listener: () => void, signal: AbortSignal): void;
}

/** Draws a view in `host` and keeps it up to date until the signal aborts. */
export function mount(host: HTMLElement, shown: Shown, signal: AbortSignal): void {
	const { answer } = shown;
	const body = element("div", "nbstream-body");
	const liveRegion = element("div", "nbstream-live-region");
	const foot = footer(answer, shown.stop, signal, liveRegion);
	liveRegion.setAttribute("role", "status");
	const sources = sourcesSection();
	const root = element("div", "nbstream", body, sources.el, foot.el, liveRegion);
	requestAnimationFrame(() => requestAnimationFrame(() => root.classList.add("nbstream-drawn")));
	const parts = partList(body, signal);
	const waiting = waitingLine(body, answer, signal);
	keepKeys(root, signal);
	let failure: HTMLElement | null = null;
	let failed: Answer["error"] = null;
	let announced = isLive(answer.status) ? "" : announcement(answer);
	let announcing: ReturnType<typeof setTimeout> | undefined;

	/** Tells screen readers of a new state: an end at once, what lasts a moment not at all. */
	const announce = (last: Part | undefined) => {
		const live = isLive(answer.status);
		const words = live ? activity(answer, last) : announcement(answer);
		if (words === announced) return;
		announced = words;
		clearTimeout(announcing);
		const tell = () => {
			liveRegion.textContent = words;
		};
		if (live) announcing = setTimeout(tell, ANNOUNCED_MS);
		else tell();
	};

	const paint = () => {
		if (signal.aborted) return;
		root.dataset.status = answer.status;
		markOutput(answer);
		const all = allParts(answer);
		const awaited = awaitedPart(answer);
		if (awaited) all.parts = [...all.parts, awaited];
		sources.paint(all.parts); // before the parts, whose texts show the numbers
		const painted = parts.paint(all.parts, answer.status, all.current);
		if (painted.unfinished) inFrame(paint);
		const last = all.parts.findLast((part) => part && !isAwaited(part));
		waiting.paint(painted.visible, last);
		if (answer.error !== failed) {
			failed = answer.error;
			failure?.remove();
			failure = failed && failureBox(failed);
			if (failure) foot.el.before(failure);
		}
		foot.paint();
		announce(last);
	};

	shown.watch(() => inFrame(paint), signal);
	signal.addEventListener("abort", () => {
		clearTimeout(announcing);
		root.remove();
	});
	paint();
	host.append(root);
	addStyle(root);
}
