/**
 * The text of one leaf block, growing.
 *
 * Knows pieces, so that appending costs the same after a megabyte as at the
 * start; whoever reads keeps the number of pieces read. A speculative source
 * stands on a firm one and holds only what the unfinished line would add.
 */

export class Source {
	/** Of this source alone, without what it stands on. */
	parts: string[] = [];
	/** Changes whenever text that was already there changed. */
	epoch = 0;

	constructor(public under: Source | null = null) {}

	append(text: string): void {
		if (text) this.parts.push(text);
	}

	replace(text: string): void {
		this.epoch++;
		this.under = null;
		this.parts = text ? [text] : [];
	}

	/** All of it; joins, so only for short texts and rare occasions. */
	toString(): string {
		return (this.under?.toString() ?? "") + this.parts.join("");
	}
}

interface Read {
	/** What was read before counts no more: this is from the start. */
	readonly again: boolean;
	/** The text that is certain. */
	readonly firm: Source | null;
	readonly fresh: readonly string[];
	/** What the unfinished line would add. */
	readonly extra: readonly string[];
}

/** Reads a leaf's text, each piece once. */
export function reader() {
	let from: Source | null = null;
	let epoch: number | undefined;
	let taken = 0;
	return (source: Source, tentative: boolean, rewind = false): Read => {
		const firm = source.under ?? (tentative ? null : source);
		const again = rewind || firm !== from || firm?.epoch !== epoch;
		from = firm;
		epoch = firm?.epoch;
		if (again) taken = 0;
		const fresh = firm?.parts.slice(taken) ?? [];
		taken += fresh.length;
		return { again, firm, fresh, extra: source === firm ? [] : source.parts };
	};
}
