/**
 * Converts TeX formulas to MathML elements, with the Temml library.
 *
 * Temml's "trust" is off, and its output is not trusted either: it is copied into new
 * elements, with only the MathML elements and attributes listed here and Temml's own classes.
 * Styles, links and ids are not copied.
 */

import temml from "temml";
import { visible } from "../policy/characters";

const MATHML = "http://www.w3.org/1998/Math/MathML";
/** Longer TeX, in characters, is shown as source. */
const MAX_LENGTH = 5_000;
const MAX_DEPTH = 200;
/** The largest space or rule of a formula, in em and in points. */
const MAX_SIZE: [number, number] = [5, 60];

const ELEMENTS = new Set(
	"math mrow mi mo mn mtext ms mspace msup msub msubsup mfrac msqrt mroot munder mover munderover mmultiscripts mprescripts none mtable mtr mtd mstyle mpadded mphantom menclose".split(
		" ",
	),
);
const ATTRIBUTES = new Set(
	"display displaystyle scriptlevel mathvariant stretchy fence separator form lspace rspace minsize maxsize symmetric largeop movablelimits accent accentunder linethickness columnalign rowspacing columnspacing columnlines rowlines width height depth voffset notation mathcolor mathbackground columnspan rowspan".split(
		" ",
	),
);
/** Numbers with units, and words. */
const VALUE = /^[-+#.%\w ]{1,80}$/;
/** Temml's own classes, which its style sheet uses for alignment. */
const CLASS = /^tml-[a-z-]+(?: tml-[a-z-]+)*$/;

/** For `MarkdownOptions.drawMath`: replaces the source by the formula, if it is valid. */
export function drawMath(into: HTMLElement, source: string, display: boolean): void {
	const drawn = formula(source, display);
	if (drawn) into.replaceChildren(drawn);
}

/** The MathML element of a formula; null if its TeX is not valid. */
export function formula(source: string, display: boolean): Element | null {
	if (source.length > MAX_LENGTH) return null;
	const holder = document.createElement("div");
	try {
		temml.render(source, holder, {
			displayMode: display,
			trust: false,
			throwOnError: true,
			maxSize: MAX_SIZE,
			maxExpand: 500,
		});
	} catch {
		return null;
	}
	const math = holder.querySelector("math");
	return math ? copy(math, 0) : null;
}

/** Copies allowed elements and attributes; any other element becomes an `mrow`. */
function copy(from: Element, depth: number): Element {
	const known = ELEMENTS.has(from.localName);
	const to = document.createElementNS(MATHML, known ? from.localName : "mrow");
	for (const { name, value } of from.attributes) {
		const ours = name === "class" ? CLASS.test(value) : ATTRIBUTES.has(name) && VALUE.test(value);
		if (ours) to.setAttribute(name, value);
	}
	for (const child of from.childNodes) {
		if (child instanceof Element) {
			if (depth < MAX_DEPTH) to.append(copy(child, depth + 1));
		} else if (child instanceof Text) {
			to.append(visible(child.data));
		}
	}
	return to;
}
