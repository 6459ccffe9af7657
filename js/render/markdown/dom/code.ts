/**
 * A block of code that grows, its language and its copy button.
 *
 * Knows source and lines: they go into groups that the browser lays out once. A
 * language is only ever one of a fixed table of names. Refuses to know colours:
 * highlighting is the host's, and happens when nothing more will come.
 */

import { LINES } from "../limits";
import { reader, type Source } from "../source";
import type { BlockView } from "./block-view";
import { button, make, setLabel, visible } from "./element";
import { languageOf } from "./language";
import type { MarkdownOptions } from "./options";
import { Patch } from "./patch";

const COPIED_MS = 2_000;

export function codeView(options: MarkdownOptions): BlockView {
	const label = make("span", "nbmd-code-language");
	const copy = copyButton(() => from?.toString() ?? "");
	const code = make("code");
	const el = make(
		"div",
		"nbmd-code",
		make("div", "nbmd-code-head", label, copy),
		make("pre", { tabindex: "0" }, code),
	);
	let group: Patch | null = null;
	let lines = 0;
	let from: Source | null = null;
	const read = reader();
	let closed = false;

	/** Paints text into the last group, or a new one when that is full. */
	const paint = (text: string, extra: string) => {
		if (!group || lines >= LINES) {
			lines = 0;
			group = new Patch(make("span", "nbmd-lines"));
			code.append(group.el);
		}
		group.paint([visible(text)], [visible(extra)]);
	};

	const add = (fresh: string, extra: string) => {
		let start = 0;
		for (let at = fresh.indexOf("\n"); at >= 0; at = fresh.indexOf("\n", at + 1)) {
			if (lines % LINES === LINES - 1) {
				paint(fresh.slice(start, at + 1), "");
				start = at + 1;
			}
			lines = (lines % LINES) + 1;
		}
		const rest = fresh.slice(start);
		if (rest || extra || lines < LINES) paint(rest, extra);
	};

	return {
		el,
		update({ source, tentative, open, fence }) {
			const { again, firm, fresh, extra } = read(source, tentative);
			from = firm;
			if (again) {
				lines = 0;
				group = null;
				code.replaceChildren();
			}
			add(fresh.join(""), extra.join(""));
			const language = languageOf(fence?.info ?? "");
			setLabel(label, language?.name ?? "");
			if (open || tentative || closed) return;
			closed = true;
			if (language) options.highlight?.(code, source.toString(), language.id);
		},
	};
}

function copyButton(text: () => string): HTMLElement {
	const el = button({ class: "nbmd-copy" }, async () => {
		await navigator.clipboard.writeText(text());
		el.textContent = "Copied";
		setTimeout(say, COPIED_MS);
	});
	const say = () => {
		el.textContent = "Copy";
	};
	say();
	return el;
}
