/**
 * Keeps a long list light: its rows stand in groups, and a group that is far from what the reader
 * sees is an empty box of the same height. Its rows are drawn again when the reader comes near.
 *
 * A delta touches the last row only, however many there are.
 */

import { inUse } from "../in-use";
import type { ArrayNode, JsonNode } from "../json/model";
import type { ValueView } from "./types";

/** Rows in a group. */
export const GROUP = 50;

/** Lists with more rows than this scroll in a pane of their own. */
export const PANE_ROWS = 15;

/** How far from the pane a group is still drawn. */
const NEAR = "800px";

/** How the rows of a list look. */
export interface Rows {
	section(): HTMLElement;
	/** An empty row so high, in place of a section's rows. */
	space(pixels: number): HTMLElement;
	row(index: number, isOpen: boolean): ValueView;
}

interface Group {
	readonly el: HTMLElement;
	/** Of its rows in the list. */
	readonly from: number;
	drawn: boolean;
}

/** The rows of one list. */
export interface Groups {
	/** Draws the rows that are new, and what is new of the last one. */
	update(node: ArrayNode): void;
	/** Draws the rows again, in another order. */
	sort(order: number[] | null): void;
}

/** Creates the rows in `body`, which scrolls in `pane`. */
export function groupsIn(body: HTMLElement, pane: HTMLElement, rows: Rows): Groups {
	const groups: Group[] = [];
	let values: JsonNode[] = [];
	let order: number[] | null = null;
	let count = 0;
	let last: ValueView | null = null;
	let watcher: IntersectionObserver | undefined;

	const add = ({ el }: Group, at: number) => {
		const index = order?.[at] ?? at;
		const node = values[index] as JsonNode;
		const view = rows.row(index, node.open);
		view.update(node);
		el.append(view.el);
		return view;
	};
	const draw = (group: Group) => {
		group.drawn = true;
		group.el.replaceChildren();
		for (let i = group.from; i < Math.min(count, group.from + GROUP); i++) add(group, i);
	};
	const clear = (group: Group, pixels: number) => {
		const isLast = group.from + GROUP > count;
		if (isLast || pixels === 0 || inUse(group.el)) return;
		group.drawn = false;
		group.el.replaceChildren(rows.space(pixels));
	};
	const watch = (group: Group) => {
		if (count < 2 * GROUP || typeof IntersectionObserver === "undefined") return;
		if (!watcher) {
			watcher = new IntersectionObserver(
				(entries) => {
					for (const { target, isIntersecting, boundingClientRect } of entries) {
						const found = groups.find(({ el }) => el === target);
						if (!found || found.drawn === isIntersecting) continue;
						if (isIntersecting) draw(found);
						else clear(found, boundingClientRect.height);
					}
				},
				{ root: pane, rootMargin: NEAR },
			);
			for (const { el } of groups) watcher.observe(el);
		}
		watcher.observe(group.el);
	};

	return {
		update(node) {
			values = node.values;
			if (last) last.update(values[count - 1]);
			while (count < values.length) {
				let group = groups[Math.floor(count / GROUP)];
				if (!group) {
					group = { el: rows.section(), from: count, drawn: true };
					groups.push(group);
					body.append(group.el);
				}
				count++;
				last = add(group, count - 1);
				if (count === group.from + GROUP) watch(group);
			}
			if (!values.at(-1)?.open) last = null;
		},
		sort(next) {
			order = next;
			last = null;
			for (const group of groups) if (group.drawn) draw(group);
			pane.scrollTop = 0;
		},
	};
}
