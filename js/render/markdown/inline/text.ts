/**
 * Plain text: up to whatever may mean something.
 *
 * Knows literal addresses, and that at the right emitPending the last word may become
 * one, and spaces a line break.
 */

import { matchAt } from "../../match";
import { MAX_EMAIL } from "../limits";
import { mayBeMail } from "./autolink";
import { addressesOf } from "./autolink-finder";
import type { Scan } from "./scan";

const SPECIAL = /[\n\\`*_~[\]!<&$]/g;
const LOW_SURROGATE = /[\udc00-\udfff]/;

/** Returns what reads text at the scan's place, at least one character. */
export function textReader(scan: Scan): () => void {
	const { text, grammar, final } = scan;
	const nextAddress = addressesOf(text, (at) => scan.before(at));

	/** What is undecided at the emitPending is shown, but not for good. */
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
		// A leaf may end in tabs as little as in spaces.
		const blank = atEnd ? /[ \t]/ : / /;
		while (stop > scan.at && blank.test(text.charAt(stop - 1))) stop--;
		// Does the text so far end in a word that may become an address?
		if (!final && (atEnd || (literal && text[end] === "_" && mayBeMail(text, end)))) {
			emitPending(stop, end);
			return;
		}
		const shown = text.slice(scan.at, atEnd || breaks ? stop : end);
		if (shown) scan.emitText(shown, end);
		scan.at = end;
		// Together with its spaces, so that no commit falls between them.
		if (stop < end && breaks) scan.lineBreak();
	};
}
