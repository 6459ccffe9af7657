/**
 * Draws a source that an answer cites or a tool found as a line: its title as a link, and the
 * host that it leads to. Also draws lists of sources, and links for other parts.
 *
 * Titles and addresses come from the model or the web. A title is only ever text, and an
 * address must pass `webAddress` to become a link. No icon or preview is fetched.
 */

import { mustShowHost, type SafeLink, visible, webAddress } from "../../render";
import type { WireSource } from "../wire-values";
import { element } from "./part";

/** A key that is equal for entries of the same source, to remove duplicates. */
export function sourceKey(source: WireSource): string {
	return source.url || source.title || source.cited_text || "";
}

/** The name that a source is shown with. */
export function sourceName({ title, url, cited_text }: WireSource): string {
	return cleanText(title) || cleanText(url) || cleanText(cited_text) || "untitled";
}

/** Draws one source as a line. */
export function sourceLine(source: WireSource): HTMLElement {
	const name = sourceName(source);
	const link = source.url ? webLink(source.url, name) : null;
	const line = element("span", "nbstream-source", link?.el ?? name);
	if (link && (source.title || mustShowHost(name, link)))
		line.append(element("span", "nbstream-source-host", link.host));
	if (source.cited_text) line.title = `“${cleanText(source.cited_text)}”`;
	return line;
}

/** Draws a numbered list of sources. */
export function sourceList(sources: WireSource[]): HTMLElement {
	const rows = sources.map((source) => element("li", "nbstream-source-row", sourceLine(source)));
	return element("ol", "nbstream-source-list", ...rows);
}

/** A link to another site, which opens in a new tab; null if the address is not safe to follow. */
export function webLink(url: string, name: string): (SafeLink & { el: HTMLElement }) | null {
	const safe = webAddress(url, location.href);
	if (!safe) return null;
	const el = element("a", "nbstream-link", name);
	el.href = safe.href;
	el.target = "_blank";
	el.rel = "noopener noreferrer nofollow ugc";
	el.referrerPolicy = "no-referrer";
	return { ...safe, el };
}

/** A text from the web as it may be shown. */
export function cleanText(text: string | undefined): string {
	return visible(typeof text === "string" ? text : "").trim();
}
