/**
 * Draws a long JSON array or object as rows in groups of a hundred.
 *
 * The first group and the one being written are shown. A group between is collapsed when the
 * next one begins, unless the user's selection or focus is in it. Its rows are created again
 * when the user opens it, so the page stays light.
 */

import { inUse } from "../in-use";
import { button } from "../markdown/dom/element";
import { GROUP_ROWS } from "./limits";
import type { ContainerNode } from "./model";
import type { ValueView } from "./types";

/** Creates the rows, as a table or as a list. */
export interface Rows {
	section(): HTMLElement;
	row(index: number): ValueView;
	/** Wraps a button so that it can stand among the rows. */
	wrapButton?(button: HTMLElement): HTMLElement;
}

/** The element with the rows from index `from` on. */
interface RowGroup {
	readonly el: HTMLElement;
	readonly from: number;
	count: number;
}

/** Returns a function that draws the rows that are new since its last call. */
export function rowGroups(body: HTMLElement, { values }: ContainerNode, rows: Rows): () => void {
	/** Number of rows, shown or collapsed. */
	let count = 0;
	let group: RowGroup | null = null;
	/** The last row while it may still change. */
	let last: ValueView | null = null;

	const add = (to: RowGroup, index: number) => {
		const row = rows.row(index);
		row.update();
		to.el.append(row.el);
		return row;
	};

	const show = ({ el, from, count }: RowGroup, collapsed: boolean) => {
		const toggle = button({ class: "nbjson-group-toggle", "aria-expanded": `${!collapsed}` }, () =>
			show({ el, from, count }, !collapsed),
		);
		toggle.append(`${from} … ${from + count - 1}`);
		el.replaceChildren(rows.wrapButton?.(toggle) ?? toggle);
		for (let i = from; !collapsed && i < from + count; i++) add({ el, from, count }, i);
	};

	const next = (): RowGroup => {
		const made = { el: rows.section(), from: count, count: 0 };
		// The first group stays open, as it shows what the rows look like.
		if (group?.from && !inUse(group.el)) show(group, true);
		body.append(made.el);
		return made;
	};

	return () => {
		for (last?.update(); count < values.length; count++) {
			if (!group || group.count >= GROUP_ROWS) group = next();
			last = add(group, count);
			group.count++;
		}
		if (!values[count - 1]?.open) last = null;
	};
}
