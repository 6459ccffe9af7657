/**
 * Decides which addresses from a model may become links or images, and whether a link's text
 * hides where it leads.
 *
 * The page's own host is refused like those of this machine: a request there would carry the
 * user's cookies to the Jupyter server. A link that may not be followed is plain text.
 */

import { links } from "../../../nbstream/display/policy/policy.json";
import { compile } from "./rule";

const WEB = compile(links, "web");
const LOCAL = compile(links, "local");
const MAIL = compile(links, "mail");
const NAMED = compile(links, "named");
const PLAIN = compile(links, "plain");
const GAP = compile(links, "gap");
const MARKUP = compile(links, "markup", "g");

/** A URL that may be followed. */
export interface SafeLink {
	readonly href: string;
	/** The host; for a mailto link, the mail address. */
	readonly host: string;
}

/** Parses a link; null if it may not be followed from a page with the address `page`. */
export function safeLink(href: string, page: string): SafeLink | null {
	const mail = MAIL.exec(href.trim())?.[1];
	return mail ? { href: `mailto:${mail}`, host: mail } : webAddress(href, page);
}

/** Like `safeLink`, for http and https only. */
export function webAddress(href: string, page: string): SafeLink | null {
	const clean = href.trim().replaceAll(" ", "%20");
	// Checked first, because the browser's URL parser is slow to refuse an address.
	const written = WEB.exec(clean)?.[1]?.toLowerCase();
	const url = written && parse(clean);
	if (!url) return null;
	const { hostname: host } = url;
	const isUsual = host === written || host.includes("xn--");
	if (!isUsual || LOCAL.test(host) || host === parse(page)?.hostname) return null;
	return { href: url.href, host };
}

/** Parses an absolute URL; null if it is not one. */
function parse(href: string): URL | null {
	try {
		return new URL(href);
	} catch {
		return null;
	}
}

/**
 * Whether the host must be shown beside a link, because its text may name another. `around` is the
 * source before and after the link.
 */
export function mustShowHost(
	text: string,
	{ href, host }: SafeLink,
	around: readonly string[] = [],
): boolean {
	const own = text.trim().toLowerCase();
	const [before, after] = around.map((source) => source.replace(MARKUP, "").split(GAP));
	const left = before?.at(-1) ?? "";
	const right = after?.[0] ?? "";
	const isMail = href[0] === "m";
	const named = isMail ? own : NAMED.exec(own)?.[1];
	if (named === (isMail ? host.toLowerCase() : host.replace(/^www\./, "")))
		// The name of the host is true, unless it goes on or is itself a part of something.
		return !PLAIN.test(`${left}a`) || !PLAIN.test(`a${right}`) || /^[\w-]/.test(right);
	return isMail || !PLAIN.test(left + text + right);
}

const DATA_IMAGE = /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/]+={0,2}$/;

/** Whether an address is a data: URL of a safe image format. SVG is not: it can hold scripts. */
export function isDataImage(src: string): boolean {
	return DATA_IMAGE.test(src);
}
