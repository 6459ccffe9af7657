/**
 * The browser's own table of character references.
 *
 * Knows one trick: a `<textarea>` that is in no document turns `&amp;` into its
 * text and can hold no elements. Only a name of letters and digits, checked
 * here again, ever reaches it. Where a page forbids that (Trusted Types) a few
 * common names are left.
 */

import type { NamedEntity } from "./entities";

const NAME = /^[A-Za-z][A-Za-z0-9]{1,31}$/;
const COMMON = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0", copy: "\u00a9" };

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
		// `&notit;` is `&not` and "it;" to HTML, but nothing to Markdown.
		const found = text.endsWith(";") && name !== "semi" ? "" : text;
		known.set(name, found);
		return found || null;
	};
}
