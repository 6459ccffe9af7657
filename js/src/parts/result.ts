/**
 * What a tool gave back: what it printed, and where it looked.
 *
 * Knows the two and their order. Refuses to know whose tool it was.
 */

import { visible } from "../../render/markdown/dom/element";
import type { WireResult } from "../events";
import { fold } from "./disclosure";
import { element, type MakePartView, say } from "./part";
import { sourceList } from "./source";

export function outcome({ output, sources = [], found = 0 }: WireResult): HTMLElement[] {
	const shown: HTMLElement[] = [];
	if (output) shown.push(element("div", "nbstream-mono nbstream-output", visible(output)));
	if (sources.length) {
		const list = sourceList(sources);
		const more = found - sources.length;
		if (more > 0) list.append(element("li", "nbstream-more", `and ${more} more`));
		shown.push(list);
	}
	return shown;
}

/** A result whose call is not in this answer. */
export const resultView: MakePartView = (part, signal) => {
	const { el, summary, pane } = fold("nbstream-builtin", part, signal);
	const label = element("span", "");
	const tail = element("span", "nbstream-tail");
	summary.append(label, tail);
	return {
		el,
		append() {},
		end() {},
		update() {
			const name = visible(part.toolName).replaceAll("_", " ").trim() || "a tool";
			say(label, `What ${name} gave back`);
			say(tail, part.result?.is_error ? "failed" : "");
			tail.classList.toggle("nbstream-failed", part.result?.is_error === true);
			pane.replaceChildren(...(part.result ? outcome(part.result) : []));
			if (pane.hasChildNodes()) el.dataset.unfolds = "";
		},
	};
};
