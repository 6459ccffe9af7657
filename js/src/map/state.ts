/**
 * The state of a map in the page, and the messages that change it.
 *
 * Python's `progress/bridge.py` writes them.
 */

import { isLive } from "../answer";
import type { Status } from "../wire-values";

/** How far the map is. */
export interface Totals {
	status: Status;
	model: string;
	total: number;
	done: number;
	failed: number;
	replayed: number;
	active: number;
	/** How many batches run at the provider. */
	batches: number;
	elapsed: number;
	rate: number | null;
	left: number | null;
	tokens: number;
	cost: string;
	/** Seconds until the provider takes requests again. */
	pause: number;
	error: string;
}

/** A snapshot. `cells` has a character for each prompt; see `kindOf`. */
export type MapSnapshot = Totals & {
	cells: string;
	prompts: string[];
	texts: Record<string, string>;
};

/** The number of a prompt, its state, and the end of its text if it has a card. */
type Change = [at: number, state: string, text?: string];

/** The answer of one prompt, which the page has asked for. */
export interface Opened {
	t: "opened";
	at: number;
	prompt: string;
	/** The id of the widget that shows the answer; empty if there is none. */
	widget: string;
	text: string;
	error: string;
}

export type FromMap =
	| { t: "map"; seq: number; state: Totals & { cells: Change[] } }
	| { t: "snap"; seq: number; state: MapSnapshot }
	| { t: "beat"; seq?: number }
	/** The request to stop has arrived. */
	| { t: "stopping" }
	| { t: "output"; data: Record<string, string> }
	| Opened;

/** What the page knows of a map. */
export class MapState {
	totals: Totals | null = null;
	cells: string[] = [];
	prompts: string[] = [];
	texts: string[] = [];
	/** The number of the last message that is included; -1 before there is any. */
	seq = -1;

	/** Whether it has not ended. */
	get live(): boolean {
		return !this.totals || isLive(this.totals.status);
	}

	/** Takes a snapshot. */
	replace(seq: number, { cells, prompts, texts, ...totals }: MapSnapshot): void {
		if (seq < this.seq) return;
		this.seq = seq;
		this.totals = totals;
		this.cells = [...cells];
		this.prompts = prompts;
		this.texts = [];
		for (const [at, text] of Object.entries(texts)) this.texts[Number(at)] = text;
	}

	/** Takes changes. Returns false if some are missing, so that the whole state is needed. */
	apply(seq: number, { cells, ...totals }: Totals & { cells: Change[] }): boolean {
		if (seq <= this.seq) return true;
		if (this.seq < 0 || seq !== this.seq + 1) return false;
		this.seq = seq;
		this.totals = totals;
		for (const [at, state, text] of cells) {
			this.cells[at] = state;
			if (text !== undefined) this.texts[at] = text;
		}
		return true;
	}
}

/** A state in a word, for styles and for screen readers. */
export function kindOf(cell: string): string {
	return { ".": "waiting", d: "done", f: "failed", s: "stopped" }[cell] ?? "running";
}
