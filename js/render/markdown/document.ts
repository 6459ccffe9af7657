/**
 * Parses Markdown that arrives in pieces into a tree of blocks.
 *
 * Each complete line is parsed once. The unfinished line is parsed on a copy of the open
 * blocks, until nothing can change what kind of line it is. From then on its text goes
 * straight into its block, so a piece of a long line costs no more than any other.
 */

import { matchAt } from "../match";
import { fork } from "./block/fork";
import { Block } from "./block/node";
import { Parser } from "./block/parser";
import { judgeLine } from "./block/pending-line";
import { References } from "./block/references";
import { TRAILING_HIGH_SURROGATE } from "./chars";
import type { Grammar } from "./grammar";

/** The blocks of a text that streams, and the line that is not complete yet. */
export class MarkdownDocument {
	readonly references = new References();
	readonly #parser: Parser;
	/** The unfinished line in pieces, while its kind is undecided. */
	#partial: string[] = [];
	#intoLeaf = false;
	#carriageReturn = false;
	#empty = true;
	/** The first half of a surrogate pair, kept until the second arrives. */
	#highSurrogate = "";
	#ended = false;
	/** Characters of the text that were parsed. */
	written = 0;

	constructor(readonly grammar: Grammar) {
		const root = new Block("document", 0);
		this.#parser = new Parser(grammar, root, root, this.references);
	}

	/** Parses more text. */
	write(text: string): void {
		this.written += text.length;
		let rest = this.#highSurrogate + text.replaceAll("\0", "\ufffd");
		this.#highSurrogate = TRAILING_HIGH_SURROGATE.exec(rest)?.[0] ?? "";
		rest = rest.slice(0, rest.length - this.#highSurrogate.length);
		if (!rest) return;
		// A byte order mark is not part of the text.
		if (this.#empty && rest.startsWith("\ufeff")) rest = rest.slice(1);
		this.#empty = false;
		if (this.#carriageReturn && rest[0] === "\n") rest = rest.slice(1);
		this.#carriageReturn = rest.endsWith("\r");
		let from = 0;
		for (let at = lineEnd(rest, 0); at >= 0; at = lineEnd(rest, from)) {
			this.#append(rest.slice(from, at));
			this.#endLine();
			from = at + (rest[at] === "\r" && rest[at + 1] === "\n" ? 2 : 1);
		}
		this.#append(rest.slice(from));
	}

	/** Parses the rest of the text, since no more will arrive. */
	end(): void {
		if (this.#ended) return;
		this.#ended = true;
		this.#append(this.#highSurrogate);
		if (this.#intoLeaf || this.#partial.length > 0) this.#endLine();
		this.#parser.end();
	}

	/** The blocks of the lines whose kind is decided, and the number of these lines. */
	get decided(): { root: Block; lines: number } {
		const { root, lineNumber } = this.#parser;
		return { root, lines: lineNumber };
	}

	/** The document as it may be shown now: with the unfinished line, or without it. */
	shown(): Block {
		if (this.#intoLeaf || this.#partial.length === 0) return this.#parser.root;
		const line = this.#partial.join("");
		this.#partial = [line];
		const trial = fork(this.#parser);
		trial.incorporate(line, false);
		const verdict = judgeLine(trial);
		if (verdict === "shown") return trial.root;
		if (verdict === "settled") {
			this.#parser.incorporate(line, false);
			this.#partial = [];
			this.#intoLeaf = true;
		}
		return this.#parser.root;
	}

	/** Adds text to the unfinished line. */
	#append(text: string): void {
		if (!text) return;
		if (this.#intoLeaf) this.#parser.extend(text);
		else this.#partial.push(text);
	}

	/** Parses the unfinished line, which is complete now. */
	#endLine(): void {
		if (this.#intoLeaf) this.#parser.endLine();
		else this.#parser.incorporate(this.#partial.join(""));
		this.#partial = [];
		this.#intoLeaf = false;
	}
}

const LINE_END = /[\r\n]/g;

/** Position of the next line ending, or -1. */
function lineEnd(text: string, from: number): number {
	return matchAt(LINE_END, text, from)?.index ?? -1;
}
