/**
 * Decides which URLs from a model may become links or images, and whether the text of a link
 * looks like a host other than the one it leads to.
 *
 * Only http, https and mailto links are live, and not those to the page's own origin: they
 * would carry the user's cookies to the Jupyter server. Links with a user name are refused
 * too, because they show a host that is not the real one. Any other link is plain text.
 */

/** Control and format characters, white space, and characters that Unicode calls ignorable. */
const INVISIBLE = /[\p{C}\p{Z}\p{DI}]/gu;

/** A URL that may be followed. */
export interface SafeLink {
	readonly href: string;
	/** The host; for a mailto link, the mail address. */
	readonly host: string;
}

/** Parses a link; null if it may not be followed from a page with the address `page`. */
export function safeLink(href: string, page: string): SafeLink | null {
	const clean = href.replaceAll(" ", "%20").replace(INVISIBLE, "");
	// Checked first, because the browser's URL parser is slow to refuse an address.
	const known = /^(?:https?:\/\/[^/\\]|mailto:[^?#])/i.test(clean);
	const url = known && parse(clean);
	if (!url || url.username || url.password || isOwn(url, parse(page))) return null;
	return { href: url.href, host: url.hostname || url.pathname };
}

/** Like `safeLink`, for http and https only. */
export function webAddress(href: string, page: string): SafeLink | null {
	const link = safeLink(href, page);
	return link && /^h/.test(link.href) ? link : null;
}

const DATA_IMAGE = /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/]+={0,2}$/;

/** Whether an address is a data: URL of a safe image format. SVG is not: it can hold scripts. */
export function isDataImage(src: string): boolean {
	return DATA_IMAGE.test(src);
}

/** Parses an absolute URL; null if it is not one. */
function parse(href: string): URL | null {
	try {
		return new URL(href);
	} catch {
		return null;
	}
}

/** Whether a URL leads to the page's host and port, by any scheme or local name. */
function isOwn(url: URL, page: URL | null): boolean {
	if (!page?.host || portOf(url) !== portOf(page)) return false;
	// A host name may end with a dot (the DNS root), which means the same host.
	const hosts = [url, page].map(({ hostname }) => hostname.replace(/\.$/, ""));
	return hosts[0] === hosts[1] || hosts.every((host) => LOOPBACK.test(host));
}

/** The port; "" for the default port of http and https. */
function portOf({ port }: URL): string {
	return port.replace(/^(?:80|443)$/, "");
}

const LOOPBACK = /^(?:(?:.*\.)?localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?\]|\[::ffff:(?:7f|0:0).*)$/;

// The words of a text, and which of them look like a host name. Browsers read an
// ideographic full stop as a dot.
const WORDS = /(?:\/\/)?[\p{L}\p{N}.。@+_-]+/gu;
const HOSTLIKE = /^\/\/|^(?:\d+\.){3}|[.。]\p{L}{2}/u;
const WWW = /^\/*(?:www\.)?/;

/** Whether a link's text looks like a host other than the one it leads to. */
export function imitatesHost(text: string, host: string): boolean {
	const shown = text.normalize("NFKC").toLowerCase().replace(INVISIBLE, "");
	// An internationalized host can use letters that look like others, so it always counts.
	if (/xn--/.test(host) && /[^ -~]/.test(shown)) return true;
	const real = `.${host.toLowerCase()}`;
	const words = shown.match(WORDS) ?? [];
	return words.some((word) => HOSTLIKE.test(word) && !real.endsWith(word.replace(WWW, ".")));
}
