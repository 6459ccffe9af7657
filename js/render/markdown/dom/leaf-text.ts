/**
 * A paragraph, heading or cell on the page, and how far its text is painted.
 *
 * Knows the text that is final, which is painted once and let go, and the short
 * rest that is read anew with every piece. Refuses to know blocks.
 */

import { trimSpaces } from "../chars";
import type { Lookup } from "../inline/brackets";
import type { Run } from "../inline/emphasis";
import { showEdge } from "../inline/pending-inline";
import { FRESH, Scan, type Start } from "../inline/scan";
import { reader, Source } from "../source";
import type { Painter } from "./context";
import { describe } from "./inline";
import { Patch } from "./patch";

export interface LeafState {
	/** Characters at its start that are not text: definitions. */
	readonly skip: number;
	/** Where to stop: the rest is not to be shown yet. */
	readonly until: number;
	readonly final: boolean;
}

const NOTHING: LeafState = { skip: 0, until: Infinity, final: false };

export class Leaf {
	readonly #patch: Patch;
	readonly #lookup: Lookup;
	readonly #reader = reader();
	#source = new Source();
	#tentative = true;
	#state = NOTHING;
	#toSkip = 0;
	#extra = "";
	/** Text that is not painted for good, and where in the leaf it begins. */
	#tail = "";
	#start: Start = FRESH;
	#key = "";

	constructor(
		readonly el: HTMLElement,
		readonly painter: Painter,
	) {
		this.#patch = new Patch(el);
		this.#lookup = painter.lookup(this);
	}

	/** Paints what came; true if there is anything to see. */
	update(source: Source, tentative: boolean, state: LeafState): boolean {
		const rewind = state.skip !== this.#state.skip;
		this.#source = source;
		this.#tentative = tentative;
		this.#state = state;
		this.#take(rewind);
		const key = `${this.#tail.length} ${this.#start.base} ${state.until} ${state.final} ${this.#extra}`;
		if (key !== this.#key) {
			this.#key = key;
			this.#read();
		}
		return this.el.firstChild !== null;
	}

	/** A name it asked for became known: everything is read again. */
	refresh(): void {
		this.#take(true);
		this.#read();
	}

	#take(rewind: boolean): void {
		const { again, fresh, extra } = this.#reader(this.#source, this.#tentative, rewind);
		if (again) {
			this.#toSkip = this.#state.skip;
			this.#tail = "";
			this.#start = FRESH;
			this.#key = "";
			this.#patch.reset();
		}
		const text = fresh.join("");
		this.#tail += text.slice(this.#toSkip);
		this.#toSkip = Math.max(0, this.#toSkip - text.length);
		this.#extra = extra.join("");
	}

	#read(): void {
		const extra = this.#extra.slice(this.#toSkip);
		const { skip, until, final } = this.#state;
		const room = Math.max(0, until - skip - this.#start.base);
		const firm = Math.min(this.#tail.length, room);
		let text = (this.#tail + extra).slice(0, room);
		if (final) text = trimSpaces(`x${text}`).slice(1);
		const { painter } = this;
		const scan = new Scan(text, painter.grammar, this.#lookup, this.#start, firm, final).run();
		if (scan.stale) {
			this.refresh();
			return;
		}
		if (!final) showEdge(scan);
		const { commit, root } = scan;
		const rest = commit?.last ? commit.last.next : root.first;
		this.#patch.paint(describe(root.first, rest, painter), describe(rest, null, painter));
		if (commit) this.#keep(commit.start, commit.length);
	}

	#keep(start: Start, length: number): void {
		this.#tail = this.#tail.slice(length);
		this.#start = start;
		for (let run: Run | null = start.far; run && !run.far; run = run.prev) run.far = true;
		if (start.far) start.far.next = null;
		this.#key = "";
	}
}
