/**
 * A block of the document, open or finished.
 *
 * Knows what the block structure is made of. Refuses to know inlines (a leaf
 * only holds its source) and the DOM.
 */

import { Source } from "../source";

export type BlockKind =
	| "document"
	| "quote"
	| "list"
	| "item"
	| "footnote"
	| "paragraph"
	/** A paragraph of nothing but definitions: not shown, but it stands between others. */
	| "definition"
	| "heading"
	| "code"
	| "html"
	| "math"
	| "table"
	| "break";

export interface ListMark {
	readonly ordered: boolean;
	/** The bullet, or the delimiter after the number. */
	readonly delimiter: string;
	readonly start: number;
	/** Columns before the marker, and from there to the content. */
	readonly offset: number;
	readonly padding: number;
}

export interface Fence {
	readonly char: string;
	readonly length: number;
	/** Columns before the fence, taken off its lines too. */
	readonly offset: number;
	readonly info: string;
}

export type Align = "left" | "center" | "right" | null;

export interface Columns {
	readonly align: readonly Align[];
	readonly head: readonly string[];
}

export class Block {
	parent: Block | null = null;
	depth = 1;
	children: Block[] = [];
	open = true;
	endLine: number;
	/** Of a leaf; a container's stays empty. */
	source = new Source();

	// What only some kinds have.
	mark: ListMark | null = null;
	loose = false;
	task: boolean | null = null;
	level = 0;
	fence: Fence | null = null;
	/** Closed by its own end, not because something else began. */
	complete = false;
	htmlKind = 0;
	closer = "";
	columns: Columns | null = null;
	rows: string[] = [];
	label = "";
	/** A paragraph that begins with `[` may be definitions, spec 4.7. */
	undecided = false;
	/** How much of it is known to be definitions. */
	defined = 0;
	/** Where its last line begins, which may become a table's head. */
	lastLine = 0;
	/** That line begins with a pipe. */
	piped = false;
	length = 0;

	/** Only tried: the unfinished line may yet become something else (fork.ts). */
	tentative = false;
	/** What this is a copy of. */
	origin: Block | null = null;
	/** How many finished children the copy does not repeat. */
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

	get childCount(): number {
		return this.base + this.children.length;
	}

	get rowCount(): number {
		return (this.origin?.rows.length ?? 0) + this.rows.length;
	}

	/** By position in the whole list, on a copy too. */
	childAt(index: number): Block | undefined {
		if (index >= this.base) return this.children[index - this.base];
		return this.origin?.childAt(index);
	}
}

const CONTAINERS = ["document", "quote", "item", "footnote"];
const TEXTS = ["paragraph", "code", "html", "math"];

export function holdsBlocks(parent: Block, child: BlockKind): boolean {
	return child === "item" ? parent.kind === "list" : CONTAINERS.includes(parent.kind);
}

export function holdsLines(block: Block): boolean {
	return TEXTS.includes(block.kind);
}
