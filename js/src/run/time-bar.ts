/**
 * A bar at the foot of a call's line: when the call ran, beside the calls that ran at the same time.
 */

import type { Kit } from "../parts/run-slot";
import type { Inside } from "./inside";

/** Seconds. If all calls together take less, there is nothing to compare. */
const LEAST = 0.1;

interface Row {
	readonly card: HTMLElement;
	readonly el: HTMLElement;
	inside: Inside | null;
	runs: boolean;
}

const rows = new WeakMap<Element, Row>();

/** Creates the bar of a card. `draw` draws it and those of the calls beside it. */
export function timeBar(
	card: HTMLElement,
	kit: Kit,
): { draw(inside: Inside, runs: boolean, failed: boolean): void; remove(): void } {
	const el = kit.element("span", "nbstream-time");
	const row: Row = { card, el, inside: null, runs: false };
	card.firstElementChild?.append(el);
	rows.set(card, row);
	return {
		draw(inside, runs, failed) {
			Object.assign(row, { inside, runs });
			el.classList.toggle("nbstream-time-failed", failed);
			drawAll(beside(card));
		},
		remove: () => rows.delete(card),
	};
}

/** The calls of the same reply: their cards follow one another. */
function beside(card: Element): Row[] {
	const found: Row[] = [];
	const add = (from: Element | null, next: "previousElementSibling" | "nextElementSibling") => {
		for (let at = from; at; at = at[next]) {
			const row = rows.get(at);
			if (!row) return;
			if (row.inside) found.push(row);
		}
	};
	add(card, "previousElementSibling");
	add(card.nextElementSibling, "nextElementSibling");
	return found;
}

function drawAll(found: Row[]): void {
	const first = Math.min(
		...found.map(({ inside }) => inside?.startedAt ?? Number.POSITIVE_INFINITY),
	);
	const spans = found.map(({ inside, runs }): [number, number] => {
		if (!inside) return [0, 0];
		const { began, elapsed, startedAt } = inside;
		if (elapsed !== null) return [began, began + elapsed];
		if (startedAt === null) return [0, 0];
		const begin = (startedAt - first) / 1000;
		return [begin, runs ? (performance.now() - first) / 1000 : begin];
	});
	const end = Math.max(...spans.map(([, to]) => to));
	const shown = found.length > 1 && end >= LEAST;
	for (const [i, { card, el }] of found.entries()) {
		const [from, to] = spans[i] as [number, number];
		el.hidden = !shown;
		card.classList.toggle("nbstream-timed", shown);
		el.style.insetInlineStart = `${(100 * from) / (end || 1)}%`;
		el.style.width = `${(100 * (to - from)) / (end || 1)}%`;
	}
}
