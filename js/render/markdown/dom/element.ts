/**
 * Creates the HTML elements that the renderer puts into the page, and sets their attributes.
 * Only the MathML of formulas is created elsewhere (math/formula.ts). `visible` shows characters
 * that could reorder text.
 *
 * The types list the elements and attributes that can exist: no id, name, style, data
 * attribute or event handler attribute. Their names, and the classes, come from the
 * renderer's code and never from a model's text, which becomes Text nodes and attribute values.
 */

/** The elements that the renderer can create. */
export type Tag =
	| "a"
	| "blockquote"
	| "br"
	| "button"
	| "code"
	| "dd"
	| "del"
	| "details"
	| "div"
	| "dl"
	| "dt"
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
	| "kbd"
	| "li"
	| "mark"
	| "ol"
	| "p"
	| "pre"
	| "section"
	| "span"
	| "strong"
	| "sub"
	| "summary"
	| "sup"
	| "table"
	| "tbody"
	| "td"
	| "th"
	| "thead"
	| "tr"
	| "ul";

/** The classes of the renderer. */
export type ClassName = `nbmd-${string}` | `nbjson-${string}` | `nbform-${string}`;

/** The attributes that the renderer can set. */
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
	scope?: "col";
	role?: "doc-endnotes" | "note" | "img";
	"aria-live"?: "polite";
	"aria-expanded"?: "true" | "false";
	"aria-label"?: "Done" | "Not done" | "Not written yet";
	tabindex?: "0" | "-1";
	dir?: "ltr" | "rtl";
}

const given = new WeakMap<Element, Attributes>();

/** Creates an element with a class, or with attributes, and its children. */
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

/** Creates a button that calls `click`. */
export function button(attributes: Attributes, click: (event: Event) => void): HTMLElement {
	const el = make("button", { ...attributes, type: "button" });
	el.addEventListener("click", click);
	return el;
}

/** Sets these attributes and removes all others that were set here before. */
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

/**
 * Removes nodes, but leaves them a parent: JupyterLab's search fails at a mark of its own without
 * one, and finds nothing more.
 */
export function detach(...nodes: readonly Node[]): void {
	document.createDocumentFragment().append(...nodes);
}

/** Sets the text only if it differs, so that a selection in it survives. */
export function setText(el: Element, text: string): void {
	if (el.textContent === text) return;
	detach(...el.childNodes);
	el.append(text);
}
