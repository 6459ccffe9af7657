/**
 * Stores the text of one Markdown leaf block in pieces while it grows, and gives a reader only
 * the pieces that are new. Both cost the same at any length of the text.
 *
 * The source of a copied block (see block/fork.ts) refers to the original's source and
 * holds only what the unfinished line would add.
 */

/** The text of one block. */
export class Source {
	/** The pieces of this source, without those of `original`. */
	parts: string[] = [];
	/** Counts the replacements of text that was already there. */
	revision = 0;

	constructor(public original: Source | null = null) {}

	append(text: string): void {
		if (text) this.parts.push(text);
	}

	/** Replaces the whole text. */
	replace(text: string): void {
		this.revision++;
		this.original = null;
		this.parts = text ? [text] : [];
	}

	/** The last characters of the text, at most `length` of them. */
	tail(length: number): string {
		let text = "";
		for (let i = this.parts.length - 1; i >= 0 && text.length < length; i--) {
			text = this.parts[i] + text;
		}
		const { original } = this;
		if (original && text.length < length) text = original.tail(length - text.length) + text;
		return text.slice(-length);
	}

	/** The whole text. It joins all pieces: only for short texts or rare calls. */
	toString(): string {
		return (this.original?.toString() ?? "") + this.parts.join("");
	}
}

/** What a read returns: the new pieces, and the text that may still change. */
interface Read {
	/** The text was replaced: `added` starts from the beginning. */
	readonly restart: boolean;
	/** The source of complete lines, if there is one. */
	readonly stable: Source | null;
	/** Pieces of `stable` that were not read before. */
	readonly added: readonly string[];
	/** What the unfinished line would add. It may change. */
	readonly trial: readonly string[];
}

/** Returns a function that reads a block's text, each piece once. */
export function incrementalReader() {
	let from: Source | null = null;
	let revision: number | undefined;
	let read = 0;
	return (source: Source, tentative: boolean, rewind = false): Read => {
		const stable = source.original ?? (tentative ? null : source);
		const restart = rewind || stable !== from || stable?.revision !== revision;
		from = stable;
		revision = stable?.revision;
		if (restart) read = 0;
		const added = stable?.parts.slice(read) ?? [];
		read += added.length;
		return { restart, stable, added, trial: source === stable ? [] : source.parts };
	};
}
