/**
 * Puts elements of the host page, such as the numbers of citations, at positions of a Markdown
 * text, without a change to the text that is parsed.
 *
 * A position is found in two steps: the leaf block that holds its line, then the block's own text
 * in that line. Python's `display/marks.py` follows the same rule in the static HTML. Marks that
 * come with or after their text cost the same: only their block is drawn again.
 */

import type { Block } from "../block/node";
import { splitRow } from "../block/table";
import type { MarkdownDocument } from "../document";
import type { BlockView } from "./block-view";
import type { RenderContext } from "./context";
import { make } from "./element";
import type { PlacedMark } from "./inline";
import type { Slot } from "./patch";
import { paintCell } from "./table";

/** An element, and the number of characters of the text before it. */
interface Mark {
	at: number;
	readonly el: HTMLElement;
	readonly slot: Slot;
}

/** The marks of one block. */
interface Group {
	readonly block: Block;
	marks: Mark[];
	view: BlockView | undefined;
	/** Tells whether the marks are painted where they belong. */
	key: string;
}

const CONTAINERS = /^(?:document|quote|list|item|footnote|details)$/;
const LINE_END = /\r\n?|\n/g;

/** The marks of one document. */
export class Marks {
	/** Pieces of the text that are not in `#text` yet. */
	#pieces: string[] = [];
	#text = "";
	/** Where each line begins, as far as `#text` was read. */
	readonly #lines = [0];
	#read = 0;
	#count = 0;
	/** Marks whose text is not drawn yet. */
	#waiting: Mark[] = [];
	readonly #groups = new Map<Block, Group>();
	/** Groups whose block may still change. */
	readonly #open = new Set<Group>();

	constructor(
		readonly document: MarkdownDocument,
		readonly ctx: RenderContext,
	) {}

	/** Keeps text that is parsed. */
	note(text: string): void {
		this.#pieces.push(text);
	}

	add(at: number, el: HTMLElement): void {
		const slot = { key: `mark\n${this.#count++}`, create: () => el };
		this.#waiting.push({ at, el, slot });
	}

