/**
 * Parses plain text in inline Markdown up to the next character with a meaning, with the URLs
 * and mail addresses in it and a line break at its end.
 *
 * At the end of the text the last word may still become an address, and trailing spaces a
 * line break: those are shown but not committed.
 */

import { matchAt } from "../../match";
import { MAX_EMAIL } from "../limits";
import { mayBeAddress } from "./autolink";
import { addressFinder } from "./autolink-finder";
import type { Scan } from "./scan";

const SPECIAL = /[\n\\`*_~[\]!<&$]/g;
const LOW_SURROGATE = /[\udc00-\udfff]/;

/** Returns a function that reads text at the scan's position, at least one character. */
export function textReader(scan: Scan): () => void {
	const { text, grammar, final } = scan;
	const nextAddress = addressFinder(text, (at) => scan.before(at), grammar.addresses);

	/** Emits undecided text at the end without committing it. */
	const emitPending = (stop: number, end: number) => {
		let word = stop;
		if (stop === end && grammar.gfm) {
			const least = Math.max(scan.at, end - MAX_EMAIL);
			while (word > least && !/\s/.test(text.charAt(word - 1))) word--;
			if (LOW_SURROGATE.test(text.charAt(word))) word++;
		}
		if (word > scan.at) {
			scan.emitText(text.slice(scan.at, word));
			scan.tryCommit();
		}
		scan.uncertain = true;
		if (stop > word) scan.emitText(text.slice(word, stop));
		scan.at = end;
	};

	return () => {
		let end = matchAt(SPECIAL, text, scan.at + 1)?.index ?? text.length;
		const literal = grammar.gfm && scan.brackets.active === 0;
		const address = literal && nextAddress(scan.at, end);
		if (address) {
			if (address.begin === scan.at) {
				const link = scan.link(address.href, text.slice(scan.at, address.end), address.end);
				link.partial = address.open && !final;
				scan.uncertain ||= link.partial;
				return;
			}
			end = address.begin;
		}
		const atEnd = end === text.length;
		const breaks = text[end] === "\n";
		let stop = end;
		// At its end a leaf block loses tabs as well as spaces.
		const blank = atEnd ? /[ \t]/ : / /;
		while (stop > scan.at && blank.test(text.charAt(stop - 1))) stop--;
		// The last word may still become an address.
		if (!final && (atEnd || (literal && text[end] === "_" && mayBeAddress(text, end)))) {
			emitPending(stop, end);
			return;
		}
		const shown = text.slice(scan.at, atEnd || breaks ? stop : end);
		if (shown) {
			const node = scan.emitText(shown, end);
			node.to = node.from + shown.length;
		}
		scan.at = end;
		// Emitted together with its spaces, so that no commit falls between them.
		if (stop < end && breaks) scan.lineBreak();
	};
}
