/**
 * One line and how far the blocks have eaten into it.
 *
 * Knows columns: a tab reaches to the next multiple of four (spec 2.2) and may
 * be eaten in part. Refuses to know any block.
 */

const TAB = 4;
/** From here on a line is indented code, unless a paragraph takes it (spec 4.4). */
export const CODE_INDENT = 4;

export class Line {
	offset = 0;
	column = 0;
	/** The next character that is not a space, and its column. */
	next = 0;
	nextColumn = 0;
	#partialTab = false;

	constructor(readonly text: string) {
		this.find();
	}

	get indent(): number {
		return this.nextColumn - this.column;
	}

	get indented(): boolean {
		return this.indent >= CODE_INDENT;
	}

	get blank(): boolean {
		return this.next >= this.text.length;
	}

	/** The character that decides what the line is, "" on a blank line. */
	get head(): string {
		return this.text.charAt(this.next);
	}

	/** From the first character that is not a space. */
	get body(): string {
		return this.text.slice(this.next);
	}

	/** From where the blocks have got to, with what is left of a tab. */
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

	/** The marker that begins at `next`, without tabs, unless all goes. */
	skipMarker(length: number): void {
		this.skipSpace();
		this.offset += length;
		this.column += length;
		this.find();
	}

	skipColumns(count: number): void {
		for (let left = count; left > 0 && this.offset < this.text.length; ) {
			const width = this.#width(this.offset, this.column);
			const eaten = Math.min(left, width);
			this.#partialTab = width > left;
			this.column += eaten;
			if (!this.#partialTab) this.offset++;
			left -= eaten;
		}
		this.find();
	}

	#width(at: number, column: number): number {
		return this.text[at] === "\t" ? TAB - (column % TAB) : 1;
	}

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
