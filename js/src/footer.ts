/**
 * The line under the answer: status, model, time, tokens, Stop.
 *
 * Knows how the answer's facts are laid out and ticks the time by itself, so
 * that the wire carries no clock. Refuses to know the answer's text.
 */

import { outcome, seconds, usageDetail, usageLine } from "./format";
import { type Answer, isLive } from "./message";
import { element, say } from "./parts/part";
import { type Stop, stopButton } from "./stop";

const TICK_MS = 100;

export interface Footer {
	readonly el: HTMLElement;
	paint(): void;
}

export function footer(answer: Answer, stop: Stop, signal: AbortSignal): Footer {
	const status = element("span", "nbstream-status");
	const model = element("span", "nbstream-model");
	const elapsed = element("span", "nbstream-elapsed");
	const usage = element("span", "nbstream-usage");
	const button = stopButton(stop);
	const el = element("div", "nbstream-footer", status, model, elapsed, usage, button.el);
	// Takes the focus when the button goes, or it would fall out of the notebook.
	el.tabIndex = -1;
	const takeFocus = () => el.focus({ preventScroll: true });
	// JupyterLab replaces the whole view at that moment: then the new one has it.
	requestAnimationFrame(() => {
		const lost = stop.pressed && !isLive(answer.status);
		if (!lost) return;
		stop.pressed = false;
		if (document.activeElement === document.body) takeFocus();
	});

	const tick = () => {
		const since = isLive(answer.status) ? (performance.now() - answer.elapsedAt) / 1000 : 0;
		say(elapsed, seconds(answer.elapsed + since));
	};
	let timer: ReturnType<typeof setInterval> | undefined;
	const rest = () => {
		clearInterval(timer);
		timer = undefined;
	};
	signal.addEventListener("abort", rest);

	return {
		el,
		paint() {
			const live = isLive(answer.status);
			say(status, outcome(answer));
			say(model, answer.model);
			say(usage, usageLine(answer.usage, live));
			usage.title = usageDetail(answer.usage);
			tick();
			if (live) timer ??= setInterval(tick, TICK_MS);
			else rest();
			const focused = document.activeElement === button.el;
			button.paint(live);
			if (focused && !live) takeFocus();
		},
	};
}
