/**
 * Draws text parts: the model's text as Markdown; a user's message and a refusal as plain text
 * that grows.
 *
 * Plain text goes into Text nodes only, so it cannot become an element or an attribute.
 */

import { visible } from "../../render";
import { citeMarks } from "./cite";
import { markdownText } from "./markdown";
import { element, type MakePartView, type PartView } from "./part";

// The browser lays out a whole Text node again when it grows, so a long text is split
// into many nodes. Splitting inside a word would break ligatures and joined emoji, so
// a node ends at white space; but some scripts have none, so there is a hard limit.
const SOFT_LIMIT = 2_000;
const HARD_LIMIT = 8_000;

/** A part view whose text can also be replaced. */
export interface GrowingText extends PartView {
	replace(text: string): void;
}

/** Creates a view that appends text to `el`, split into many Text nodes. */
export function growingText(el: HTMLElement): GrowingText {
	let last: Text | null = null;
	const append = (text: string) => {
		const chunk = visible(text);
		if (!last || isFull(last.data, chunk)) {
			last = document.createTextNode(chunk);
			el.append(last);
		} else {
			last.appendData(chunk);
		}
	};
	return {
		el,
		append,
		end() {
			last = null;
		},
		replace(text) {
			el.replaceChildren();
			last = null;
			append(text);
		},
	};
}

/** Whether the next chunk must go into a new Text node. */
function isFull(data: string, chunk: string): boolean {
	if (data.length < SOFT_LIMIT) return false;
	return data.length >= HARD_LIMIT || /\s$/.test(data) || /^\s/.test(chunk);
}

/** Creates the view of the model's text, with the numbers of the sources that it cites. */
export const textView: MakePartView = () => {
	const text = markdownText(element("div", "nbstream-text"));
	const cites = citeMarks(text.mark);
	return {
		...text,
		replace(whole) {
			text.replace(whole);
			cites.clear();
		},
		update: cites.update,
	};
};

/** Creates the view of a text that is not the model's, such as a user's message in the run. */
export const promptView: MakePartView = () => growingText(element("div", "nbstream-prompt"));

/** Creates the view of a refusal: a label, then the text. */
export const refusalView: MakePartView = () => {
	const text = growingText(element("div", "nbstream-refusal-text"));
	const label = element("div", "nbstream-label", "The model refused");
	return { ...text, el: element("div", "nbstream-refusal", label, text.el) };
};

/** Creates the view of the reason why a message was asked for again. */
export const retryView: MakePartView = () => growingText(element("div", "nbstream-retry"));
