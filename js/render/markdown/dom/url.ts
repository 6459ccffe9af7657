/**
 * Where a link of a model's may lead.
 *
 * Knows three schemes and the page's own address. Everything else is text: a
 * link to the page's origin would carry the reader's cookies to the Jupyter
 * server, and one with a user name shows a host that is not the real one.
 */

/** Controls, formats, white space, and what Unicode says is not shown. */
const INVISIBLE = /[\p{C}\p{Z}\p{DI}]/gu;

export interface SafeLink {
	readonly href: string;
	/** Or who is written to. */
	readonly host: string;
}

export function safeLink(href: string, page: string): SafeLink | null {
	const clean = href.replaceAll(" ", "%20").replace(INVISIBLE, "");
	// Asked first, because the browser takes its time to refuse an address.
	const known = /^(?:https?:\/\/[^/\\]|mailto:[^?#])/i.test(clean);
	const url = known && parse(clean);
	if (!url || url.username || url.password || isOwn(url, parse(page))) return null;
	return { href: url.href, host: url.hostname || url.pathname };
}

/** The same, if it leads to the web: what may be loaded, or named by its host. */
export function webAddress(href: string, page: string): SafeLink | null {
	const link = safeLink(href, page);
	return link && /^h/.test(link.href) ? link : null;
}

const DATA_IMAGE = /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/]+={0,2}$/;

/** Pictures whose bytes are here already; SVG is a document, not a picture. */
export function isDataImage(src: string): boolean {
	return DATA_IMAGE.test(src);
}

function parse(href: string): URL | null {
	try {
		return new URL(href);
	} catch {
		return null;
	}
}

/** The page's host and port under any scheme, and its other names on this machine. */
function isOwn(url: URL, page: URL | null): boolean {
	if (!page?.host || portOf(url) !== portOf(page)) return false;
	// A dot at the end is the root of all names, and leads to the same machine.
	const hosts = [url, page].map(({ hostname }) => hostname.replace(/\.$/, ""));
	return hosts[0] === hosts[1] || hosts.every((host) => LOOPBACK.test(host));
}

/** One scheme's own port is the same as the other's. */
function portOf({ port }: URL): string {
	return port.replace(/^(?:80|443)$/, "");
}

const LOOPBACK = /^(?:(?:.*\.)?localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?\]|\[::ffff:(?:7f|0:0).*)$/;

// Words of a text, each read once, and which of them a reader would take for a host.
// An ideographic full stop is a dot to a browser.
const WORDS = /(?:\/\/)?[\p{L}\p{N}.。@+_-]+/gu;
const HOSTLIKE = /^\/\/|^(?:\d+\.){3}|[.。]\p{L}{2}/u;
const WWW = /^\/*(?:www\.)?/;

/** Does a link's text name a host that is not where it leads? */
export function imitatesHost(text: string, host: string): boolean {
	const shown = text.normalize("NFKC").toLowerCase().replace(INVISIBLE, "");
	// Letters that look like others cannot be told apart by reading.
	if (/xn--/.test(host) && /[^ -~]/.test(shown)) return true;
	const real = `.${host.toLowerCase()}`;
	const words = shown.match(WORDS) ?? [];
	return words.some((word) => HOSTLIKE.test(word) && !real.endsWith(word.replace(WWW, ".")));
}
