/**
 * Draws a call of one of the user's own tools as a card: the tool's name and what happens to the
 * call, its arguments as rows of keys and values while they stream, and its results. Calls of a
 * provider's tools are drawn in builtin.ts.
 */

import { createJson } from "../../render";
import { loadApproval } from "../page-files";
import { type Part, textOf } from "../part-model";
import type { Ask } from "../requests";
import { addStyle } from "../style";
import type { Status, WireResult } from "../wire-values";
import { disclosure } from "./disclosure";
import { options } from "./markdown";
import { element, type MakePartView, setText } from "./part";
import { resultElements } from "./result";
import { runSlot } from "./run-slot";

/** Characters of the arguments in the line of a card that is closed. */
const MAX_INPUT = 200;

const BUSY = /^(writing|waiting$|running|needs)/;
const BAD = /^(failed|denied|sent)/;

/** Creates the view of a tool call and its results. */
export const toolView: MakePartView = (part, signal) => {
	const { el, summary, pane, ...opening } = disclosure("nbstream-tool", part, signal);
	const input = element("span", "nbstream-input");
	const state = element("span", "nbstream-state");
	const args = element("div", "nbstream-json");
	const results = element("div", "nbstream-results");
	summary.append(element("span", "nbstream-tool-name", part.toolName), input, state);
	const asks = element("div", "nbstream-asks");
	let paintAsks: ((asks: Ask[]) => void) | undefined;
	const inside = runSlot(part, signal, opening.follow);
	pane.append(asks, args, inside.el, results);
	let json = createJson(args);
	let shown = 0;
	let over = false;

	return {
		el,
		append(chunk) {
			json.push(chunk);
			if (/[^\s{}]/.test(chunk)) opening.fill();
		},
		render() {
			const more = json.render();
			opening.follow();
			return more;
		},
		end() {
			json.end();
			setText(input, inLine(textOf(part)));
		},
		replace(text) {
			args.replaceChildren();
			json = createJson(args);
			json.push(text);
		},
		update(parts, mayGrow, status) {
			// A result comes with its call, or as a part of a later message.
			const found = parts.flatMap(({ result }) => result ?? []);
			const result = found.at(-1) ?? null;
			const last = part.result ? part : (parts.at(-1) as Part);
			const words = toolState(part, result, mayGrow, status);
			setText(state, words);
			state.classList.toggle("nbstream-busy", BUSY.test(words));
			state.classList.toggle("nbstream-failed", BAD.test(words));
			for (const result of found.slice(shown)) {
				const label = result.is_error ? "Error" : "Result";
				const box = element("div", "", element("div", "nbstream-label", label));
				box.append(...resultElements(result, signal));
				if (box.childElementCount > 1) {
					results.append(box);
					opening.fill();
				}
			}
			shown = found.length;
			const grows = inside.update(mayGrow && !result);
			if (grows || part.asks.length) opening.fill();
			if (part.asks.length || paintAsks)
				loadApproval(({ cardsIn }) => {
					paintAsks ??= cardsIn(asks, summary, signal, options.highlight, addStyle);
					paintAsks(part.asks);
				});
			// The card stays open if its result has a picture.
			const isPicture = result?.files?.some(({ media_type }) => /^image\//.test(media_type));
			if (!result || result.is_error || isPicture) opening.open();
			else if (!over) {
				over = true;
				opening.end(last);
			}
		},
	};
};

/** What happens to a call. `status` is the answer's; null if the model has gone on since. */
function toolState(
	{ open, state }: Part,
	result: WireResult | null,
	mayGrow: boolean,
	status: Status | null,
): string {
	if (result) {
		const known = BUSY.test(state) ? "" : state;
		return known || result.state || (result.is_error ? "failed" : "done");
	}
	if (open) return "writing arguments";
	if (mayGrow) return state || "waiting";
	if (!status) return state.startsWith("running") ? "" : state;
	return status === "done" ? "waiting for a result" : "stopped";
}

/** The arguments on one line, such as "city: Oslo, days: 3"; empty if they are no JSON. */
function inLine(args: string): string {
	try {
		const rows = Object.entries(JSON.parse(args)).map(
			([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
		);
		return rows.join(", ").slice(0, MAX_INPUT);
	} catch {
		return "";
	}
}
