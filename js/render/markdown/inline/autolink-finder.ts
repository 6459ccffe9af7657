/**
 * Finds the URLs and mail addresses that are written as plain text in Markdown, in order. Each
 * position is searched once.
 */

import { matchAt } from "../../match";
import {
	beginsAfter,
	CANDIDATE,
	type Found,
	localStart,
	mailAt,
	urlAt,
	urlLimit,
} from "./autolink";

/** A marker such as `https://` or `@`, which may be part of an address. */
interface Candidate {
	readonly marker: string;
	readonly at: number;
	/** Position of its first character: for a mail address, before the `@`. */
	readonly begin: number;
}

/** An address in the text, and where it begins. */
export interface Address extends Found {
	readonly begin: number;
}

/**
 * Returns a function that finds the first address that begins in `from` to `to`. `before` gives
 * the character before a position. `strict` is the extension `addresses` (grammar.ts).
 */
export function addressFinder(text: string, before: (at: number) => string, strict: boolean) {
	let next: Candidate | null = null;
	let searched = 0;
	/** The last limit found, which holds for all candidates before it. */
	let limit = 0;

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
		if (marker === "@") return mailAt(text, begin, at, strict);
		if (!beginsAfter(before(at), marker)) return null;
		if (limit <= at) limit = urlLimit(text, at, strict);
		return urlAt(text, at, marker, limit);
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
