/**
 * Draws a Markdown table while it grows, row by row, and its last row character by character.
 * A complete row is painted again only if a link or footnote in it is defined later. Splitting
 * a row into cells is in block/table.ts.
 */

import type { Block } from "../block/node";
import { splitRow } from "../block/table";
import { showPending } from "../inline/pending-inline";
import { SCAN_START, Scan } from "../inline/scan";
import { MAX_EMPTY_CELLS } from "../limits";
import type { BlockView } from "./block-view";
import type { RenderContext } from "./context";
import { setDirection } from "./direction";
import { type Attributes, make } from "./element";
import { describe, marksUpTo, type PlacedMark } from "./inline";
import { Patch } from "./patch";

/** One row of the table. */
interface Row {
	readonly el: HTMLElement;
	fill(texts: readonly string[], whole: boolean): void;
}

/** Creates the view of a table. */
export function tableView({ columns }: Block, ctx: RenderContext): BlockView {
	const { head = [], align = [] } = columns ?? {};
	const width = head.length;
	const body = make("tbody");
	/** Rows that may still change: at most the last one. */
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
					cells[i] ??= cellView(row.appendChild(make(tag, aligned(i))), ctx);
					cells[i]?.paint(text, whole || i < texts.length - 1);
				}
				const missing = width - texts.length;
				if (padding.length > 0 || missing > MAX_EMPTY_CELLS) return;
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
	const el = make("div", { class: "nbmd-table", tabindex: "0" }, table);
	return {
		el,
		update({ origin, tentative, rows }) {
			const stable = origin ? origin.rows : tentative ? [] : rows;
			const trying = tentative ? rows : [];
			for (; done < stable.length; done++)
				fill(open.shift() ?? append(), stable[done] as string, true);
			for (const [i, line] of trying.entries()) {
				open[i] ??= append();
				fill(open[i] as Row, line, false);
			}
			for (const row of open.splice(trying.length)) row.el.remove();
			if (!body.firstChild) body.remove();
			setDirection(el); // so that its columns and its place follow its text
		},
	};
}

/** Draws a complete cell again, with these marks in its text. */
export function paintCell(
	el: HTMLElement,
	text: string,
	marks: readonly PlacedMark[],
	ctx: RenderContext,
): void {
	const { root } = new Scan(text, ctx.grammar, ctx.references, SCAN_START, 0, true).run();
	const cursor = { marks, next: 0 };
	const content = describe(root.first, null, ctx, 0, cursor);
	new Patch(el).paint([], [...content, ...marksUpTo(cursor, Infinity)]);
}

/** One cell of a row. */
interface Cell {
	readonly el: HTMLElement;
	paint(text: string, complete: boolean): void;
}

/** Creates the view of one cell. */
function cellView(el: HTMLElement, ctx: RenderContext): Cell {
	const patch = new Patch(el);
	let text = "";
	let complete = true;
	const refresh = () => {
		const scan = new Scan(text, ctx.grammar, lookup, SCAN_START, 0, complete).run();
		if (!complete) showPending(scan);
		patch.paint([], describe(scan.root.first, null, ctx));
		setDirection(el);
	};
	const lookup = ctx.lookup({ refresh });
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
