/**
 * Draws the line under the answer: how it ended, if not normally; model, time, token usage and
 * the Stop button.
 *
 * A timer in the browser counts the elapsed time, so Python sends nothing for it. The line takes
 * the keyboard focus when the Stop button disappears.
 */

import { type Answer, isLive } from "./answer";
import { copyButton } from "./copy";
import { endLabel, numbers, seconds, usageDetail, usageLine } from "./format";
import { answerText, hasText } from "./message";
import { element, setText } from "./parts/part";
import { type Stop, stopButton } from "./stop";

const TICK_MS = 100;

/** Seconds. A shorter time would be shown as 0.0, as of a replay. */
const LEAST_SHOWN = 0.05;

/** Marks the host's boxes around a live answer for footer.css. With `:has()` in its place, the
 *  browser would check their whole content with each new element. */
const LIVE = "nbstream-live";

/** The footer element, and a method that updates it from the answer. */
export interface Footer {
	readonly el: HTMLElement;
	paint(): void;
}

/**
 * Creates the footer of one view. Its timer runs until the signal aborts. A copy is announced in
 * `liveRegion`.
 */
export function footer(
	answer: Answer,
	stop: Stop,
	signal: AbortSignal,
	liveRegion: HTMLElement,
): Footer {
	const status = element("span", "nbstream-status");
	const totals = element("span", "nbstream-totals");
	totals.title = "Model requests and tool calls";
	const model = element("span", "nbstream-model");
	const elapsed = element("span", "nbstream-elapsed");
	const first = element("span", "nbstream-first");
	const usage = element("span", "nbstream-usage");
	const speed = element("span", "nbstream-speed");
	speed.title = "Output tokens after the first one";
	const cost = element("span", "nbstream-cost");
	const turn = element("span", "nbstream-turn");
	const copy = copyButton(() => answerText(answer), liveRegion);
	const button = stopButton(stop);
	// What comes while the answer streams is behind the button, which so stays in its place.
	const late = [first, usage, speed, cost, turn, copy];
	const el = element("div", "nbstream-footer", status, totals, model, elapsed, button.el, ...late);
	// Takes the focus when the Stop button is hidden. Otherwise the notebook would lose it.
	el.tabIndex = -1;
	const takeFocus = () => el.focus({ preventScroll: true });
	// JupyterLab replaces the whole view at that moment: then the new view takes the focus.
	requestAnimationFrame(() => {
		const lost = stop.pressed && !isLive(answer.status);
		if (!lost) return;
		stop.pressed = false;
		if (document.activeElement === document.body) takeFocus();
	});

	const tick = () => {
		const live = isLive(answer.status);
		const passed = answer.elapsed + (live ? (performance.now() - answer.elapsedAt) / 1000 : 0);
		const isShown = live || (!answer.replayed && passed >= LEAST_SHOWN);
		setText(elapsed, isShown ? seconds(passed) : "");
	};
	let timer: ReturnType<typeof setInterval> | undefined;
	const stopTimer = () => {
		clearInterval(timer);
		timer = undefined;
	};
	let marked: Element[] = [];
	const mark = (live: boolean) => {
		const boxes = live ? hostBoxes(el) : [];
		for (const box of marked) if (!boxes.includes(box)) box.classList.remove(LIVE);
		for (const box of boxes) box.classList.add(LIVE);
		marked = boxes;
	};
	signal.addEventListener("abort", () => {
		stopTimer();
		mark(false);
	});

	return {
		el,
		paint() {
			const live = isLive(answer.status);
			setText(status, endLabel(answer));
			setText(model, answer.model);
			const tokens = answer.totalUsage ?? answer.usage;
			setText(totals, answer.totals);
			setText(usage, usageLine(tokens, live));
			usage.title = usageDetail(tokens);
			const { firstToken, tokensPerSecond } = answer;
			const isLate = firstToken !== null && firstToken >= LEAST_SHOWN;
			setText(first, isLate ? `first token after ${seconds(firstToken)}` : "");
			setText(
				speed,
				tokensPerSecond ? `${numbers.format(Math.round(tokensPerSecond))} tokens/s` : "",
			);
			setText(cost, answer.cost ?? answer.replayed?.[0] ?? "");
			cost.title = answer.replayed?.[1] ?? "The price of the tokens, by genai-prices";
			setText(turn, answer.turn?.[0] ?? "");
			turn.title = answer.turn?.[1] ?? "";
			copy.hidden = live || !hasText(answer);
			tick();
			mark(live);
			if (live) timer ??= setInterval(tick, TICK_MS);
			else stopTimer();
			const focused = document.activeElement === button.el;
			button.paint(live);
			if (focused && !live) takeFocus();
		},
	};
}

/** JupyterLab's boxes around a view; none in other hosts, or before the view is in the page. */
function hostBoxes(el: HTMLElement): Element[] {
	const boxes: Element[] = [];
	const area = el.closest(".jp-OutputArea");
	for (let box = area && el.parentElement; box; box = box === area ? null : box.parentElement) {
		if (/\bjp-OutputArea/.test(box.className)) boxes.push(box);
	}
	return boxes;
}
