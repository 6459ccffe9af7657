/**
 * The HTML tags that have a meaning within Markdown text: `<br>` and the elements in pairs.
 *
 * A pair is matched like emphasis (emphasis.ts). The renderer creates the element itself,
 * without the attributes of the tag. Every other tag is shown as its source text, except those
 * of block/details.ts.
 */

/** The elements of which models write both tags. */
export type TagName = "sub" | "sup" | "kbd" | "mark";

/** What a tag means. */
export interface Tag {
	readonly name: TagName | "br";
	readonly closes: boolean;
}

/** The tag that closes a fold, at the start of a text. */
export const END_DETAILS = /^<\/details\s*>/i;

const TAG = /^<(\/?)(br|sub|sup|kbd|mark)(?![\w-])[\s\S]*?(\/?)>$/i;

/** The meaning of a raw tag, or null if it has none. */
export function tagOf(raw: string): Tag | null {
	const [, slash, name, empty] = TAG.exec(raw) ?? [];
	if (!name) return null;
	const known = name.toLowerCase() as Tag["name"];
	// `<sub/>` opens nothing. Browsers read `</br>` as `<br>`.
	return empty && known !== "br" ? null : { name: known, closes: slash === "/" };
}
