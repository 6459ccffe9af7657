/**
 * Draws a Markdown code block while it grows, with its language and a Copy button.
 *
 * Lines are put into groups, so that the browser lays out each group once. The shown
 * language is from a fixed table. The host highlights the block when it is complete.
 */

import { IN_CODE, visible } from "../../policy/characters";
import { CODE_GROUP_LINES } from "../limits";
import { incrementalReader } from "../source";
import type { BlockView } from "./block-view";
import { copyText } from "./copy";
import { button, make, setText } from "./element";
import { languageOf } from "./language";
import type { MarkdownOptions } from "./options";
import { Patch } from "./patch";

const COPIED_MS = 2_000;

/** Creates the view of a code block. */
export function codeView(options: MarkdownOptions): BlockView {
	const label = make("span", "nbmd-code-language");
	const code = make("code");
	const copy = copyButton(code);
	const el = make(
		"div",
		"nbmd-code",
		make("div", "nbmd-code-head", label, copy),
		make("pre", { tabindex: "0" }, code),
	);
	let group: Patch | null = null;
	let lines = 0;
	const read = incrementalReader();
	let closed = false;

	/** Paints text into the last group, or into a new one if that is full. */
	const paint = (text: string, trial: string) => {
		if (!group || lines >= CODE_GROUP_LINES) {
			lines = 0;
			group = new Patch(make("span", "nbmd-lines"));
			code.append(group.el);
		}
		group.paint([visible(text, IN_CODE)], [visible(trial, IN_CODE)]);
	};

	const add = (added: string, trial: string) => {
		let start = 0;
		for (let at = added.indexOf("\n"); at >= 0; at = added.indexOf("\n", at + 1)) {
			if (lines % CODE_GROUP_LINES === CODE_GROUP_LINES - 1) {
				paint(added.slice(start, at + 1), "");
				start = at + 1;
			}
			lines = (lines % CODE_GROUP_LINES) + 1;
		}
		const rest = added.slice(start);
		if (rest || trial || lines < CODE_GROUP_LINES) paint(rest, trial);
	};

	return {
		el,
		update({ source, tentative, open, fence }) {
			const { restart, added, trial } = read(source, tentative, group?.changed);
			if (restart) {
				lines = 0;
				group = null;
				code.replaceChildren();
			}
			add(added.join(""), trial.join(""));
			const language = languageOf(fence?.info ?? "");
			setText(label, language?.name ?? "");
			if (open || tentative || closed) return;
			closed = true;
			if (language) options.highlight?.(code, source.toString(), language.id);
		},
	};
}

/** Creates the Copy button. It copies what is shown: no characters that the reader did not see. */
function copyButton(code: HTMLElement): HTMLElement {
	const el = button({ class: "nbmd-copy", "aria-live": "polite" }, async () => {
		if (!(await copied(code))) return;
		el.textContent = "Copied";
		setTimeout(reset, COPIED_MS);
	});
	const reset = () => {
		el.textContent = "Copy";
	};
	reset();
	return el;
}

/** Copies the text; if that fails, selects the code, so that the user can copy it. */
async function copied(code: HTMLElement): Promise<boolean> {
	if (await copyText(code.textContent as string, code)) return true;
	code.ownerDocument.getSelection()?.selectAllChildren(code);
	return false;
}
