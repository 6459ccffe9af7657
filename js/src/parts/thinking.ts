/**
 * Draws a thinking part: the model's thinking in a `<details>`, and how long it took.
 */

import { visible } from "../../render";
import { seconds } from "../format";
import type { Part } from "../part-model";
import { disclosure } from "./disclosure";
import { markdownText } from "./markdown";
import { element, type MakePartView, setText } from "./part";

/** Creates the view of a thinking part. */
export const thinkingView: MakePartView = (part, signal) => {
	const { el, summary, pane, ...opening } = disclosure("nbstream-thinking", part, signal);
	const label = element("span", "nbstream-busy", "Thinking…");
	const text = markdownText(element("div", "nbstream-thinking-text"));
	summary.append(label);
	pane.append(text.el);
	if (part.open) opening.open();
	let grows = false;
	return {
		el,
		append(chunk) {
			text.append(chunk);
			grows = true;
		},
		render() {
			if (!grows) return false;
			grows = text.render();
			opening.follow();
			return grows;
		},
		update([{ open, progress, chunks } = part]) {
			if (open && progress && !chunks.length)
				setText(label, `${visible(progress[0]?.toUpperCase() + progress.slice(1))}…`);
		},
		end() {
			text.end();
			label.classList.remove("nbstream-busy");
			label.textContent = durationLabel(part);
			opening.end(part);
		},
	};
};

/** The summary line, with the time that the thinking took. */
function durationLabel(part: Part): string {
	if (part.startedAt === null || part.endedAt === null) return "Thought";
	const duration = Math.ceil((part.endedAt - part.startedAt) / 1000);
	return `Thought for ${seconds(Math.max(duration, 1), 0)}`;
}
