/**
 * Recognizes raw HTML and autolinks in angle brackets in Markdown text, and finds their end
 * (CommonMark spec 6.5 and 6.6).
 *
 * No HTML is made here: raw HTML is shown as its source text. It is recognized so that
 * asterisks in it do not become emphasis.
 */

import { endOf, matchAt } from "../../match";
import { MAX_SPAN } from "../limits";
import { closerAfter, type NotFound } from "./find-closer";

const NAME = "[A-Za-z][A-Za-z0-9-]*";
const VALUE = "(?:[^\\s\"'=<>`]+|'[^']*'|\"[^\"]*\")";
/** Pattern of an attribute of a tag, with the space before it. */
export const ATTRIBUTE = `\\s+[a-zA-Z_:][\\w:.-]*(?:\\s*=\\s*${VALUE})?`;
/** Pattern of an opening HTML tag. */
export const OPEN_TAG = `<${NAME}(?:${ATTRIBUTE})*\\s*/?>`;
/** Pattern of a closing HTML tag. */
export const CLOSE_TAG = `</${NAME}\\s*>`;

/** The start pattern and the end of comments and other HTML that begins with `<?` or `<!`. */
export const RAW: readonly (readonly [RegExp, string])[] = [
	[/<!--/y, "-->"],
	[/<\?/y, "?>"],
	[/<![a-z]/iy, ">"],
	[/<!\[CDATA\[/y, "]]>"],
];

const TAG = new RegExp(`${OPEN_TAG}|${CLOSE_TAG}`, "y");
const URI = /<([A-Za-z][A-Za-z0-9.+-]{1,31}:[^\s<>\p{Cc}]*)>/uy;
const EMAIL =
	/<([a-z\d.!#$%&'*+/=?^_`{|}~-]+@[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*)>/iy;

/** Raw HTML or an autolink. */
export interface Angle {
	/** The address of an autolink; undefined for raw HTML. */
	readonly href: string | undefined;
	readonly text: string;
	readonly end: number;
}

/** The raw HTML or autolink that begins at a `<`, or null. */
export function angleAt(text: string, at: number, notFound: NotFound): Angle | null {
	const uri = matchAt(URI, text, at);
	const link = uri ?? matchAt(EMAIL, text, at);
	const end = link ? at + link[0].length : htmlEnd(text, at, notFound);
	if (end === at || end - at > MAX_SPAN) return null;
	const inner = link?.[1];
	const href = inner && (uri ? inner : `mailto:${inner}`);
	return { href, text: inner ?? text.slice(at, end), end };
}

// More lenient than the grammar, since it only decides how long to wait.
const PARTIAL = /<(?:$|[!?][\s\S]*$|[a-zA-Z/](?:[^<>"']|"[^"]*(?:"|$)|'[^']*(?:'|$))*$)/y;
const PARTIAL_EMAIL = /<[a-z\d.!#$%&'*+/=?^_`{|}~-]+(?:@[a-z\d.-]*)?$/iy;

/** Whether the text at a `<` could become raw HTML or an autolink when more text arrives. */
export function mayBeAngle(text: string, at: number): boolean {
	return (matchAt(PARTIAL, text, at) ?? matchAt(PARTIAL_EMAIL, text, at)) !== null;
}

/** Where raw HTML ends; `at` if it is not raw HTML. */
function htmlEnd(text: string, at: number, notFound: NotFound): number {
	const closer = RAW.find(([opener]) => matchAt(opener, text, at))?.[1];
	if (!closer) return endOf(TAG, text, at);
	// Search from the second character on, because `<!-->` is a complete comment.
	const found = closerAfter(text, at, closer, notFound);
	return found < 0 ? at : found + closer.length;
}
