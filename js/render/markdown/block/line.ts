/**
 * One line of Markdown, and how much of it the block rules have consumed.
 *
 * Columns count tabs: a tab reaches to the next multiple of four and can be consumed in
 * part (CommonMark spec 2.2).
 */

const TAB = 4;
/** Columns of indentation that make a line indented code (CommonMark spec 4.4). */
export const CODE_INDENT = 4;

/** A line with a position that moves as rules consume markers and spaces. */
export class Line {
	offset = 0;
	column = 0;
	/** Position of the next character that is not a space, and its column. */
	next = 0;
	nextColumn = 0;
	#partialTab = false;

	constructor(readonly text: string) {
		this.find();
	}

	/** Columns of white space at the position. */
	get indent(): number {
		return this.nextColumn - this.column;
	}

	get indented(): boolean {
		return this.indent >= CODE_INDENT;
	}

	get blank(): boolean {
		return this.next >= this.text.length;
	}

	/** The first character that is not a space, "" on a blank line. */
	get head(): string {
		return this.text.charAt(this.next);
	}

	/** The text from the first character that is not a space. */
	get body(): string {
		return this.text.slice(this.next);
	}

	/** The text that is not consumed, with the rest of a tab as spaces. */
	get rest(): string {
		const tab = this.#partialTab ? " ".repeat(TAB - (this.column % TAB)) : "";
		return tab + this.text.slice(this.offset + (this.#partialTab ? 1 : 0));
	}

	atSpace(): boolean {
		return isSpace(this.text[this.offset]);
	}

	skipSpace(): void {
		this.offset = this.next;
		this.column = this.nextColumn;
		this.#partialTab = false;
	}

	skipAll(): void {
		this.next = this.text.length;
		this.skipSpace();
	}

	/** Skips white space and a marker of this length, which has no tabs. */
	skipMarker(length: number): void {
		this.skipSpace();
		this.offset += length;
		this.column += length;
		this.find();
	}

	skipColumns(count: number): void {
		for (let left = count; left > 0 && this.offset < this.text.length; ) {
			const width = this.#width(this.offset, this.column);
			const used = Math.min(left, width);
			this.#partialTab = width > left;
			this.column += used;
			if (!this.#partialTab) this.offset++;
			left -= used;
		}
		this.find();
	}

	#width(at: number, column: number): number {
		return this.text[at] === "\t" ? TAB - (column % TAB) : 1;
	}

	/** Finds the next character that is not a space. */
	find(): void {
		let at = this.offset;
		let column = this.column;
		for (; isSpace(this.text[at]); at++) column += this.#width(at, column);
		this.next = at;
		this.nextColumn = column;
	}
}

function isSpace(char: string | undefined): boolean {
	return char === " " || char === "\t";
}
