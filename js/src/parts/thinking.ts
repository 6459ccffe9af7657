/**
 * The model's thinking, and how long it took.
 *
 * Knows the words above it. How it opens and closes is in disclosure.ts.
 */

import { seconds } from "../format";
import type { Part } from "../part-model";
import { fold } from "./disclosure";
import { element, type MakePartView } from "./part";
import { growingText } from "./text";

export const thinkingView: MakePartView = (part, signal) => {
	const { el, summary, pane, ...folding } = fold("nbstream-thinking", part, signal);
	const label = element("span", "nbstream-busy", "Thinking…");
	const text = growingText(element("div", "nbstream-thinking-text"));
	summary.append(label);
	pane.append(text.el);
	if (part.open) folding.open();
	return {
		el,
		append(chunk) {
			text.append(chunk);
			folding.follow();
		},
		end() {
			text.end();
			label.classList.remove("nbstream-busy");
			label.textContent = thought(part);
			folding.end(part);
		},
	};
};

function thought(part: Part): string {
	if (part.startedAt === null || part.endedAt === null) return "Thought";
	const whole = Math.ceil((part.endedAt - part.startedAt) / 1000);
	return `Thought for ${seconds(Math.max(whole, 1), 0)}`;
}
