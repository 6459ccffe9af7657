/**
 * The text of one leaf block, growing.
 *
 * Knows pieces, so that appending costs the same after a megabyte as at the
 * start; whoever reads keeps the number of pieces read. A speculative source
 * stands on a stable one and holds only what the unfinished line would add.
 */

export class Source {
	/** Of this source alone, without what it stands on. */
	parts: string[] = [];
	/** Changes whenever text that was already there changed. */
	revision = 0;

	constructor(public original: Source | null = null) {}

	append(text: string): void {
		if (text) this.parts.push(text);
	}

	replace(text: string): void {
		this.revision++;
		this.original = null;
		this.parts = text ? [text] : [];
	}

	/** All of it; joins, so only for short texts and rare occasions. */
	toString(): string {
		return (this.original?.toString() ?? "") + this.parts.join("");
	}
}

interface Read {
	/** What was read before counts no more: this is from the start. */
	readonly restart: boolean;
	/** The text that is certain. */
	readonly stable: Source | null;
	readonly added: readonly string[];
	/** What the unfinished line would add. */
	readonly trial: readonly string[];
}

/** Reads a leaf's text, each piece once. */
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
