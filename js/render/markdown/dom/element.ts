/**
 * The only place that makes elements and sets attributes.
 *
 * Knows the elements and attributes there can be: they are in the types, and
 * every name is written in this module's own code, never computed from text. A
 * class is one of ours. There is no id, name, style, data attribute or handler
 * to be had here, and text becomes Text nodes and never HTML.
 */

export type Tag =
	| "a"
	| "blockquote"
	| "br"
	| "button"
	| "code"
	| "del"
	| "div"
	| "em"
	| "h1"
	| "h2"
	| "h3"
	| "h4"
	| "h5"
	| "h6"
	| "hr"
	| "img"
	| "input"
	| "li"
	| "ol"
	| "p"
	| "pre"
	| "section"
	| "span"
	| "strong"
	| "sup"
	| "table"
	| "tbody"
	| "td"
	| "th"
	| "thead"
	| "tr"
	| "ul";

export type ClassName = `nbmd-${string}` | `nbjson-${string}`;

export interface Attributes {
	class?: ClassName;
	href?: string;
	target?: "_blank";
	rel?: "noopener noreferrer nofollow ugc";
	referrerpolicy?: "no-referrer";
	title?: string;
	src?: string;
	alt?: string;
	loading?: "lazy";
	decoding?: "async";
	start?: string;
	align?: "left" | "center" | "right";
	type?: "button" | "checkbox";
	checked?: "";
	disabled?: "";
	colspan?: string;
	role?: "doc-noteref" | "doc-endnotes" | "note";
	"aria-expanded"?: "true" | "false";
	tabindex?: "0" | "-1";
}

const given = new WeakMap<Element, Attributes>();

/** An element with its class, or all its attributes, and what it holds. */
export function make(
	tag: Tag,
	attributes: ClassName | Attributes = {},
	...children: (Node | string)[]
): HTMLElement {
	const el = document.createElement(tag);
	setAttributes(el, typeof attributes === "string" ? { class: attributes } : attributes);
	for (const child of children) el.append(child);
	return el;
}

export function button(attributes: Attributes, click: (event: Event) => void): HTMLElement {
	const el = make("button", { ...attributes, type: "button" });
	el.addEventListener("click", click);
	return el;
}

/** Makes an element's attributes exactly these. */
export function setAttributes(el: HTMLElement, attributes: Attributes): void {
	const before = (given.get(el) ?? {}) as Record<string, string>;
	const after = attributes as Record<string, string>;
	given.set(el, attributes);
	for (const name in before) if (after[name] === undefined) el.removeAttribute(name);
	for (const name in after) {
		const value = after[name] as string;
		if (value !== before[name]) el.setAttribute(name, value);
	}
}

/** Writes only what differs, so that a selection in it survives. */
export function setLabel(el: Element, text: string): void {
	if (el.textContent !== text) el.textContent = text;
}

// Explicit directions, which can make text read as something it is not.
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;

/** Text as it is shown: characters that reorder their neighbours are made visible. */
export function visible(text: string): string {
	return text.replace(
		DIRECTIONS,
		(char) => `\u27e8U+${char.charCodeAt(0).toString(16).toUpperCase()}\u27e9`,
	);
}
