/** What Python sends of a map (`nbstream/progress/bridge.py`). */

import type { Status } from "./wire-values";

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
export type Change = [at: number, state: string, text?: string];

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