	/** Places the marks whose text has been drawn, and those whose block has changed. */
	arrange(): void {
		if (this.#waiting.length === 0 && this.#open.size === 0) return;
		const changed = new Set<Group>();
		const left: Group[] = [];
		for (const group of this.#open) {
			if (group.block.open && group.key === this.#keyOf(group)) continue;
			// It became another block, or lost the definitions before its text.
			this.#waiting.push(...group.marks);
			this.#groups.delete(group.block);
			this.#open.delete(group);
			left.push(group);
		}
		const waiting = this.#waiting;
		this.#waiting = [];
		for (const mark of waiting) {
			const group = this.#groupOf(mark);
			if (!group) {
				this.#waiting.push(mark);
				continue;
			}
			group.marks.push(mark);
			changed.add(group);
		}
		for (const { block, view } of left) {
			if (this.#groups.has(block)) continue;
			view?.setMarks?.([]);
			boxIn(view)?.remove();
		}
		for (const group of changed) this.#paint(group);
	}

	#keyOf({ block, view }: Group): string {
		return `${this.ctx.views.get(block) === view} ${block.kind} ${block.defined}`;
	}

	/** The group of the block that a mark belongs to; null while that is not decided. */
	#groupOf(mark: Mark): Group | null {
		const { root, lines } = this.document.decided;
		if (mark.at > this.document.written) return null;
		this.#readLines();
		mark.at = this.#text.slice(0, mark.at).trimEnd().length;
		const line = this.#lineAt(mark.at);
		if (line > lines) return null;
		const block = leafBefore(root, line);
		const view = block && this.ctx.views.get(block);
		if (!view || (block.open && (block.undecided || !isText(block)))) return null;
		const group = this.#groups.get(block) ?? { block, view, marks: [], key: "" };
		this.#groups.set(block, group);
		if (block.open) this.#open.add(group);
		return group;
	}

	/** Finds the lines of the text that has arrived. */
	#readLines(): void {
		if (this.#pieces.length === 0) return;
		this.#text += this.#pieces.join("").replaceAll("\0", "\ufffd");
		this.#pieces = [];
		// The last character may be the first half of a line ending.
		LINE_END.lastIndex = this.#read;
		for (let end = LINE_END.exec(this.#text); end; end = LINE_END.exec(this.#text)) {
			if (LINE_END.lastIndex === this.#text.length && end[0] === "\r") break;
			this.#lines.push(LINE_END.lastIndex);
			this.#read = LINE_END.lastIndex;
		}
	}

	/** The number, from 1, of the line with the character before a position. */
	#lineAt(at: number): number {
		let low = 0;
		let high = this.#lines.length;
		while (high - low > 1) {
			const middle = (low + high) >> 1;
			if ((this.#lines[middle] as number) < at) low = middle;
			else high = middle;
		}
		return low + 1;
	}

	#paint(group: Group): void {
		const { block, marks } = group;
		const { ctx } = this;
		const view = ctx.views.get(block);
		group.view = view;
		group.key = this.#keyOf(group);
		marks.sort((a, b) => a.at - b.at);
		if (block.kind === "table") {
			this.#paintCells(block, view?.el ?? null, marks);
		} else if (view?.setMarks) {
			view.setMarks(marks.map((mark) => ({ at: this.#placeIn(block, mark), slot: mark.slot })));
		} else {
			const box = boxIn(view) ?? make("div", "nbmd-marks");
			view?.el?.append(box);
			box.replaceChildren(...marks.map(({ el }) => el));
		}
	}

	/** Paints the cells with marks again, from which a new definition may have removed them. */
	repaintCells(): void {
		for (const group of this.#groups.values()) if (group.block.kind === "table") this.#paint(group);
	}

	/** The position of a mark in the text of its block. */
	#placeIn(block: Block, { at }: Mark): number {
		const own = block.source.toString().split("\n");
		const last = this.#lineAt(at);
		let done = 0;
		let nth = 0;
		for (let line = block.startLine; line <= last && nth < own.length; line++) {
			const text = own[nth] as string;
			const column = this.#lineText(line).lastIndexOf(text.trimEnd());
			if (column < 0) continue;
			if (line === last) {
				const begin = (this.#lines[line - 1] as number) + column;
				return done + Math.max(0, Math.min(at - begin, text.length));
			}
			done += text.length + 1;
			nth++;
		}
		return Math.max(0, done - 1);
	}

	#lineText(line: number): string {
		return this.#text.slice(this.#lines[line - 1], this.#lines[line]).trimEnd();
	}

	/** Draws the cells of a table that have marks. */
	#paintCells(block: Block, el: HTMLElement | null, marks: readonly Mark[]): void {
		const rows = el?.querySelectorAll("tr") ?? [];
		const cells = new Map<Element, { text: string; marks: PlacedMark[] }>();
		for (const { at, slot } of marks) {
			const line = this.#lineAt(at);
			// The head is on the line before the one with the delimiters.
			const nth = Math.max(0, line - block.startLine);
			const head = block.columns?.head ?? [];
			const texts = nth ? splitRow(block.rows[nth - 1] ?? "", head.length) : head;
			const last = nth ? line : block.startLine - 1;
			const found = cellAt(this.#lineText(last), texts, at - (this.#lines[last - 1] as number));
			const cell = found && rows[nth]?.children[found.column];
			if (!cell) continue;
			const entry = cells.get(cell) ?? { text: found.text, marks: [] };
			cells.set(cell, entry);
			entry.marks.push({ at: found.at, slot });
		}
		for (const [cell, { text, marks }] of cells)
			paintCell(cell as HTMLElement, text, marks, this.ctx);
	}
}

/** The box for the marks of a block that is no text. */
function boxIn(view: BlockView | undefined): Element | null {
	return view?.el?.querySelector(":scope > .nbmd-marks") ?? null;
}

/** The last leaf block that begins on a line or before it. */
function leafBefore(parent: Block, line: number): Block | null {
	const { children } = parent;
	let low = 0;
	let high = children.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (firstLine(children[middle] as Block) <= line) low = middle + 1;
		else high = middle;
	}
	for (let i = low - 1; i >= 0; i--) {
		const child = children[i] as Block;
		const leaf = CONTAINERS.test(child.kind) ? leafBefore(child, line) : child;
		if (leaf && leaf.kind !== "definition" && leaf.kind !== "break") return leaf;
	}
	return null;
}

/** A table begins with its head, one line before the line that makes it one. */
function firstLine({ kind, startLine }: Block): number {
	return kind === "table" ? startLine - 1 : startLine;
}

/** Whether marks can be put into a block while it grows. */
function isText({ kind }: Block): boolean {
	return kind === "paragraph" || kind === "heading" || kind === "summary" || kind === "table";
}

/** The cell that holds a position of a row's line, and the place in the cell's text. */
function cellAt(line: string, cells: readonly string[], at: number) {
	let end = line.length;
	for (let column = cells.length - 1; column >= 0; column--) {
		const text = cells[column] as string;
		const raw = text.replaceAll("|", "\\|");
		// From the right, because a row may begin with the markers of blocks around the table.
		const begin = line.lastIndexOf(raw, end - raw.length);
		if (begin < at || column === 0) {
			const inside = raw.slice(0, Math.max(0, at - begin));
			return { column, text, at: inside.replaceAll("\\|", "|").length };
		}
		end = begin;
	}
	return null;
}
