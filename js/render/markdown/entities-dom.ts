/**
 * Looks up named character references such as `&amp;` for the Markdown parser, with the
 * browser's own table.
 *
 * A detached `<textarea>` decodes `&amp;` to its text and can hold no elements. Only names
 * of letters and digits are passed to it. Where the page forbids this (Trusted Types), a
 * few common names still work.
 */

import type { NamedEntity } from "./entities";

const NAME = /^[A-Za-z][A-Za-z0-9]{1,31}$/;
const COMMON = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0", copy: "\u00a9" };

/** Returns a function that looks up a name with the browser. */
export function browserEntities(): NamedEntity {
	const known = new Map(Object.entries<string>(COMMON));
	let area: HTMLTextAreaElement | null = null;
	return (name) => {
		if (!NAME.test(name)) return null;
		const before = known.get(name);
		if (before !== undefined) return before || null;
		let text = "";
		try {
			area ??= document.createElement("textarea");
			area.innerHTML = `&${name};`;
			text = area.value;
		} catch {
			return null;
		}
		// HTML reads `&notit;` as `&not` and "it;". Markdown does not.
		const found = text.endsWith(";") && name !== "semi" ? "" : text;
		known.set(name, found);
		return found || null;
	};
}
