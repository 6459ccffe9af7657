/**
 * Draws a call of one of the user's own tools: the tool's name, its arguments while they
 * stream, and its results. Calls of a provider's tools are drawn in builtin.ts.
 *
 * The arguments are formatted as text and never parsed, so an incomplete
 * object is shown as it is.
 */

import type { Part } from "../part-model";
import { jsonFormatter } from "./json-format";
import { element, type MakePartView } from "./part";
import { resultElements } from "./result";
import { growingText } from "./text";

/** Creates the view of a tool call and its results. */
export const toolView: MakePartView = (part) => {
	let format = jsonFormatter();
	const args = growingText(element("div", "nbstream-tool-args"));
	const name = element("span", "nbstream-tool-name", part.toolName);
	const label = element("span", "nbstream-label nbstream-tool-label", "Tool");
	const results = element("div", "nbstream-results");
	const el = element(
		"div",
		"nbstream-tool",
		element("div", "nbstream-tool-head", label, name),
		args.el,
		results,
	);
	args.el.tabIndex = 0; // it may scroll
	let shown = 0;
	return {
		el,
		append: (chunk) => args.append(format(chunk)),
		end: args.end,
		replace(text) {
			format = jsonFormatter();
			args.replace(format(text));
		},
		update(parts) {
			for (const { result } of parts.slice(1 + shown)) results.append(...labelledResult(result));
			shown = parts.length - 1;
		},
	};
};

function labelledResult(result: Part["result"]): HTMLElement[] {
	if (!result) return [];
	const label = result.is_error ? "Failed" : "Result";
	return [element("div", "nbstream-label", label), ...resultElements(result)];
}
