/**
 * A long list of rows, a hundred at a time.
 *
 * Knows that the reader wants the beginning and the row being written: what is
 * between is collapsed away as soon as it is complete, and made when it is opened,
 * so the page stays as light at the end as at the start.
 */

import { button } from "../markdown/dom/element";
import { GROUP_ROWS } from "./limits";
import type { ContainerNode } from "./model";
import type { ValueView } from "./types";

/** What the rows are: of a table, or one under the other. */
export interface Rows {
	section(): HTMLElement;
	row(index: number): ValueView;
	/** Makes a button fit where rows are. */
	wrapButton?(button: HTMLElement): HTMLElement;
}

interface RowGroup {
	readonly el: HTMLElement;
	readonly from: number;
	count: number;
}

/** Returns what paints the rows that are new. */
export function rowGroups(body: HTMLElement, { values }: ContainerNode, rows: Rows): () => void {
	/** Rows there are, shown or collapsed. */
	let count = 0;
	let group: RowGroup | null = null;
	/** The last row, as long as it may change. */
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
		// The first group stays: it says what kind of thing this is.
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

/** Is the reader's selection or focus in it? */
function inUse(el: HTMLElement): boolean {
	const page = el.ownerDocument;
	const selection = page.getSelection();
	const selected = selection && !selection.isCollapsed && selection.containsNode(el, true);
	return selected || el.contains(page.activeElement);
}
