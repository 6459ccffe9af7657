/**
 * Recognizes URLs and mail addresses that are written as plain text in Markdown and become
 * links (GFM 6.9): where one begins and ends.
 * Which schemes may be followed is decided in policy/links.ts.
 */

import { endOf, matchAt } from "../../match";
import { MAX_DOMAIN, MAX_EMAIL, MAX_URL } from "../limits";

/** A URL or mail address. */
export interface Found {
	readonly href: string;
	readonly end: number;
	/** True if it reaches the end of the text, so it may continue. */
	readonly open: boolean;
}

/** Markers of a possible address. */
export const CANDIDATE = /https?:\/\/|ftp:\/\/|www\.|@/gi;

// ASCII letters, digits and `_.-`, and any other character that is not punctuation, as in ☃.net.
const DOMAIN = new RegExp(
	`(?![_.-])(?:[\\w.-]|[^\\p{ASCII}\\p{P}\\p{Z}\\p{C}]){1,${MAX_DOMAIN + 1}}`,
	"uy",
);
const DOMAIN_REST = /[\w.-]*$/y;
const WORD_REST = /(?:[\w.+-]|[^\p{ASCII}\p{P}\p{Z}\p{C}])*(?:@[\w.-]*)?$/uy;
const LOCAL = /[\w.+-]/;
const MAIL_DOMAIN = /[\w-]+(?:\.[\w-]+)+/y;
/** The end of a mail address: in GFM a letter, else a whole part of letters. */
const MAIL_END = /[a-z]$/i;
const STRICT_MAIL_END = /\.(?:[a-z]+|xn--[a-z\d-]*[a-z\d])$/i;

const URL_END = /[\s<]/g;
/** As above, and the dashes, quotation marks and punctuation of Chinese and Japanese. */
const STRICT_URL_END =
	/[\s<\u2014\u2015\u2018-\u201f\u2026\u3000-\u3004\u3008-\u3020\u3030\u303d\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]/g;

/** Where a URL that begins at a position ends at the latest. */
export function urlLimit(text: string, at: number, strict: boolean): number {
	return matchAt(strict ? STRICT_URL_END : URL_END, text, at)?.index ?? text.length;
}

/** Whether an address may begin after this character. One with a scheme may follow a quote. */
export function beginsAfter(before: string, marker: string): boolean {
	if (/^www/i.test(marker)) return before === "" || /[\s*_~(]/.test(before);
	return !/[a-z\d]/i.test(before);
}

/** Whether the word that goes on to the end of the text could still become an address. */
export function mayBeAddress(text: string, at: number): boolean {
	return text.length - at <= MAX_EMAIL && matchAt(WORD_REST, text, at) !== null;
}

/** The URL that begins at a marker such as `https://` and ends at `limit` or before, or null. */
export function urlAt(text: string, at: number, marker: string, limit: number): Found | null {
	const isWww = /^www/i.test(marker);
	const from = isWww ? at : at + marker.length;
	if (limit - at > MAX_URL) return null;
	const domain = matchAt(DOMAIN, text, from)?.[0].slice(0, limit - from);
	if (!domain || domain.length > MAX_DOMAIN || !validDomain(domain, isWww)) return null;
	const open = limit === text.length;
	const end = trimmed(text, from, limit);
	const url = text.slice(at, end);
	return { href: isWww ? `http://${url}` : url, end, open };
}

/** Where the local part before an `@` begins, at `floor` or later. */
export function localStart(text: string, at: number, floor: number): number {
	let start = at;
	while (start > floor && at - start < MAX_EMAIL && LOCAL.test(text.charAt(start - 1))) start--;
	return start;
}

/** The mail address with the `@` at a position, or null. */
export function mailAt(text: string, start: number, at: number, strict: boolean): Found | null {
	if (start === at) return null;
	const end = endOf(MAIL_DOMAIN, text, at + 1);
	if (end === at + 1) return null;
	const open = matchAt(DOMAIN_REST, text, end) !== null;
	if (end - start > MAX_EMAIL) return null;
	const address = text.slice(start, end);
	if (!(strict ? STRICT_MAIL_END : MAIL_END).test(address)) return null;
	return { href: `mailto:${address}`, end, open };
}

/** Whether a domain is valid: no underscore in its last two parts, and a part after `www.`. */
function validDomain(domain: string, needsDot: boolean): boolean {
	const parts = domain.replace(/\.+$/, "").split(".");
	if (needsDot && parts.length < 2) return false;
	return !parts.slice(-2).some((part) => part.includes("_"));
}

/** The end without punctuation or an unbalanced `)`, which belong to the sentence. */
function trimmed(text: string, from: number, to: number): number {
	let end = to;
	// Counted once and then kept up to date, so that a run of `)` stays linear.
	let surplus = 0;
	for (let i = from; i < end; i++) {
		if (text[i] === ")") surplus++;
		else if (text[i] === "(") surplus--;
	}
	while (end > from) {
		const char = text.charAt(end - 1);
		if (/[?!.,:*_~'"]/.test(char)) end--;
		else if (char === ")" && surplus > 0) {
			surplus--;
			end--;
		} else if (char === ";") {
			const reference = /&[a-z\d]+;$/i.exec(text.slice(Math.max(from, end - 40), end));
			end -= reference?.[0].length ?? 1;
		} else break;
	}
	return end;
}
