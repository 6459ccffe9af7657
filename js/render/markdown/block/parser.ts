/**
 * The block parser for Markdown (first phase of the CommonMark spec's appendix): parses one
 * line at a time, each once, into a tree of blocks.
 *
 * It keeps the chain of open blocks and decides which of them a line continues, opens or
 * closes. Inlines are parsed elsewhere.
 */

import { trimSpaces } from "../chars";
import type { Grammar } from "../grammar";
import { continues } from "./block-continues";
import { startBlock, withoutClosing } from "./block-starts";
import { readDefinitions } from "./definition";
import { detailsAround, FINAL_END_DETAILS } from "./details";
import { htmlEnds } from "./html";
import { Line } from "./line";
import { Block, type BlockKind, type Columns, holdsBlocks, holdsLines } from "./node";
import type { References } from "./references";

/** The tree of blocks and the state between two lines. */
export class Parser {
	/** The innermost open block. */
	tip: Block;
	lineNumber = 0;
	/** False while open blocks that the line does not continue are still to be closed. */
	allClosed = true;
	/** The part of the last line that belongs to a leaf block. */
	body = "";
	/** The line is complete. */
	ended = true;
	#oldTip: Block;
	#lastMatched: Block;

	constructor(
		readonly grammar: Grammar,
		readonly root: Block,
		tip: Block,
		/** Null in a copy: an unfinished line defines nothing. */
		readonly references: References | null,
	) {
		this.tip = tip;
		this.#oldTip = tip;
		this.#lastMatched = root;
	}

	/** Parses one line without its line ending, or the beginning of one whose kind is decided. */
	incorporate(text: string, ended = true): void {
		const line = new Line(text);
		this.ended = ended;
		this.body = "";
		this.lineNumber++;
		this.#oldTip = this.tip;
		const matched = this.#match(line);
		if (!matched) return;
		this.allClosed = matched === this.#oldTip;
		this.#lastMatched = matched;
		const container = this.#begin(line, matched);
		this.body = line.body;
		this.#add(line, container);
		if (ended) this.#endDetails();
	}

	/** Adds text to a line whose beginning was parsed. */
	extend(text: string): void {
		this.tip.length += text.length;
		this.tip.source.append(text);
	}

	endLine(): void {
		const { kind, growing, source } = this.tip;
		if (kind === "code") source.append("\n");
		if (growing) this.#endHeading(this.tip);
		this.#endDetails();
	}

