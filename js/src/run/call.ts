/**
 * Draws what happens inside one call of an agent's tool, in its card: the run of a tool that is an
 * agent, the reports, the traceback one press away; and in the card's line, its time.
 */

import { isLive } from "../answer";
import type { Part } from "../part-model";
import type { Kit } from "../parts/run-slot";
import { insideOf } from "./inside";
import css from "./run.css";
import { timeBar } from "./time-bar";

const TICK_MS = 500;

/** Creates the view in `el`, a child of the call's card. Returns the function that draws what is
 *  new; its argument is whether the call runs. */
export function callView(
	part: Part,
	el: HTMLElement,
	kit: Kit,
	signal: AbortSignal,
	grown: () => void,
): (runs: boolean) => void {
	const { element, setText } = kit;
	const nested = element("div", "nbstream-nested nbstream-body");
	const earlier = element("div", "nbstream-label");
	const lines = element("div", "nbstream-reports");
	const trace = element("details", "nbstream-trace", element("summary", "", "Traceback"));
	el.append(nested, earlier, lines);
	kit.addStyle(el, css);

	const card = el.closest("details") as HTMLElement;
	const took = element("span", "nbstream-tail");
	card.firstElementChild?.append(took);
	const bar = timeBar(card, kit);
	let draw: (() => void) | null = null;
	let drawn = "";
	let timer: ReturnType<typeof setInterval> | undefined;

	const tick = (runs: boolean) => {
		const { startedAt } = insideOf(part, kit);
		const passed = runs && startedAt !== null ? (performance.now() - startedAt) / 1000 : 0;
		setText(took, passed >= 1 ? kit.seconds(Math.floor(passed), 0) : "");
		bar.draw(insideOf(part, kit), runs, part.result?.is_error === true);
	};
	signal.addEventListener("abort", () => {
		clearInterval(timer);
		bar.remove();
	});

	return (runs) => {
		const inside = insideOf(part, kit);
		const { run } = inside;
		if (run) {
			if (!runs && isLive(run.status)) {
				const status = !part.result ? "stopped" : part.result.is_error ? "failed" : "done";
				kit.apply(run, { kind: "status", status }, performance.now());
			}
			draw ??= kit.drawRun(nested, run, signal);
			draw();
			card.classList.add("nbstream-agent");
		}
		const version = `${inside.count} ${inside.lines.length} ${runs}`;
		if (version !== drawn) {
			drawn = version;
			const hidden = inside.count - inside.lines.length;
			setText(earlier, hidden > 0 ? `${kit.numbers.format(hidden)} earlier lines` : "");
			lines.replaceChildren(...inside.lines.map((line) => element("div", "", line)));
			lines.classList.toggle("nbstream-running", runs);
		}
		if (inside.traceback && !trace.parentNode) {
			trace.append(element("div", "nbstream-mono", inside.traceback));
			el.parentElement?.append(trace);
		}
		clearInterval(timer);
		if (runs) timer = setInterval(tick, TICK_MS, true);
		tick(runs);
		grown();
	};
}
