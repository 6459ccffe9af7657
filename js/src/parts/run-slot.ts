/**
 * What only an agent's run has: the line above each step, and the place in a tool's card for what
 * happens inside the call. Both are drawn by a file of their own (src/run/), which the page loads
 * when a run needs it.
 */

import { type Answer, apply, newAnswer, replace } from "../answer";
import { numbers, seconds } from "../format";
import { inFrame } from "../frames";
import { allParts } from "../message";
import { loadRun } from "../page-files";
import { partList } from "../part-list";
import type { Part } from "../part-model";
import { addStyle } from "../style";
import { element, type MakePartView, setText } from "./part";

/** What the file uses of this one: functions only, as each file's minifier renames properties. */
export const kit = {
	addStyle,
	apply,
	numbers,
	drawRun,
	element,
	newAnswer,
	replace,
	seconds,
	setText,
};
export type Kit = typeof kit;

/** Creates the place. `update` is to be called after each change of the part; it returns whether
 *  there is anything inside the call. `grown` is called when what is drawn has grown. */
export function runSlot(
	part: Part,
	signal: AbortSignal,
	grown: () => void,
): { el: HTMLElement; update(runs: boolean): boolean } {
	const el = element("div", "nbstream-inside");
	let draw: ((runs: boolean) => void) | undefined;
	let runs = false;
	return {
		el,
		update(now) {
			runs = now;
			if (!part.run) return false;
			if (draw) draw(runs);
			else
				loadRun((file) => {
					if (signal.aborted) return;
					draw ??= file.callView(part, el, kit, signal, grown);
					draw(runs);
				});
			return true;
		},
	};
}

/** Creates the line above a step of an agent's run. */
export const stepView: MakePartView = (part) => {
	const el = element("div", "nbstream-step");
	el.hidden = true;
	return {
		el,
		append() {},
		end() {},
		update: () => part.label.done && loadRun((file) => file.drawStep(el, part.label, kit)),
	};
};

/** Draws a run inside a call in `host`. Returns the function that draws what is new. */
function drawRun(host: HTMLElement, run: Answer, signal: AbortSignal): () => void {
	const list = partList(host, signal);
	const draw = () => {
		if (signal.aborted) return;
		const { parts, current } = allParts(run);
		if (list.paint(parts, run.status, current).unfinished) inFrame(draw);
	};
	return draw;
}
