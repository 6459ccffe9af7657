/**
 * Draws text as Markdown while it grows, for the parts that the model writes.
 */

import { createMarkdown, type MarkdownOptions } from "../../render";
import { fileOptions } from "../page-files";
import type { PartView } from "./part";

/** A part view that draws Markdown, and whose text can also be replaced. */
export interface MarkdownText extends PartView {
	render(): boolean;
	replace(text: string): void;
	/** Puts an element into the text, after so many of its characters. */
	mark(at: number, el: HTMLElement): void;
}

// All texts of the page together take so many milliseconds of a frame, and each at least
// one step (frame-queue.ts): twenty answers that are drawn at once do not stop the page.
const BUDGET_MS = 8;
const FRAME_MS = 14;
let frameStart = 0;

/** The options of all texts of the page. */
export const options: MarkdownOptions = {
	...fileOptions,
	get frameBudget() {
		const now = performance.now();
		if (now - frameStart > FRAME_MS) frameStart = now;
		return frameStart + BUDGET_MS - now;
	},
};

/** Blocks that have something to show. */
const SHOWN = ".nbmd-group > :not(.nbmd-group, [hidden])";

/**
 * Creates a view that draws its text as Markdown in `el`. The element is hidden until there
 * is something to see: a line that may still become a heading is not drawn yet.
 */
export function markdownText(el: HTMLElement): MarkdownText {
	let markdown = createMarkdown(el, options);
	el.hidden = true;
	const painted = (more: boolean) => {
		if (el.hidden && el.querySelector(SHOWN)) el.hidden = false;
		return more;
	};
	return {
		el,
		append: (chunk) => markdown.push(chunk),
		render: () => painted(markdown.render()),
		end: () => void painted(markdown.end()),
		mark: (at, el) => markdown.mark(at, el),
		replace(text) {
			el.replaceChildren();
			el.hidden = true;
			markdown = createMarkdown(el, options);
			markdown.push(text);
		},
	};
}
