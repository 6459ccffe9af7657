/**
 * Draws the model's thinking in a `<details>`, with the time that it takes. If the text is
 * withheld, it is one line that says how long or how much was thought; none if neither is known.
 */

import { seconds } from "../format";
import { disclosure } from "./disclosure";
import { markdownText } from "./markdown";
import { element, type MakePartView, setText } from "./part";

const TICK_MS = 500;

/** Creates the view of adjacent thinking parts. */
export const thinkingView: MakePartView = (part, signal) => {
	const { el, summary, pane, ...opening } = disclosure("nbstream-thinking", part, signal);
	const label = element("span", "nbstream-busy", "Thinking…");
	const tail = element("span", "nbstream-tail");
	const text = markdownText(element("div", "nbstream-thinking-text"));
	summary.append(label, tail);
	pane.append(text.el);
	let last = part;
	let grows = false;
	let timer: ReturnType<typeof setInterval> | undefined;

	const time = () => {
		const until = last.open ? performance.now() : last.endedAt;
		const passed = part.startedAt === null ? 0 : ((until ?? 0) - part.startedAt) / 1000;
		return passed < 1 ? "" : seconds(Math.floor(passed), 0);
	};
	const tick = () => setText(tail, [time(), last.progress].filter(Boolean).join(" · "));
	const stop = () => clearInterval(timer);
	signal.addEventListener("abort", stop);

	return {
		el,
		append(chunk) {
			text.append(chunk);
			if (!chunk.trim()) return;
			grows = true;
			opening.fill();
			el.hidden = false;
			opening.open();
		},
		render() {
			if (!grows) return false;
			grows = text.render();
			opening.follow();
			return grows;
		},
		replace: text.replace,
		update(parts) {
			last = parts.at(-1) ?? part;
			stop();
			label.classList.toggle("nbstream-busy", last.open);
			if (last.open) {
				setText(label, "Thinking…");
				timer = setInterval(tick, TICK_MS);
				tick();
			} else {
				// Python's words, which the saved answer has too; none if the stream broke off.
				const took = time();
				setText(label, last.label.done ?? (took ? `Thought for ${took}` : "Thought"));
				setText(tail, last.label.amount ?? last.progress);
			}
			// Without a text, a time or an amount the line would say nothing.
			el.hidden = "empty" in el.dataset && `${label.textContent}${tail.textContent}` === "Thought";
		},
		end() {
			text.end();
			grows = true;
			opening.end(last);
		},
	};
};
