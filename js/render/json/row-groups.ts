/**
 * A long list of rows, a hundred at a time.
 *
 * Knows that the reader wants the beginning and the row being written: what is
 * between is folded away as soon as it is complete, and made when it is opened,
 * so the page stays as light at the end as at the start.
 */

import { button } from "../markdown/dom/element";
import { PIECE } from "./limits";
import type { ContainerNode } from "./model";
import type { ValueView } from "./types";

/** What the rows are: of a table, or one under the other. */
export interface Rows {
	section(): HTMLElement;
	row(index: number): ValueView;
	/** Makes a button fit where rows are. */
	fold?(button: HTMLElement): HTMLElement;
}

interface Piece {
	readonly el: HTMLElement;
	readonly from: number;
	count: number;
}

/** Returns what paints the rows that are new. */
export function pieces(body: HTMLElement, { values }: ContainerNode, rows: Rows): () => void {
	/** Rows there are, shown or folded. */
	let count = 0;
	let piece: Piece | null = null;
	/** The last row, as long as it may change. */
	let last: ValueView | null = null;

	const add = (to: Piece, index: number) => {
		const row = rows.row(index);
		row.update();
		to.el.append(row.el);
		return row;
	};

	const show = ({ el, from, count }: Piece, folded: boolean) => {
		const toggle = button({ class: "nbjson-fold", "aria-expanded": `${!folded}` }, () =>
			show({ el, from, count }, !folded),
		);
		toggle.append(`${from} … ${from + count - 1}`);
		el.replaceChildren(rows.fold?.(toggle) ?? toggle);
		for (let i = from; !folded && i < from + count; i++) add({ el, from, count }, i);
	};

	const next = (): Piece => {
		const made = { el: rows.section(), from: count, count: 0 };
		// The first piece stays: it says what kind of thing this is.
		if (piece?.from && !inUse(piece.el)) show(piece, true);
		body.append(made.el);
		return made;
	};

	return () => {
		for (last?.update(); count < values.length; count++) {
			if (!piece || piece.count >= PIECE) piece = next();
			last = add(piece, count);
			piece.count++;
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
