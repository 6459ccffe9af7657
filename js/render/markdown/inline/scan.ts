/**
 * The inline parser for Markdown (CommonMark spec 6): one pass over the text of a leaf block, from
 * its commit point.
 *
 * It reads token by token and records the last commit point: nothing before it can change
 * any more. The caller paints the text up to there once and never passes it again. Text
 * after it, such as an unclosed bracket or code span at the end, is read again in the
 * next pass; limits.ts bounds how much that can be.
 */

import { matchAt } from "../../match";
import { charAt, charBefore, ESCAPABLE, VARIATION } from "../chars";
import { decode, referenceAt } from "../entities";
import type { Grammar } from "../grammar";
import { HOLD_INLINE, MAX_BESIDE, MAX_SPAN, PENDING_EMPHASIS } from "../limits";
import { angleAt, mayBeAngle } from "./angle";
import { Brackets, type Lookup } from "./brackets";
import { closingRunFinder, codeText } from "./code-span";
import { type Run, Runs } from "./emphasis";
import type { NotFound } from "./find-closer";
import { dollarsAt, formulaAt } from "./math";
import { Inline } from "./node";
import { END_DETAILS, tagOf } from "./tags";
import { textReader } from "./text";

/** Where a pass starts, and what it must know of the text before. */
export interface ScanStart {
	/** The end of the text before it: emphasis, addresses and links depend on it. */
	readonly before: string;
	/** Position of the text in its leaf. */
	readonly base: number;
	/** Committed delimiter runs that may still be matched. */
	readonly openRuns: Run | null;
}

/** The start of a text. */
export const SCAN_START: ScanStart = { before: "", base: 0, openRuns: null };

/** A point before which nothing can change any more. */
export interface Commit {
	/** Characters of the text. */
	readonly length: number;
	/** The last node before it. */
	readonly last: Inline | null;
	readonly start: ScanStart;
}

