/**
 * The page of a Markdown text as HTML without decoration: what a reader gets of it. Python's
 * `tests/display/canonical.py` writes the static HTML in the same form.
 */

const BLOCKS =
	/^(?:p|h[1-6]|ul|ol|li|blockquote|pre|hr|table|thead|tbody|tr|th|td|details|summary|section)$/;
const KEPT = ["href", "title", "start", "dir"];
/** Elements that are only decoration. */
const LEFT_OUT = /^(?:nbmd-host|nbmd-copy)$/;

/** The elements, texts and links in an element. */
export function canonical(root: Element): string {
	return clean([...root.childNodes].map(html).join(""));
}

function html(node: Node): string {
	if (!(node instanceof HTMLElement)) return escaped(node.textContent ?? "");
	const name = node.className;
	if (node.hidden || LEFT_OUT.test(name)) return "";
	const inside = [...node.childNodes].map(html).join("");
	if (name === "nbmd-math") return `⟦${inside}⟧`;
	if (name === "nbmd-math-display") return `⟦⟦${inside}⟧⟧`;
	if (name === "nbmd-code-language") return inside && `[${inside}]`;
	if (name === "nbmd-image") {
		const picture = node.querySelector("img");
		if (!picture)
			return `[image ${escaped(node.firstElementChild?.firstChild?.textContent ?? "")}]`;
		return `[picture ${escaped([picture.alt, picture.title, picture.src].join(" "))}]`;
	}
	const tag = node.localName;
	if (tag === "input") return node.hasAttribute("checked") ? "[x]" : "[ ]";
	if (!BLOCKS.test(tag) && !/^(?:a|em|strong|del|code|br|sub|sup|kbd|mark)$/.test(tag))
		return inside;
	const attributes = KEPT.filter((one) => node.getAttribute(one)).map(
		(one) => ` ${one}="${escaped(decoded(node.getAttribute(one) ?? ""))}"`,
	);
	// The direction of a table is that of the box in which it scrolls.
	const direction = tag === "table" && node.parentElement?.getAttribute("dir");
	if (direction) attributes.push(` dir="${direction}"`);
	const side = node.getAttribute("align");
	if (side && side !== "left") attributes.push(` align="${side}"`);
	// Tight and loose lists differ by a class only.
	if (tag === "p" && node.parentElement?.localName === "li") return `\n${inside}\n`;
	if (tag === "br" || tag === "hr") return `<${tag}>`;
	return `<${tag}${attributes.join("")}>${inside}</${tag}>`;
}

/** An address without what the page's URL parser changes: escapes, and a slash after the host. */
function decoded(value: string): string {
	const text = value.replace(/%[0-9a-f]{2}/gi, "%").replace(/[^ -~]/g, "%");
	return text.replace(/%+/g, "%").replace(/^(https?:\/\/[^/]*)\/$/, "$1");
}

/** White space around blocks has no meaning. */
function clean(text: string): string {
	const blocks =
		"p|h[1-6]|ul|ol|li|blockquote|pre|hr|table|thead|tbody|tr|th|td|details|summary|section";
	return text
		.replace(new RegExp(`[ \\t\\n]*(</?(?:${blocks})(?: [^>]*)?>|<br>)[ \\t\\n]*`, "g"), "$1")
		.replace(/[ \t\n]*(⟦⟦[^⟧]*⟧⟧)[ \t\n]*/g, "$1")
		.replace(/[ \t\n]*\n[ \t\n]*/g, "\n")
		.replace(/^[ \t\n]+|[ \t\n]+$/g, "");
}

function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
