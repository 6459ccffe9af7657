/**
 * Draws the line that says what a live answer waits for, and how long it has waited: before its
 * first part, and after that when nothing has come for a moment.
 *
 * The line has its room at once, so that nothing jumps; its words appear a moment later (view.css).
 */

import { type Answer, isLive } from "./answer";
import { seconds } from "./format";
import type { Part } from "./part-model";
import { element, setText } from "./parts/part";

const TICK_MS = 500;

/** Seconds after which the line shows how long it has waited. */
const SHOWN_FROM = 2;

/** Seconds of silence after which the line appears below parts: after a part, and in one. */
const QUIET_AFTER = 1;
const QUIET_INSIDE = 4;

/** What a live answer does now, such as "Waiting for gpt-5"; its name is without the provider. */
export function activity(answer: Answer, last: Part | undefined): string {
	if (answer.reconnecting) return "Reconnecting";
	const name = answer.model.slice(answer.model.search(/[/:]/) + 1) || "the model";
	if (last?.open && last.family === "thinking") return "Thinking";
	if (last?.open && last.family === "text") return "Writing";
	if (last?.family === "tool")
		return `Waiting for ${last.state.startsWith("needs") ? `your ${last.state.split(" ").at(-1)}` : last.toolName || "a tool"}`;
	return answer.opened || last ? `Waiting for ${name}` : `Connecting to ${name}`;
}

/** The line of one view, and a method that updates it when the answer has changed. */
export interface WaitingLine {
	/** `visible`: whether the current message shows anything; `last`: the run's last part. */
	paint(visible: boolean, last: Part | undefined): void;
}

/** Creates the line at the end of `body`. Its timer runs until the signal aborts. */
export function waitingLine(body: HTMLElement, answer: Answer, signal: AbortSignal): WaitingLine {
	const words = element("span", "nbstream-waiting-words");
	const time = element("span", "nbstream-waiting-time");
	const el = element("div", "nbstream-waiting", words, " ", time);
	let timer: ReturnType<typeof setInterval> | undefined;
	let since = performance.now();
	let blank = true;
	let last: Part | undefined;

	const tick = () => {
		const silent = (performance.now() - since) / 1000;
		const sinceStart = answer.elapsed + (performance.now() - answer.elapsedAt) / 1000;
		const inside = last?.open;
		// These say themselves that they are busy.
		const called = last?.run && !last.state.startsWith("needs");
		const busy =
			called || (!blank && inside && last?.family !== "text" && last?.family !== "refusal");
		const quiet = silent >= (inside ? QUIET_INSIDE : QUIET_AFTER);
		const says = answer.reconnecting || (!busy && (blank || quiet));
		if (!isLive(answer.status) || !says) {
			el.remove();
			return;
		}
		const shown = blank || !inside ? last : undefined;
		const progress = blank && answer.progress ? ` (${answer.progress})` : "";
		setText(words, `${activity(answer, shown ?? (blank ? undefined : last))}…${progress}`);
		const waited = blank && !last ? sinceStart : silent;
		setText(time, waited >= SHOWN_FROM ? seconds(Math.floor(waited), 0) : "");
		if (body.lastChild !== el) body.append(el);
	};
	const stop = () => {
		clearInterval(timer);
		timer = undefined;
	};
	signal.addEventListener("abort", stop);

	return {
		paint(visible, newest) {
			since = performance.now();
			blank = !visible;
			last = newest;
			if (!isLive(answer.status)) stop();
			else timer ??= setInterval(tick, TICK_MS);
			tick();
		},
	};
}
