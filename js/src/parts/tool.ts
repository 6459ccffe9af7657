/**
 * A tool call: its name, its arguments as they are written, and what came of it.
 *
 * Knows the arguments as text that is laid out. Refuses to parse it: half an
 * object is shown as the half it is.
 */

import type { Part } from "../part-model";
import { pretty } from "./json-format";
import { element, type MakePartView } from "./part";
import { outcome } from "./result";
import { growingText } from "./text";

export const toolView: MakePartView = (part) => {
	let layOut = pretty();
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
	let shown = 0;
	return {
		el,
		append: (chunk) => args.append(layOut(chunk)),
		end: args.end,
		replace(text) {
			layOut = pretty();
			args.replace(layOut(text));
		},
		update(parts) {
			for (const { result } of parts.slice(1 + shown)) results.append(...given(result));
			shown = parts.length - 1;
		},
	};
};

function given(result: Part["result"]): HTMLElement[] {
	if (!result) return [];
	const words = result.is_error ? "Failed" : "Result";
	return [element("div", "nbstream-label", words), ...outcome(result)];
}
