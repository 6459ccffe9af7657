/**
 * The nodes of the Markdown block tree: paragraphs, lists, code and so on, open or finished.
 * A leaf block holds its source text, whose inlines are parsed elsewhere.
 * Some blocks are copies for an unfinished line (fork.ts).
 */

import { Source } from "../source";

/** The kinds of blocks. */
export type BlockKind =
	| "document"
	| "quote"
	| "list"
	| "item"
	| "footnote"
	/** What `<details>` and `<summary>` make. */
	| "details"
	| "summary"
	| "paragraph"
	/** A paragraph of nothing but definitions: not shown, but it separates other blocks. */
	| "definition"
	| "heading"
	| "code"
	| "html"
	| "math"
	| "table"
	| "break";

/** The marker of a list item. */
export interface ListMark {
	readonly ordered: boolean;
	/** The bullet, or the delimiter after the number. */
	readonly delimiter: string;
	readonly start: number;
	/** Columns before the marker, and from the marker to the content. */
	readonly offset: number;
	readonly padding: number;
}

/** The opening fence of a code block. */
export interface Fence {
	readonly char: string;
	readonly length: number;
	/** Columns before the fence, which are removed from its lines too. */
	readonly offset: number;
	readonly info: string;
}

/** The alignment of a table column. */
export type Align = "left" | "center" | "right" | null;

/** The columns of a table, from its head. */
export interface Columns {
	readonly align: readonly Align[];
	readonly head: readonly string[];
}

/** One block of the document. */
export class Block {
	parent: Block | null = null;
	depth = 1;
	children: Block[] = [];
	open = true;
	endLine: number;
	/** The text of a leaf block; empty in containers. */
	source = new Source();

	// Properties of some kinds only.
	mark: ListMark | null = null;
	loose = false;
	task: boolean | null = null;
	level = 0;
	/** A heading whose line is not complete and grows here. */
	growing = false;
	fence: Fence | null = null;
	/** Closed by its own closing marker. */
	complete = false;
	htmlKind = 0;
	closer = "";
	columns: Columns | null = null;
	rows: string[] = [];
	label = "";
	/** A paragraph that begins with `[` and may still be definitions, spec 4.7. */
	undecided = false;
	/** Characters of it that are known to be definitions. */
	defined = 0;
	/** Where the last line of a paragraph begins; that line may become a table's head. */
	lastLine = 0;
	/** The last line begins with a pipe. */
	piped = false;
	length = 0;

	/** Made from the unfinished line, so it may still become something else (fork.ts). */
	tentative = false;
	/** The block that this is a copy of. */
	origin: Block | null = null;
	/** Number of finished children that the copy leaves out. */
	base = 0;

	constructor(
		public kind: BlockKind,
		readonly startLine: number,
	) {
		this.endLine = startLine;
	}

	get last(): Block | undefined {
		return this.children.at(-1);
	}

	/** Number of children, with those that a copy leaves out. */
	get childCount(): number {
		return this.base + this.children.length;
	}

	/** Number of rows, with those that a copy leaves out. */
	get rowCount(): number {
		return (this.origin?.rows.length ?? 0) + this.rows.length;
	}

	/** The child at an index, also on a copy. */
	childAt(index: number): Block | undefined {
		if (index >= this.base) return this.children[index - this.base];
		return this.origin?.childAt(index);
	}
}

const CONTAINERS = ["document", "quote", "item", "footnote", "details"];
const TEXTS = ["paragraph", "summary", "code", "html", "math"];

/** Whether a block can contain a child of this kind. */
export function holdsBlocks(parent: Block, child: BlockKind): boolean {
	return child === "item" ? parent.kind === "list" : CONTAINERS.includes(parent.kind);
}

/** Whether a block takes lines as its text. */
export function holdsLines(block: Block): boolean {
	return TEXTS.includes(block.kind);
}
