/**
 * Draws the result of a tool call: its output, the files in it, then the sources it found. The
 * view of the call includes them; a result whose call is not in the answer has a view of its own.
 */

import { createJson } from "../../render";
import { numbers } from "../format";
import { newPart } from "../part-model";
import type { WireResult } from "../wire-values";
import { disclosure } from "./disclosure";
import { fileView } from "./file";
import { element, type MakePartView, setText } from "./part";
import { sourceList } from "./source";

/** Creates the elements for what a result holds. */
export function resultElements(result: WireResult, signal: AbortSignal): HTMLElement[] {
	const { output, is_json, left_out, files = [], sources = [], source_count = 0 } = result;
	const { tools = [], tool_count = 0 } = result;
	const shown: HTMLElement[] = [];
	if (output)
		shown.push(is_json ? jsonBox(output) : element("div", "nbstream-mono nbstream-output", output));
	if (left_out)
		shown.push(element("div", "nbstream-label", `${numbers.format(left_out)} more characters`));
	for (const file of files) {
		const part = newPart("file", null, { file, open: false });
		const { el, update } = fileView(part, signal);
		update?.([part], false, null);
		shown.push(el);
	}
	if (tools.length) {
		const rows = tools.map(([name, about]) =>
			element("li", "", element("span", "nbstream-tool-name", name), " ", about ?? ""),
		);
		const more = tool_count - tools.length;
		if (more > 0) rows.push(element("li", "", `and ${more} more`));
		shown.push(element("ul", "nbstream-listed", ...rows));
	}
	if (sources.length) {
		const list = sourceList(sources);
		const more = source_count - sources.length;
		if (more > 0) list.append(element("li", "nbstream-more", `and ${more} more`));
		shown.push(list);
	}
	return shown;
}

/** Draws JSON that is whole. */
function jsonBox(text: string): HTMLElement {
	const el = element("div", "nbstream-json");
	const json = createJson(el);
	json.push(text);
	for (let more = true; more; ) more = json.end();
	return el;
}

/** Creates the view of a result whose tool call is not in this answer. */
export const resultView: MakePartView = (part, signal) => {
	const { el, summary, pane, fill } = disclosure("nbstream-builtin", part, signal);
	const label = element("span", "");
	const tail = element("span", "nbstream-tail");
	summary.append(label, tail);
	return {
		el,
		append() {},
		end() {},
		update() {
			const name = part.toolName.replaceAll("_", " ").trim() || "a tool";
			setText(label, `Result: ${name}`);
			setText(tail, part.result?.is_error ? "failed" : "");
			tail.classList.toggle("nbstream-failed", part.result?.is_error === true);
			pane.replaceChildren(...(part.result ? resultElements(part.result, signal) : []));
			if (pane.hasChildNodes()) fill();
		},
	};
};
