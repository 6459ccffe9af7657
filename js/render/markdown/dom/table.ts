/**
 * A table that grows by rows, and its last row by characters.
 *
 * Knows rows: one that is complete is painted once. Refuses to split text into
 * cells: block/table.ts does.
 */

import type { Block } from "../block/node";
import { splitRow } from "../block/table";
import { showEdge } from "../inline/pending-inline";
import { FRESH, Scan } from "../inline/scan";
import { PADDING } from "../limits";
import type { BlockView } from "./block-view";
import type { Painter } from "./context";
import { type Attributes, make } from "./element";
import { describe } from "./inline";
import { Patch } from "./patch";

interface Row {
	readonly el: HTMLElement;
	fill(texts: readonly string[], whole: boolean): void;
}

export function tableView({ columns }: Block, painter: Painter): BlockView {
	const { head = [], align = [] } = columns ?? {};
	const width = head.length;
	const body = make("tbody");
	/** Rows that may still change: the last, at most. */
	const open: Row[] = [];
	let done = 0;

	const aligned = (column: number): Attributes => {
		const side = align[column];
		return side ? { align: side } : {};
	};

	const newRow = (tag: "td" | "th"): Row => {
		const row = make("tr");
		const cells: Cell[] = [];
		let padding: HTMLElement[] = [];
		return {
			el: row,
			fill(texts, whole) {
				if (cells.length !== texts.length) {
					for (const gone of [...padding, ...cells.splice(texts.length).map(({ el }) => el)]) {
						gone.remove();
					}
					padding = [];
				}
				for (const [i, text] of texts.entries()) {
					cells[i] ??= cellView(row.appendChild(make(tag, aligned(i))), painter);
					cells[i]?.paint(text, whole || i < texts.length - 1);
				}
				const missing = width - texts.length;
				if (padding.length > 0 || missing > PADDING) return;
				padding = Array.from({ length: missing }, (_, i) => make("td", aligned(texts.length + i)));
				row.append(...padding);
			},
		};
	};

	const fill = (row: Row, line: string, complete: boolean) => {
		row.fill(splitRow(line, width), complete || line.trimEnd().endsWith("|"));
	};
	const append = (): Row => {
		if (!body.parentNode) table.append(body);
		const row = newRow("td");
		body.append(row.el);
		return row;
	};

	const top = newRow("th");
	top.fill(head, true);
	const table = make("table", {}, make("thead", {}, top.el));
	return {
		el: make("div", "nbmd-table", table),
		update({ origin, tentative, rows }) {
			const firm = origin ? origin.rows : tentative ? [] : rows;
			const trying = tentative ? rows : [];
			for (; done < firm.length; done++) fill(open.shift() ?? append(), firm[done] as string, true);
			for (const [i, line] of trying.entries()) {
				open[i] ??= append();
				fill(open[i] as Row, line, false);
			}
			for (const row of open.splice(trying.length)) row.el.remove();
			if (!body.firstChild) body.remove();
		},
	};
}

interface Cell {
	readonly el: HTMLElement;
	paint(text: string, complete: boolean): void;
}

function cellView(el: HTMLElement, painter: Painter): Cell {
	const patch = new Patch(el);
	let text = "";
	let complete = true;
	const refresh = () => {
		const scan = new Scan(text, painter.grammar, lookup, FRESH, 0, complete).run();
		if (!complete) showEdge(scan);
		patch.paint([], describe(scan.root.first, null, painter));
	};
	const lookup = painter.lookup({ refresh });
	return {
		el,
		paint(now, whole) {
			if (now === text && whole === complete) return;
			text = now;
			complete = whole;
			refresh();
		},
	};
}
