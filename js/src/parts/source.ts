/**
 * Where something comes from, as a line: its title, and where it really leads.
 *
 * Knows that a title is somebody else's and an address the model's: the one is
 * only ever text, the other must pass `webAddress`. Fetches nothing, no icon and
 * no preview.
 */

import { visible } from "../../render/markdown/dom/element";
import { webAddress } from "../../render/markdown/dom/url";
import type { WireSource } from "../events";
import { element } from "./part";

/** What makes two sources one. */
export function keyOf(source: WireSource): string {
	return source.url || source.title || source.cited_text || "";
}

export function sourceLine(source: WireSource): HTMLElement {
	const name = words(source.title) || words(source.url) || words(source.cited_text) || "untitled";
	const link = source.url ? webLink(source.url, name) : null;
	const line = element("span", "nbstream-source", link?.el ?? name);
	if (link && source.title) line.append(element("span", "nbstream-source-host", link.host));
	if (source.cited_text) line.title = `“${words(source.cited_text)}”`;
	return line;
}

/** A list of them, numbered. */
export function sourceList(sources: WireSource[]): HTMLElement {
	const rows = sources.map((source) => element("li", "nbstream-source-row", sourceLine(source)));
	return element("ol", "nbstream-source-list", ...rows);
}

/** A link out of the notebook, if the address may be followed at all. */
export function webLink(url: string, name: string): { el: HTMLElement; host: string } | null {
	const safe = webAddress(url, location.href);
	if (!safe) return null;
	const el = element("a", "nbstream-link", name);
	el.href = safe.href;
	el.target = "_blank";
	el.rel = "noopener noreferrer nofollow ugc";
	el.referrerPolicy = "no-referrer";
	return { el, host: safe.host };
}

function words(text: string | undefined): string {
	return visible(typeof text === "string" ? text : "").trim();
}
