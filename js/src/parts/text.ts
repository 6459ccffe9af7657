/**
 * Plain text that grows.
 *
 * Knows Text nodes only, so nothing a model writes can become an element or an
 * attribute. Refuses to know Markdown.
 */

import { element, type MakePartView, type PartView } from "./part";

// The browser shapes a Text node anew when it grows, so a long text is many
// nodes. A cut inside a word would break ligatures and joined emoji: it waits
// for white space, but not for ever, because some scripts have none.
const SOFT = 2_000;
const HARD = 8_000;

export interface GrowingText extends PartView {
	replace(text: string): void;
}

export function growingText(el: HTMLElement): GrowingText {
	let last: Text | null = null;
	const append = (chunk: string) => {
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

function isFull(data: string, chunk: string): boolean {
	if (data.length < SOFT) return false;
	return data.length >= HARD || /\s$/.test(data) || /^\s/.test(chunk);
}

export const textView: MakePartView = () => growingText(element("div", "nbstream-text"));