const RUN: Record<string, RegExp> = { "*": /\*+/y, _: /_+/y, "~": /~+/y, "`": /`+/y };
const OPEN_REFERENCE = /&#?[a-z\d]{0,32}$/iy;

/** One pass; `root` holds the parsed nodes. */
export class Scan {
	readonly root = new Inline("root");
	readonly runs: Runs;
	readonly brackets: Brackets;
	commit: Commit | null = null;
	/** A committed opener was matched: the whole text must be read again. */
	mustReread = false;
	/** Reading has stopped, because the rest may not be shown yet. */
	stopped = false;
	at = 0;
	/** Something before this point may still change: no commit from here on. */
	uncertain = false;
	#deferred: Run[] = [];
	/** Where the last link ends. */
	#linkEnd = -1;
	readonly #text: () => void;
	readonly #closingBackticks: (opener: number, length: number) => number;
	readonly #notFound: NotFound = new Map();

	constructor(
		readonly text: string,
		readonly grammar: Grammar,
		readonly lookup: Lookup,
		readonly start: ScanStart,
		/** Characters of complete lines; the text after them may be replaced. */
		readonly stableLength: number,
		readonly final: boolean,
	) {
		this.runs = new Runs(start.openRuns);
		this.brackets = new Brackets(this);
		this.#text = textReader(this);
		this.#closingBackticks = closingRunFinder(text, final);
	}

	/** Parses to the end of the text, or until the rest is undecided. */
	run(): this {
		while (!this.stopped && !this.mustReread) {
			this.tryCommit();
			if (this.at >= this.text.length) break;
			this.#token();
		}
		// A bracket that is open at the end of the final text never closes.
		if (this.final) this.closeDeferred();
		return this;
	}

	/** Position in the leaf. */
	get position(): number {
		return this.start.base + this.at;
	}

	/** The character before a position, with its variation selector. */
	before(at = this.at): string {
		const { before } = this.start;
		const char = at > 0 ? charBefore(this.text, at) : charBefore(before, before.length + at);
		const more = this.grammar.cjk && VARIATION.test(char);
		return more ? this.before(at - char.length) + char : char;
	}

	/** Adds a node. Reading continues at `end`. */
	emit(node: Inline, end: number): Inline {
		node.from = this.position;
		this.at = end;
		node.to = this.position;
		return this.root.append(node);
	}

	emitText(text: string, end = this.at + text.length): Inline {
		return this.emit(new Inline("text", text), end);
	}

	/** Ends the pass, because the rest may not be shown yet. */
	stop(): void {
		this.stopped = true;
	}

	/** Stops if the text that decides the rest has not arrived yet. */
	#stopAtEnd(end: number): boolean {
		if (!this.final && end >= this.text.length) this.stop();
		return this.stopped;
	}

	/** Matches the closers that were deferred while a bracket was open. */
	closeDeferred(): void {
		const waiting = this.#deferred;
		this.#deferred = [];
		for (const run of waiting) if (run.live) this.#close(run);
	}

	/** Matches a closer. A match before the commit point makes that point invalid. */
	#close(run: Run): void {
		const lowest = this.runs.close(run);
		if (lowest === "committed") this.mustReread = true;
		else if (this.commit && lowest < this.start.base + this.commit.length) this.commit = null;
	}

	/** Records a commit point at the current position, if there can be one. */
	tryCommit(): void {
		if (this.brackets.expire(this.position)) this.closeDeferred();
		if (this.uncertain || this.final || this.at > this.stableLength || this.brackets.active > 0)
			return;
		const lastRun = this.runs.top;
		if (
			lastRun &&
			!lastRun.committed &&
			lastRun.at >= this.start.base + this.text.length - PENDING_EMPHASIS
		)
			return;
		if (this.at === 0) return;
		// Text that follows a link without a space can change how it is shown.
		const beside = this.text.slice(
			this.#linkEnd,
			Math.min(this.stableLength, this.#linkEnd + MAX_BESIDE),
		);
		if (this.#linkEnd >= 0 && beside.length < MAX_BESIDE && !/\s/.test(beside)) return;
		this.commit = {
			length: this.at,
			last: this.root.last,
			start: { before: this.#sourceBefore(this.at), base: this.position, openRuns: lastRun },
		};
	}

	/** Reads one token. */
	#token(): void {
		const char = this.text.charAt(this.at);
		if (char === "\n") this.lineBreak();
		else if (char === "\\") this.#backslash();
		else if (char === "`") this.#code();
		else if (/[*_]/.test(char) || (char === "~" && this.grammar.gfm)) this.#delimiters();
		else if (char === "[") this.brackets.open(1, false);
		else if (char === "!") this.#exclamation();
		else if (char === "]") this.brackets.close();
		else if (char === "<") this.#angle();
		else if (char === "&") this.#reference();
		else if (char === "$" && this.grammar.math) this.#formula();
		else this.#text();
	}

	lineBreak(): void {
		let spaces = 0;
		while (this.text[this.at - 1 - spaces] === " ") spaces++;
		this.emit(new Inline(spaces >= 2 ? "hardBreak" : "softBreak"), this.at + 1);
	}

	#backslash(): void {
		if (this.#stopAtEnd(this.at + 1)) return;
		const next = this.text.charAt(this.at + 1);
		if (next === "\n") {
			this.emit(new Inline("hardBreak"), this.at + 2);
			return;
		}
		if (this.grammar.math && /[([b]/.test(next) && this.#tryFormula(200)) return;
		if (ESCAPABLE.test(next)) this.emitText(next, this.at + 2);
		else this.emitText("\\");
	}

	#formula(): void {
		const money = /\d/.test(this.text.charAt(this.at + 1));
		if (this.#tryFormula(money ? 0 : HOLD_INLINE)) return;
		this.emitText("$".repeat(dollarsAt(this.text, this.at)));
	}

	/** An unclosed formula is not shown for `patience` characters, then shown as text. */
	#tryFormula(patience: number): boolean {
		const found = formulaAt(this.text, this.at, this.before(), this.final, this.#notFound);
		if (!found) return false;
		if (found !== "more") {
			const node = new Inline("math", found.text);
			node.display = found.display;
			this.emit(node, found.end);
			return true;
		}
		return this.#undecided(patience);
	}

	/** Returns true if reading stops here. Otherwise it continues without further commits. */
	#undecided(patience: number): boolean {
		if (this.final) return false;
		this.uncertain = true;
		if (this.text.length - this.at > patience) return false;
		this.stop();
		return true;
	}

	#code(): void {
		const fence = this.#runAt("`");
		const from = this.at + fence.length;
		if (this.#stopAtEnd(from)) return;
		const end = this.#closingBackticks(this.at, fence.length);
		if (end >= 0) {
			this.emit(new Inline("code", codeText(this.text.slice(from, end - fence.length))), end);
		} else if (!this.final && this.text.length - this.at <= MAX_SPAN) {
			// Nearly always a code span that is being written: show it as one.
			const text = this.text.slice(from).replace(/`{1,30}$/, "");
			const node = this.emit(new Inline("code", codeText(text)), this.text.length);
			node.partial = true;
			this.stop();
		} else {
			this.emitText(fence);
		}
	}

	#delimiters(): void {
		const char = this.text.charAt(this.at);
		const found = this.#runAt(char);
		const end = this.at + found.length;
		if (end === this.text.length && !this.final) {
			if (found.length < HOLD_INLINE) {
				this.stop();
				return;
			}
			this.uncertain = true;
		}
		const before = this.before();
		const at = this.position;
		const node = this.emitText(found, end);
		if (char === "~" && found.length > 2) return;
		const { cjk } = this.grammar;
		const run = this.runs.push(node, at, before, charAt(this.text, end), cjk);
		if (run.closes) this.#closeOrDefer(run);
		else if (!run.opens) this.runs.cut(at);
	}

	/** Matches a closer, or defers that while a bracket is open. */
	#closeOrDefer(run: Run): void {
		if (this.brackets.active > 0) this.#deferred.push(run);
		else this.#close(run);
	}

	#exclamation(): void {
		const next = this.text.charAt(this.at + 1);
		if (next === "[" && !this.brackets.footnoteAt(this.at + 1)) this.brackets.open(2, true);
		else if (!this.#stopAtEnd(this.at + 1)) this.emitText("!");
	}

	#angle(): void {
		const angle = angleAt(this.text, this.at, this.#notFound);
		if (angle?.href) {
			this.link(angle.href, angle.text, angle.end);
		} else if (angle) {
			this.#tag(angle.text, angle.end);
		} else {
			const open = this.text.length - this.at <= MAX_SPAN && mayBeAngle(this.text, this.at);
			if (open && this.#undecided(HOLD_INLINE)) return;
			this.emitText("<");
		}
	}

	/** Reads raw HTML: a tag with a meaning, or source text. */
	#tag(raw: string, end: number): void {
		const at = this.position;
		const tag = this.grammar.tags ? tagOf(raw) : null;
		// At its end, a line of a fold loses the tag that closes it (block/parser.ts).
		if (this.grammar.tags && END_DETAILS.test(raw) && this.#stopAtEnd(end)) return;
		if (!tag) this.emit(new Inline("html", raw), end);
		else if (tag.name === "br") this.emit(new Inline("hardBreak"), end);
		else {
			const run = this.runs.pushTag(this.emitText(raw, end), at, tag.name, tag.closes);
			if (tag.closes) this.#closeOrDefer(run);
		}
	}

	#reference(): void {
		const reference = referenceAt(this.text, this.at);
		if (reference) {
			this.emitText(decode(reference, this.grammar.named), this.at + reference.length);
			return;
		}
		if (!this.final && matchAt(OPEN_REFERENCE, this.text, this.at)) this.stop();
		else this.emitText("&");
	}

	link(href: string, text: string, end: number): Inline {
		const begin = this.at;
		const link = new Inline("link");
		link.href = href;
		link.append(new Inline("text", text));
		this.emit(link, end);
		this.noteAround(link, begin);
		return link;
	}

	/** Notes the source around a link that ends at the current position. */
	noteAround(link: Inline, begin: number): void {
		this.#linkEnd = this.at;
		link.around = [this.#sourceBefore(begin), this.text.slice(this.at, this.at + MAX_BESIDE)];
	}

	#sourceBefore(at: number): string {
		return (this.start.before + this.text.slice(Math.max(0, at - MAX_BESIDE), at)).slice(
			-MAX_BESIDE,
		);
	}

	/** The run of a character at the current position. */
	#runAt(char: string): string {
		return matchAt(RUN[char] as RegExp, this.text, this.at)?.[0] ?? char;
	}
}
