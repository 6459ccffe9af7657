/**
 * Parses square brackets in Markdown text into links, images and footnote references, with the
 * bracket stack of CommonMark (spec 6.3, 6.4 and the appendix). Which links are allowed is
 * decided in policy/links.ts.
 */

import { matchAt } from "../../match";
import { footnoteKey } from "../block/references";
import { unescapeText } from "../entities";
import { HOLD_INLINE, MAX_LINK_TEXT } from "../limits";
import { targetAt } from "./destination";
import { labelAt, normalizeLabel } from "./label";
import { Inline } from "./node";
import type { Scan } from "./scan";

/**
 * Looks up the definitions of links and footnotes. A failed lookup is recorded, as the
 * definition may come later.
 */
export interface Lookup {
	link(label: string): { readonly href: string; readonly title: string } | undefined;
	footnote(name: string): unknown;
}

/** An open bracket on the stack. */
interface Bracket {
	readonly node: Inline;
	/** Position in the leaf, and in the text being read. */
	readonly at: number;
	readonly index: number;
	readonly image: boolean;
	/** False inside a link: links cannot contain links, spec 6.3. */
	active: boolean;
	/** Another bracket follows, so this is not a shortcut reference. */
	followed: boolean;
}

const NOTE = /\[\^([^\]\s[]{1,100})\]/y;

/** The address and title of a link, and where it ends. */
interface Destination {
	readonly href: string;
	readonly title: string;
	readonly end: number;
}

/** The stack of open brackets in one text. */
export class Brackets {
	#stack: Bracket[] = [];
	/** Where the first bracket opened of those that could become a link. */
	#begin = 0;
	/** Number of brackets that could still become a link or an image. */
	active = 0;

	constructor(readonly scan: Scan) {}

	/** Reads `[`, `![` or a footnote reference at the scan's position. */
	open(width: number, image: boolean): void {
		const { scan } = this;
		const footnote = image ? null : this.footnoteAt(scan.at);
		if (footnote) {
			scan.emit(new Inline("footnoteReference", footnote), scan.at + footnote.length + 3);
			return;
		}
		const at = scan.position;
		const index = scan.at;
		if (this.active++ === 0) this.#begin = at;
		const above = this.#stack.at(-1);
		if (above) above.followed = true;
		const node = scan.emitText(image ? "![" : "[");
		this.#stack.push({
			node,
			at,
			index: index + width - 1,
			image,
			active: true,
			followed: false,
		});
	}

	/**
	 * Treats all open brackets as text once the first is too far back, so that a text in which one
	 * opens before another one is too far back is committed, too. Returns true if it did.
	 */
	expire(position: number): boolean {
		if (this.active === 0 || position - this.#begin <= MAX_LINK_TEXT) return false;
		this.#stack = [];
		this.active = 0;
		return true;
	}

	/** Reads `]`: makes a link or an image, if there is an open bracket and an address. */
	close(): void {
		const { scan } = this;
		const bracket = this.#stack.at(-1);
		if (!bracket?.active) {
			if (bracket) this.#stack.pop();
			scan.emitText("]");
			return;
		}
		const found = this.#destination(bracket);
		if (found === "more") {
			scan.stop();
		} else if (found === "target") {
			this.#emitPartialLink(bracket);
			return;
		} else if (found) {
			const link = this.#make(bracket, found.href);
			link.title = found.title;
			scan.at = found.end;
			scan.noteAround(link, bracket.index);
			this.#pop(bracket);
			if (!bracket.image) this.#deactivate();
		} else {
			this.#pop(bracket);
			scan.emitText("]");
		}
		if (this.active === 0) scan.closeDeferred();
	}

	/** The label of a footnote reference, if there is such a footnote. */
	footnoteAt(at: number): string | null {
		const { scan } = this;
		if (!scan.grammar.footnotes) return null;
		const label = matchAt(NOTE, scan.text, at)?.[1];
		return label && scan.lookup.footnote(footnoteKey(label)) ? label : null;
	}

	/** The link's address; "more" if undecided, "target" if the address is still incomplete. */
	#destination(bracket: Bracket): Destination | "more" | "target" | null {
		const { scan } = this;
		const { text, final } = scan;
		const after = scan.at + 1;
		if (after === text.length && !final) return "more";
		if (text[after] === "(") {
			const target = targetAt(text, after);
			if (target === "more") {
				if (!final) return "target";
			} else if (target) {
				const { named } = scan.grammar;
				return {
					href: unescapeText(target.href, named),
					title: unescapeText(target.title, named),
					end: target.end,
				};
			}
		}
		const label = text[after] === "[" ? labelAt(text, after) : null;
		if (label === "more" && !final) return "more";
		const named = label && label !== "more" ? label : "";
		if (named.length > 2) return this.#known(named, after + named.length);
		if (bracket.followed) return null;
		return this.#known(text.slice(bracket.index, after), after + named.length);
	}

	#known(label: string, end: number): Destination | null {
		if (label.length > 1001) return null;
		const name = normalizeLabel(label);
		const found = name ? this.scan.lookup.link(name) : undefined;
		return found ? { ...found, end } : null;
	}

	/** `[text](http…` will be a link: shown as its text until it is complete. */
	#emitPartialLink(bracket: Bracket): void {
		const link = this.#make(bracket, "");
		link.partial = true;
		this.#pop(bracket);
		this.scan.stop();
	}

	#make(bracket: Bracket, href: string): Inline {
		const { runs } = this.scan;
		const bottoms = new Map<string, number>();
		const link = new Inline(bracket.image ? "image" : "link");
		link.href = href;
		for (const run of runs.above(bracket.at)) {
			if (run.live && run.closes) runs.close(run, bracket.at, bottoms);
		}
		runs.cut(bracket.at);
		bracket.node.wrap(null, link);
		bracket.node.remove();
		return link;
	}

	#pop(bracket: Bracket): void {
		this.#stack.pop();
		if (bracket.active) this.active--;
	}

	/** After a link: no earlier bracket can become one, spec 6.3. */
	#deactivate(): void {
		for (let i = this.#stack.length - 1; i >= 0; i--) {
			const bracket = this.#stack[i] as Bracket;
			if (bracket.image) continue;
			// The brackets before it were deactivated together with it.
			if (!bracket.active) return;
			bracket.active = false;
			this.active--;
		}
	}

	/** The node of the first open bracket that is not shown yet. */
	firstHeld(): Inline | null {
		const { scan } = this;
		const end = scan.start.base + scan.text.length;
		const held = this.#stack.find(
			({ active, image, at, index }) =>
				active && (image || (end - at <= HOLD_INLINE && !scan.text.includes("\n", index))),
		);
		return held?.node ?? null;
	}
}
