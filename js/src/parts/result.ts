/**
 * Draws the result of a tool call: its output, then the sources it found. The view of the call
 * includes them; a result whose call is not in the answer has a view of its own.
 */

import { visible } from "../../render";
import type { WireResult } from "../events";
import { disclosure } from "./disclosure";
import { element, type MakePartView, setText } from "./part";
import { sourceList } from "./source";

/** Creates the elements for the output and the sources of a result. */
export function resultElements({
	output,
	sources = [],
	source_count: count = 0,
}: WireResult): HTMLElement[] {
	const shown: HTMLElement[] = [];
	if (output) shown.push(element("div", "nbstream-mono nbstream-output", visible(output)));
	if (sources.length) {
		const list = sourceList(sources);
		const more = count - sources.length;
		if (more > 0) list.append(element("li", "nbstream-more", `and ${more} more`));
		shown.push(list);
	}
	return shown;
}

/** Creates the view of a result whose tool call is not in this answer. */
export const resultView: MakePartView = (part, signal) => {
	const { el, summary, pane } = disclosure("nbstream-builtin", part, signal);
	const label = element("span", "");
	const tail = element("span", "nbstream-tail");
	summary.append(label, tail);
	return {
		el,
		append() {},
		end() {},
		update() {
			const name = visible(part.toolName).replaceAll("_", " ").trim() || "a tool";
			setText(label, `Result: ${name}`);
			setText(tail, part.result?.is_error ? "failed" : "");
			tail.classList.toggle("nbstream-failed", part.result?.is_error === true);
			pane.replaceChildren(...(part.result ? resultElements(part.result) : []));
			if (pane.hasChildNodes()) el.dataset.expandable = "";
		},
	};
};
