/**
 * Draws the call of a tool that the provider runs itself, and its results, as one line that
 * can be opened. Several searches in a row are one line, too.
 *
 * Inside, in reading order: the query, the program, its output and the sources. Python has
 * already read the provider's own fields, and decides the words.
 */

import { type Part, textOf } from "../part-model";
import { disclosure } from "./disclosure";
import { markdownText } from "./markdown";
import { element, type MakePartView, setText } from "./part";
import { resultElements } from "./result";

/** A query longer than this, in characters, is repeated below, as the line may cut it off. */
const LONG = 60;

/** Longer than any that code has, so that code does not end its own block. */
const FENCE = "~".repeat(60);

/** Creates the view of a provider's tool call, or of several in a row, and their results. */
export const builtinView: MakePartView = (part, signal) => {
	const { el, summary, pane, ...opening } = disclosure("nbstream-builtin", part, signal);
	const label = element("span", "nbstream-busy");
	const name = element("span", "nbstream-tool-name");
	const input = element("span", "nbstream-input");
	const tail = element("span", "nbstream-tail");
	summary.append(label, name, input, tail);

	const lines = element("div", "nbstream-lines");
	const code = markdownText(element("div", "nbstream-code"));
	const results = element("div", "nbstream-results");
	pane.append(lines, code.el, results);
	/** The first line of the block, once there is code. */
	let begun = "";
	let shown = "";
	let over = false;

	const fence = () => {
		const language = part.call.language || part.label.language || "";
		return `${FENCE}${/^\w+$/.test(language) ? language : ""}\n`;
	};
	const append = (chunk: string) => {
		code.append(begun ? chunk : fence() + chunk);
		begun ||= fence();
		opening.fill();
		opening.open();
	};

	return {
		el,
		append,
		render() {
			const more = code.render();
			if (begun) opening.follow();
			return more;
		},
		end() {
			// A call may tell the language after its code.
			if (begun && begun !== fence()) code.replace(fence() + textOf(part));
			if (begun) code.append(`\n${FENCE}`);
			code.end();
		},
		replace(text) {
			code.replace("");
			begun = "";
			over = false;
			if (text) append(text);
		},
		update(parts, mayGrow, status) {
			const calls = parts.filter(({ family }) => family === "builtin_tool");
			const found = parts.flatMap(({ result }) => result ?? []);
			const isSeveral = calls.length > 1;
			const isWaiting = found.length < calls.length;
			const runs = mayGrow && (isSeveral ? isWaiting : !found.length);
			const broke = isWaiting && !!status && !mayGrow && status !== "done";
			const failed = found.some(({ is_error }) => is_error);
			const { running = "Using", done = "Used", many = "", unit = "source" } = part.label;
			const ended = isSeveral ? many.replace("{}", `${calls.length}`) : done;
			setText(label, runs ? `${running}…` : broke ? running : ended);
			label.classList.toggle("nbstream-busy", runs);
			setText(name, part.label.name ?? (part.label.done ? "" : part.toolName));

			const { line, more } = textsOf(part);
			setText(input, isSeveral ? "" : line);
			const count = found.reduce(
				(sum, result) => sum + (result.source_count || result.tool_count || 0),
				0,
			);
			const { server } = part.call;
			const facts = [
				server && `on ${server}`,
				failed
					? "failed"
					: broke
						? "stopped"
						: count && `${count} ${unit}${count === 1 ? "" : "s"}`,
			];
			setText(tail, facts.filter(Boolean).join(" · "));
			tail.classList.toggle("nbstream-failed", failed);

			setText(lines, isSeveral ? "" : more.join("\n"));
			const version = parts.map(({ changes }) => changes).join();
			if (version !== shown) {
				shown = version;
				// Of several calls with one id, the first has its results.
				const left = new Set(found);
				results.replaceChildren(
					...calls.flatMap((call) => [
						...(isSeveral ? [element("div", "nbstream-lines", inputsOf(call))] : []),
						...found
							.filter((one) => !isSeveral || one.tool_call_id === call.toolCallId)
							.filter((one) => left.delete(one))
							.flatMap((result) => resultElements(result, signal)),
					]),
				);
			}
			if (more.length || results.hasChildNodes()) opening.fill();
			if (!runs && !over) {
				over = true;
				opening.end(begun ? (parts.at(-1) as Part) : null);
			}
		},
	};
};

/** What a call asks for: the text for its line, and the texts below it. Python's
 *  `display/builtin_tools.py` has the same rule; the cases of both are in `words.json`. */
function textsOf(part: Part): { line: string; more: string[] } {
	const { inputs = [], details = [], language = part.label.language } = part.call;
	const [first, ...others] = inputs;
	if (first !== undefined)
		return { line: first, more: [...(first.length > LONG ? [first] : []), ...others, ...details] };
	// A command says more than "Ran commands", and so do the arguments of a call without a query.
	const code = textOf(part);
	if (code)
		return { line: language === "bash" ? (code.split("\n", 1)[0] ?? "") : "", more: details };
	const line = details.join(", ");
	return { line, more: line.length > LONG ? details : [] };
}

/** What one of several calls asks for. */
function inputsOf({ call: { inputs = [], details = [] } }: Part): string {
	return (inputs.length ? inputs : details).join("\n");
}
