/**
 * Finds the literal addresses in a text, in order. Each place is searched once, so plain
 * text without addresses costs nothing.
 */

import { matchAt } from "../../match";
import { beginsAfter, CANDIDATE, type Found, localStart, mailAt, urlAt } from "./autolink";

interface Candidate {
	readonly marker: string;
	readonly at: number;
	/** Where it begins: for a mail address, before its `@`. */
	readonly begin: number;
}

export interface Address extends Found {
	readonly begin: number;
}

/** Returns a function that finds the first address that begins in `from` to `to`. */
export function addressesOf(text: string, before: (at: number) => string) {
	let next: Candidate | null = null;
	let searched = 0;

	const candidate = (from: number): Candidate | null => {
		if (next && next.at >= from) return next;
		if (searched > text.length) return null;
		const found = matchAt(CANDIDATE, text, Math.max(searched, from));
		const at = found?.index ?? text.length;
		const marker = found?.[0] ?? "";
		searched = at + 1;
		next = found && { marker, at, begin: marker === "@" ? localStart(text, at, 0) : at };
		return next;
	};

	const read = ({ marker, at }: Candidate, begin: number): Found | null => {
		if (marker === "@") return mailAt(text, begin, at);
		return beginsAfter(before(at), marker) ? urlAt(text, at, marker) : null;
	};

	return (from: number, to: number): Address | null => {
		for (;;) {
			const one = candidate(from);
			const begin = Math.max(from, one?.begin ?? to);
			if (!one || begin >= to) return null;
			const found = read(one, begin);
			if (found) return { ...found, begin };
			next = null;
			searched = one.at + one.marker.length;
		}
	};
}
