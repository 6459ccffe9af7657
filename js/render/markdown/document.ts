/**
 * Text in pieces, as blocks.
 *
 * Knows lines and their endings, and the one line that is not finished. Each
 * line is read once; the unfinished one is trial on a copy of the open blocks
 * until it is settled, and from then on its text flows into its leaf, so one
 * line of any length costs per piece what its piece costs.
 */

import { matchAt } from "../match";
import { fork } from "./block/fork";
import { Block } from "./block/node";
import { Parser } from "./block/parser";
import { judgeLine } from "./block/pending-line";
import { References } from "./block/references";
import { TRAILING_HIGH_SURROGATE } from "./chars";
import type { Grammar } from "./grammar";

export class MarkdownDocument {
	readonly references = new References();
	readonly #parser: Parser;
	/** The unfinished line, unless its beginning was taken in. */
	#partial: string[] = [];
	#flowing = false;
	#carriageReturn = false;
	/** The first half of a character that was cut in two. */
	#highSurrogate = "";
	#ended = false;

	constructor(readonly grammar: Grammar) {
		const root = new Block("document", 0);
		this.#parser = new Parser(grammar, root, root, this.references);
	}

	write(text: string): void {
		let rest = this.#highSurrogate + text.replaceAll("\0", "\ufffd");
		this.#highSurrogate = TRAILING_HIGH_SURROGATE.exec(rest)?.[0] ?? "";
		rest = rest.slice(0, rest.length - this.#highSurrogate.length);
		if (!rest) return;
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

	end(): void {
		if (this.#ended) return;
		this.#ended = true;
		this.#append(this.#highSurrogate);
		if (this.#flowing || this.#partial.length > 0) this.#endLine();
		this.#parser.end();
	}

	/** The document as far as it may be shown: with the unfinished line, or without. */
	shown(): Block {
		if (this.#flowing || this.#partial.length === 0) return this.#parser.root;
		const line = this.#partial.join("");
		this.#partial = [line];
		const trial = fork(this.#parser);
		trial.incorporate(line, false);
		const verdict = judgeLine(trial);
		if (verdict === "shown") return trial.root;
		if (verdict === "settled") {
			this.#parser.incorporate(line, false);
			this.#partial = [];
			this.#flowing = true;
		}
		return this.#parser.root;
	}

	#append(text: string): void {
		if (!text) return;
		if (this.#flowing) this.#parser.extend(text);
		else this.#partial.push(text);
	}

	#endLine(): void {
		if (this.#flowing) this.#parser.endLine();
		else this.#parser.incorporate(this.#partial.join(""));
		this.#partial = [];
		this.#flowing = false;
	}
}

const LINE_END = /[\r\n]/g;

function lineEnd(text: string, from: number): number {
	return matchAt(LINE_END, text, from)?.index ?? -1;
}
