/**
 * Recognizes URLs and mail addresses that are written as plain text in Markdown and become
 * links (GFM 6.9): where one begins and ends.
 * Which schemes may be followed is decided in dom/url.ts.
 */

import { endOf, matchAt } from "../../match";
import { MAX_EMAIL, MAX_URL } from "../limits";

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
const DOMAIN = /(?![_.-])(?:[\w.-]|[^\p{ASCII}\p{P}\p{Z}\p{C}])+/uy;
const DOMAIN_REST = /[\w.-]*$/y;
const LOCAL_REST = /[\w.+-]*(?:@[\w.-]*)?$/y;
const LOCAL = /[\w.+-]/;
const MAIL_DOMAIN = /[\w-]+(?:\.[\w-]+)+/y;

/** Whether an address may begin after this character. One with a scheme may follow a quote. */
export function beginsAfter(before: string, marker: string): boolean {
	if (/^www/i.test(marker)) return before === "" || /[\s*_~(]/.test(before);
	return !/[a-z\d]/i.test(before);
}

/** Whether the word at the end of the text could still become a mail address. */
export function mayBeMail(text: string, at: number): boolean {
	return text.length - at <= MAX_EMAIL && matchAt(LOCAL_REST, text, at) !== null;
}

/** The URL that begins at a marker such as `https://`, or null. */
export function urlAt(text: string, at: number, marker: string): Found | null {
	const isWww = /^www/i.test(marker);
	const from = isWww ? at : at + marker.length;
	const domain = matchAt(DOMAIN, text, from)?.[0];
	if (!domain || !validDomain(domain, isWww)) return null;
	let end = from;
	while (end < text.length && !/[\s<]/.test(text.charAt(end)) && end - at <= MAX_URL) end++;
	if (end - at > MAX_URL) return null;
	const open = end === text.length;
	end = trimmed(text, from, end);
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
export function mailAt(text: string, start: number, at: number): Found | null {
	if (start === at) return null;
	let end = endOf(MAIL_DOMAIN, text, at + 1);
	if (end === at + 1) return null;
	const open = matchAt(DOMAIN_REST, text, end) !== null;
	if (text[end - 1] === "-" || text[end - 1] === "_") return null;
	if (end - start > MAX_EMAIL) end = start;
	return end === start ? null : { href: `mailto:${text.slice(start, end)}`, end, open };
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