	/** Completes a heading whose line grew. */
	#endHeading(heading: Block): void {
		const text = heading.source.toString();
		const shown = withoutClosing(text);
		if (shown !== text) heading.source.replace(shown);
		heading.growing = false;
	}

	/** Closes `<details>` at the end of a complete line of text, such as `text</details>`. */
	#endDetails(): void {
		const { tip } = this;
		if (tip.kind !== "paragraph" || !this.grammar.tags || !detailsAround(tip)) return;
		const found = FINAL_END_DETAILS.exec(tip.source.tail(200));
		if (!found?.[1]) return;
		const text = tip.source.toString();
		tip.length = text.length - found[0].length;
		tip.source.replace(text.slice(0, tip.length));
		const count = found[1].split("<").length - 1;
		for (let i = 0; i < count; i++) {
			const details = detailsAround(this.tip);
			if (details) this.closeTo(details);
		}
	}

	/** Closes all blocks at the end of the text. */
	end(): void {
		while (this.tip !== this.root) this.close(this.tip, this.lineNumber);
		this.root.open = false;
	}

	/** The innermost open block that the line continues; null if the line is used up. */
	#match(line: Line): Block | null {
		let block = this.root;
		for (let next = block.last; next?.open; next = block.last) {
			const continued = continues(next, line);
			if (continued === "done") {
				this.close(next, this.lineNumber);
				return null;
			}
			if (!continued) break;
			block = next;
		}
		return block;
	}

	/** Opens the blocks that begin on the line. Returns the innermost one that takes its text. */
	#begin(line: Line, matched: Block): Block {
		let container = matched;
		while (container.kind === "paragraph" || !holdsLines(container)) {
			const started = startBlock(this, line, container);
			if (!started) {
				line.skipSpace();
				break;
			}
			container = this.tip;
			if (started === "leaf") break;
		}
		return container;
	}

	/** Adds the rest of the line to a block. */
	#add(line: Line, container: Block): void {
		if (!this.allClosed && !line.blank && this.tip.kind === "paragraph") {
			this.#addText(this.tip, line.body); // a lazy continuation, spec 5.1
			return;
		}
		this.closeUnmatched();
		const { kind } = container;
		if (kind === "paragraph" || kind === "summary") this.#addText(container, line.body);
		else if (container.kind === "table") this.#addRow(container, line);
		else if (holdsLines(container)) this.#addLine(container, line);
		else if (line.offset < line.text.length && !line.blank) {
			const paragraph = this.open("paragraph");
			line.skipSpace();
			this.#addText(paragraph, line.rest);
		}
	}

	#addText(paragraph: Block, text: string): void {
		const first = paragraph.length === 0;
		const rest = first ? this.#takeTask(paragraph, text) : `\n${text}`;
		if (first) paragraph.undecided = rest.startsWith("[") && paragraph.kind === "paragraph";
		paragraph.lastLine = first ? 0 : paragraph.length + 1;
		paragraph.piped = text.startsWith("|") && paragraph.kind === "paragraph";
		paragraph.length += rest.length;
		paragraph.source.append(rest);
	}

	/** `[ ] ` at the start of an item's first paragraph (GFM 5.3). */
	#takeTask(paragraph: Block, text: string): string {
		const item = paragraph.parent;
		const box = /^\[([ xX])\][ \t]+(?=\S)/.exec(text);
		if (!this.grammar.gfm || !box || item?.kind !== "item" || item.childCount !== 1) return text;
		item.task = box[1] !== " ";
		return text.slice(box[0].length);
	}

	#addRow(table: Block, line: Line): void {
		// The line that made the table is its delimiter row, and used up.
		if (line.offset < line.text.length) table.rows.push(line.body);
	}

	#addLine(block: Block, line: Line): void {
		if (block.fence && line.offset >= line.text.length && this.#lastMatched !== block) return;
		if (block.kind === "math" && this.#lastMatched !== block) return;
		const text = line.rest;
		block.source.append(this.ended ? `${text}\n` : text);
		if (block.kind === "html" && htmlEnds(block.htmlKind, text)) this.close(block, this.lineNumber);
		if (block.kind === "code" && text.trim()) block.endLine = this.lineNumber;
	}

	/** Opens a block on this line, after closing the blocks that the line does not continue. */
	begin(kind: BlockKind): Block {
		this.closeUnmatched();
		return this.open(kind);
	}

	/** Adds a block at the tip, after closing the blocks that cannot contain it. */
	open(kind: BlockKind): Block {
		while (!holdsBlocks(this.tip, kind)) this.close(this.tip, this.lineNumber - 1);
		const parent = this.tip;
		const block = new Block(kind, this.lineNumber);
		block.parent = parent;
		block.depth = parent.depth + 1;
		block.tentative = this.references === null;
		this.#loosen(parent);
		parent.children.push(block);
		this.tip = block;
		return block;
	}

	openFootnote(label: string): void {
		const block = this.begin("footnote");
		block.label = label;
		this.references?.defineFootnote(block);
	}

	/** Makes a list loose at a blank line between two items or two blocks of an item, spec 5.3. */
	#loosen(parent: Block): void {
		const list = parent.kind === "list" ? parent : listAround(parent);
		const before = parent.last;
		if (!list || list.loose || !before || before.endLine === this.lineNumber - 1) return;
		list.loose = true;
	}

	/** Closes the open blocks that the line does not continue. */
	closeUnmatched(): void {
		if (this.allClosed) return;
		while (this.#oldTip !== this.#lastMatched) {
			const parent = this.#oldTip.parent;
			if (this.#oldTip.open) this.close(this.#oldTip, this.lineNumber - 1);
			if (!parent) break;
			this.#oldTip = parent;
		}
		this.allClosed = true;
	}

	/** Closes all blocks up to this one, which ends on the line. */
	closeTo(block: Block): void {
		while (this.tip !== block) this.close(this.tip, this.lineNumber);
		this.close(block, this.lineNumber);
	}

	close(block: Block, lineNumber: number): void {
		const parent = block.parent;
		block.open = false;
		this.tip = parent ?? this.root;
		switch (block.kind) {
			case "paragraph":
				block.endLine = lineNumber;
				if (!this.#define(block)) block.kind = "definition";
				return;
			case "code":
				if (block.fence) block.endLine = lineNumber;
				else trimBlankLines(block);
				return;
			case "list":
			case "item":
				block.endLine = block.last?.endLine ?? block.startLine;
				return;
			default:
				block.endLine = lineNumber;
		}
	}

	/** Removes definitions from a paragraph. Returns false if nothing is left. */
	#define(block: Block): boolean {
		if (block.length > 0 && !block.undecided && block.defined === 0) return true;
		// A copy shares its text with the original, which does this itself.
		if (!this.references) return true;
		const text = block.source.toString();
		const { found, length } = readDefinitions(text, this.grammar.named);
		block.undecided = false;
		for (const definition of found) this.references.define(definition);
		if (length === 0) return text !== "";
		const rest = text.slice(length);
		block.source.replace(rest);
		block.length = rest.length;
		block.lastLine = Math.max(0, block.lastLine - length);
		block.defined = 0;
		return trimSpaces(rest) !== "";
	}

	/** Turns a paragraph into a heading, at its underline. False if it held only definitions. */
	becomeHeading(paragraph: Block, level: number): boolean {
		this.closeUnmatched();
		if (!this.#define(paragraph)) return false;
		const text = paragraph.source.toString();
		paragraph.kind = "heading";
		paragraph.level = level;
		paragraph.source.replace(trimSpaces(text));
		return true;
	}

	/** Turns the last line of a paragraph into the head of a new table. */
	becomeTable(paragraph: Block, columns: Columns): void {
		this.closeUnmatched();
		const before = paragraph.source.toString().slice(0, Math.max(0, paragraph.lastLine - 1));
		const parent = paragraph.parent;
		if (before) {
			paragraph.source.replace(before);
			paragraph.length = before.length;
			paragraph.undecided ||= before.startsWith("[");
			this.close(paragraph, this.lineNumber - 2);
		} else if (parent) {
			parent.children.pop();
			this.tip = parent;
			paragraph.open = false;
		}
		// The table begins one line earlier, with its head, so the list stays as it was.
		const list = listAround(parent);
		const loose = list?.loose ?? false;
		const table = this.open("table");
		table.columns = columns;
		if (list) list.loose = loose;
	}
}

/** The list that this item belongs to. */
function listAround(block: Block | null): Block | null {
	return block?.kind === "item" ? block.parent : null;
}

/** Blank lines at the end of indented code are not part of it, spec 4.4. */
function trimBlankLines(block: Block): void {
	const text = block.source.toString();
	const trimmed = text.trimEnd();
	const end = text.indexOf("\n", trimmed.length) + 1;
	if (end < text.length) block.source.replace(text.slice(0, end));
}
