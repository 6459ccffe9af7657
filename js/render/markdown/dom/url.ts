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
	/** Empty for a mail address. */
	readonly host: string;
}

export function safeLink(href: string, page: string): SafeLink | null {
	const clean = href.replaceAll(" ", "%20").replace(INVISIBLE, "");
	const url = parse(clean);
	const known = url && /^(?:https?:\/\/[^/\\]|mailto:)/i.test(clean);
	if (!known || url.username || url.password || isOwn(url, parse(page))) return null;
	return { href: url.href, host: url.hostname };
}

/** An image's remote address, if a reader may choose to load it. */
export function remoteImage(src: string, page: string): SafeLink | null {
	const link = safeLink(src, page);
	return link?.host ? link : null;
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
	if (!page?.host || url.port !== page.port) return false;
	// A dot at the end is the root of all names, and leads to the same machine.
	const hosts = [url, page].map(({ hostname }) => hostname.replace(/\.$/, ""));
	return hosts[0] === hosts[1] || hosts.every((host) => LOOPBACK.test(host));
}

const LOOPBACK = /^(?:(?:.*\.)?localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?\]|\[::ffff:(?:7f|0:0).*)$/;

// Something a reader would take for a host.
const HOSTLIKE = /(?:[\p{L}\p{N}_-]+\.)+[\p{L}][\p{L}\p{N}-]+/gu;

/** Does a link's text name a host that is not where it leads? */
export function pretends(text: string, host: string): boolean {
	if (!host) return false;
	const shown = text.normalize("NFKC").replace(INVISIBLE, "");
	// Letters that look like others cannot be told apart by reading.
	if (/xn--/.test(host) && /[^ -~]/.test(shown)) return true;
	for (const [name] of shown.matchAll(HOSTLIKE)) {
		if (!`.${bare(host)}`.endsWith(`.${bare(name)}`)) return true;
	}
	return false;
}

function bare(host: string): string {
	return host.toLowerCase().replace(/^www\.|\.$/g, "");
}
