/**
 * Addresses in the text that are links without brackets (GFM 6.9).
 *
 * Knows where one begins and ends. Refuses to know which schemes are allowed on
 * a page.
 */

import { endOf, matchAt } from "../../match";
import { MAX_EMAIL, MAX_URL } from "../limits";

export interface Found {
	readonly href: string;
	readonly end: number;
	/** It runs up to the end of the text, and may go on. */
	readonly open: boolean;
}

/** What could begin an address, to be looked for once in a text. */
export const CANDIDATE = /https?:\/\/|ftp:\/\/|www\.|@/gi;

// Of ASCII letters, digits and these; of the rest what is no punctuation, as in ☃.net.
const DOMAIN = /(?![_.-])(?:[\w.-]|[^\p{ASCII}\p{P}\p{Z}\p{C}])+/uy;
const DOMAIN_REST = /[\w.-]*$/y;
const LOCAL_REST = /[\w.+-]*(?:@[\w.-]*)?$/y;
const LOCAL = /[\w.+-]/;
const MAIL_DOMAIN = /[\w-]+(?:\.[\w-]+)+/y;

/** May an address begin after this character? With a scheme it may after a quote. */
export function beginsAfter(before: string, marker: string): boolean {
	if (/^www/i.test(marker)) return before === "" || /[\s*_~(]/.test(before);
	return !/[a-z\d]/i.test(before);
}

/** Could the word that goes on here still be a mail address? */
export function mayBeMail(text: string, at: number): boolean {
	return text.length - at <= MAX_EMAIL && matchAt(LOCAL_REST, text, at) !== null;
}

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

/** Where the part before an `@` begins, not before `floor`. */
export function localStart(text: string, at: number, floor: number): number {
	let start = at;
	while (start > floor && at - start < MAX_EMAIL && LOCAL.test(text.charAt(start - 1))) start--;
	return start;
}

export function mailAt(text: string, start: number, at: number): Found | null {
	if (start === at) return null;
	let end = endOf(MAIL_DOMAIN, text, at + 1);
	if (end === at + 1) return null;
	const open = matchAt(DOMAIN_REST, text, end) !== null;
	if (text[end - 1] === "-" || text[end - 1] === "_") return null;
	if (end - start > MAX_EMAIL) end = start;
	return end === start ? null : { href: `mailto:${text.slice(start, end)}`, end, open };
}

/** No underscore in the last two parts; `www.` must have a part after it. */
function validDomain(domain: string, needsDot: boolean): boolean {
	const parts = domain.replace(/\.+$/, "").split(".");
	if (needsDot && parts.length < 2) return false;
	return !parts.slice(-2).some((part) => part.includes("_"));
}

/** Punctuation at the end belongs to the sentence, and so does a lone `)`. */
function trimmed(text: string, from: number, to: number): number {
	let end = to;
	// Counted once, then kept up to date: a run of `)` must not be read again.
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
