/**
 * Parses emphasis, strong emphasis and strikethrough in Markdown: matches runs of `*`, `_` and
 * `~` with the delimiter stack of CommonMark (spec 6.2 and the appendix; GFM 6.5 for `~`).
 *
 * A closer is matched as soon as it is read. This gives the same result as matching all
 * runs at the end, as long as no open bracket could become a link around some of them: the
 * caller defers closers while such a bracket is open.
 */

import { isCjk, isPunctuation, isSpace } from "../chars";
import { Inline, type InlineKind } from "./node";
import type { TagName } from "./tags";

/** A run of one delimiter character, or a tag such as `<sub>`. */
export interface Run {
	/** The character, or the name of the tag. */
	readonly char: string;
	readonly node: Inline;
	/** Position in the leaf's text. */
	readonly at: number;
	readonly opens: boolean;
	readonly closes: boolean;
	readonly length: number;
	/** Number of characters that are not matched yet. */
	count: number;
	/** Its node is committed, so after a match with it the text is parsed again from the start. */
	committed: boolean;
	live: boolean;
	prev: Run | null;
	next: Run | null;
}

/** The delimiter stack of one text. */
export class Runs {
	top: Run | null;
	/** For each kind of closer, the position below which no opener fits; keeps matching linear. */
	readonly #bottoms = new Map<string, number>();

	constructor(committed: Run | null) {
		this.top = committed;
	}

	/** Adds a run of delimiters to the stack. */
	push(node: Inline, at: number, before: string, after: string, cjk: boolean): Run {
		const char = node.text.charAt(0);
		return this.#push(node, at, char, flanks(char, before, after, cjk), node.text.length);
	}

	/** Adds a tag to the stack, which matches as one delimiter. */
	pushTag(node: Inline, at: number, name: TagName, closes: boolean): Run {
		return this.#push(node, at, name, { opens: !closes, closes }, 1);
	}

	#push(node: Inline, at: number, char: string, { opens, closes }: Flanks, length: number): Run {
		const run: Run = {
			char,
			node,
			at,
			opens,
			closes,
			length,
			count: length,
			committed: false,
			live: true,
			prev: this.top,
			next: null,
		};
		if (this.top) this.top.next = run;
		this.top = run;
		return run;
	}

	/**
	 * Matches a closer with the openers before it, at `floor` or later. Returns the
	 * lowest position that changed, or "committed" if a committed opener matches.
	 * Each floor needs its own `bottoms`.
	 */
	close(
		closer: Run,
		floor = -Infinity,
		bottoms: Map<string, number> = this.#bottoms,
	): number | "committed" {
		let lowest = closer.at;
		while (closer.live && closer.count > 0) {
			const key = closerKind(closer);
			const opener = this.#openerOf(closer, Math.max(floor, bottoms.get(key) ?? floor));
			if (!opener) {
				bottoms.set(key, closer.at);
				if (!closer.opens) this.#drop(closer);
				break;
			}
			if (opener.committed) return "committed";
			lowest = opener.at;
			this.#match(opener, closer);
		}
		return lowest;
	}

	/** Drops the runs from a position on. */
	cut(at: number): void {
		while (this.top && this.top.at >= at && !this.top.committed) this.#drop(this.top);
	}

	/** The runs from a position on, first to last. */
	above(at: number): Run[] {
		const found: Run[] = [];
		for (let run = this.top; run && run.at >= at && !run.committed; run = run.prev) found.push(run);
		return found.reverse();
	}

	/** The nearest run before a closer that can match it. */
	#openerOf(closer: Run, floor: number): Run | null {
		for (let run = closer.prev; run && run.at >= floor; run = run.prev) {
			if (run.char === closer.char && run.opens && fits(run, closer)) return run;
		}
		return null;
	}

	/** Wraps the nodes between two runs, and uses up characters of both. */
	#match(opener: Run, closer: Run): void {
		const strike = closer.char === "~";
		const use = strike ? closer.count : opener.count >= 2 && closer.count >= 2 ? 2 : 1;
		opener.node.wrap(closer.node, new Inline(kindOf(closer.char, use)));
		while (opener.next && opener.next !== closer) this.#drop(opener.next);
		this.#use(opener, use);
		this.#use(closer, use);
	}

	/** Removes matched characters of a run, and the run when none is left. */
	#use(run: Run, count: number): void {
		run.count -= count;
		run.node.text = run.node.text.slice(count);
		if (run.count > 0) return;
		run.node.remove();
		this.#drop(run);
	}

	/** Removes a run from the stack. */
	#drop(run: Run): void {
		run.live = false;
		if (run.prev) run.prev.next = run.next;
		if (run.next) run.next.prev = run.prev;
		else this.top = run.prev;
	}
}

/** What `use` characters of a run make of the text between it and its partner. */
export function kindOf(char: string, use: number): InlineKind {
	if (char.length > 1) return char as TagName;
	if (char === "~") return "strike";
	return use === 2 ? "strong" : "emph";
}

/** Whether a run can open and can close emphasis. */
interface Flanks {
	readonly opens: boolean;
	readonly closes: boolean;
}

/**
 * Whether a run can open and can close emphasis, by the characters around it.
 *
 * With `cjk`, a Chinese, Japanese or Korean character beside the run counts like a space: text
 * in these scripts has no spaces, so `**“a”**b` would otherwise not close.
 */
function flanks(char: string, before: string, after: string, cjk: boolean): Flanks {
	const spaceBefore = isSpace(before);
	const spaceAfter = isSpace(after);
	const markBefore = isPunctuation(before);
	const markAfter = isPunctuation(after);
	const cjkBefore = cjk && isCjk(before);
	const cjkAfter = cjk && isCjk(after);
	const left = !spaceAfter && (!markAfter || cjkAfter || spaceBefore || markBefore || cjkBefore);
	const right = !spaceBefore && (!markBefore || cjkBefore || spaceAfter || markAfter || cjkAfter);
	if (char !== "_") return { opens: left, closes: right };
	return { opens: left && (!right || markBefore), closes: right && (!left || markAfter) };
}

/** Whether two runs can match: rules 9 and 10 of spec 6.2; for `~`, equal lengths. */
function fits(opener: Run, closer: Run): boolean {
	if (closer.char === "~") return opener.count === closer.count;
	if (!closer.opens && !opener.closes) return true;
	return closer.length % 3 === 0 || (opener.length + closer.length) % 3 !== 0;
}

/** The kind of a closer: the same openers fit all closers of one kind. */
function closerKind(closer: Run): string {
	const size = closer.char === "~" ? closer.count : closer.length % 3;
	return `${closer.char}${closer.opens ? 1 : 0}${size}`;
}
