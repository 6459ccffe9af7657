/**
 * Draws the call of a tool that the provider runs itself, and its results, as one line that
 * can be opened.
 *
 * Inside, in reading order: the query, the program, its output and the sources.
 * Python has already read the provider's own fields.
 */

import { visible } from "../../render";
import type { Part } from "../part-model";
import { disclosure } from "./disclosure";
import { element, type MakePartView, setText } from "./part";
import { resultElements } from "./result";
import { growingText } from "./text";
import { toolLabel } from "./tool-labels";

/** A query longer than this, in characters, is repeated below, as the line may cut it off. */
const LONG = 60;

/** Creates the view of a provider's tool call and its results. */
export const builtinView: MakePartView = (part, signal) => {
	const { el, summary, pane, ...opening } = disclosure("nbstream-builtin", part, signal);
	const names = toolLabel(visible(part.toolName));
	const label = element("span", "nbstream-busy", `${names.running}…`);
	const input = element("span", "nbstream-input");
	const tail = element("span", "nbstream-tail");
	summary.append(label, input, tail);

	const lines = element("div", "nbstream-lines");
	const code = growingText(element("div", "nbstream-mono"));
	const results = element("div", "nbstream-results");
	pane.append(lines, code.el, results);
	let shown: (Part["result"] | undefined)[] = [];
	let over = false;

	const finish = (last: Part) => {
		if (over) return;
		over = true;
		setText(label, names.done);
		label.classList.remove("nbstream-busy");
		opening.end(code.el.hasChildNodes() ? last : null);
	};

	return {
		el,
		append(chunk) {
			code.append(chunk);
			el.dataset.expandable = "";
			opening.open();
			opening.follow();
		},
		end: code.end,
		replace: code.replace,
		update(parts, mayGrow) {
			const [first = "", ...more] = part.call.inputs ?? [];
			setText(input, visible(first));
			const details = [
				...(first.length > LONG ? [first] : []),
				...more,
				...(part.call.details ?? []),
			];
			setText(lines, visible(details.join("\n")));
			const resultParts = parts.filter(({ family }) => family === "result");
			const current = resultParts.map(({ result }) => result);
			if (current.length !== shown.length || current.some((result, i) => result !== shown[i])) {
				shown = current;
				results.replaceChildren(
					...current.flatMap((result) => (result ? resultElements(result) : [])),
				);
			}
			const count = current.reduce((sum, result) => sum + (result?.source_count ?? 0), 0);
			const failed = current.some((result) => result?.is_error);
			setText(tail, failed ? "failed" : count ? `${count} source${count === 1 ? "" : "s"}` : "");
			tail.classList.toggle("nbstream-failed", failed);
			if (details.length || results.hasChildNodes()) el.dataset.expandable = "";
			if (resultParts.length || !mayGrow) finish(resultParts.at(-1) ?? part);
		},
	};
};
