/**
 * A tool that the provider ran itself, and what came of it: one quiet line that
 * unfolds.
 *
 * Knows the order in which one wants to read it: what was asked, the program,
 * what it printed, the sources. Refuses to know a provider's fields: Python has
 * read them.
 */

import { visible } from "../../render/markdown/dom/element";
import type { Part } from "../part-model";
import { fold } from "./disclosure";
import { element, type MakePartView, say } from "./part";
import { outcome } from "./result";
import { growingText } from "./text";
import { deedOf } from "./tool-labels";

/** Characters of a query that the line above surely has room for. */
const LONG = 60;

export const builtinView: MakePartView = (part, signal) => {
	const { el, summary, pane, ...folding } = fold("nbstream-builtin", part, signal);
	const deed = deedOf(visible(part.toolName));
	const label = element("span", "nbstream-busy", `${deed.doing}…`);
	const asked = element("span", "nbstream-asked");
	const tail = element("span", "nbstream-tail");
	summary.append(label, asked, tail);

	const lines = element("div", "nbstream-lines");
	const code = growingText(element("div", "nbstream-mono"));
	const results = element("div", "nbstream-results");
	pane.append(lines, code.el, results);
	let shown: (Part["result"] | undefined)[] = [];
	let over = false;

	const settle = (last: Part) => {
		if (over) return;
		over = true;
		say(label, deed.done);
		label.classList.remove("nbstream-busy");
		folding.end(code.el.hasChildNodes() ? last : null);
	};

	return {
		el,
		append(chunk) {
			code.append(chunk);
			el.dataset.unfolds = "";
			folding.open();
			folding.follow();
		},
		end: code.end,
		replace: code.replace,
		update(parts, goesOn) {
			const [first = "", ...more] = part.call.asked ?? [];
			say(asked, visible(first));
			const told = [...(first.length > LONG ? [first] : []), ...more, ...(part.call.details ?? [])];
			say(lines, visible(told.join("\n")));
			const given = parts.filter(({ family }) => family === "result");
			const now = given.map(({ result }) => result);
			if (now.length !== shown.length || now.some((result, i) => result !== shown[i])) {
				shown = now;
				results.replaceChildren(...now.flatMap((result) => (result ? outcome(result) : [])));
			}
			const found = now.reduce((sum, result) => sum + (result?.found ?? 0), 0);
			const failed = now.some((result) => result?.is_error);
			say(tail, failed ? "failed" : found ? `${found} source${found === 1 ? "" : "s"}` : "");
			tail.classList.toggle("nbstream-failed", failed);
			if (told.length || results.hasChildNodes()) el.dataset.unfolds = "";
			if (given.length || !goesOn) settle(given.at(-1) ?? part);
		},
	};
};
