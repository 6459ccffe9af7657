/**
 * What happens inside one call of an agent's tool: its reports, its time, what it raised, and the
 * run of a tool that is an agent. All views of the call read the same object.
 */

import type { Answer } from "../answer";
import type { Part } from "../part-model";
import type { Kit } from "../parts/run-slot";
import type { WireRun } from "../wire-run";

/** How many reports are shown, the last ones. */
const MAX_LINES = 50;

/** The state of one call. */
export interface Inside {
	lines: string[];
	/** The number of its reports, with those that are not shown. */
	count: number;
	/** Milliseconds on the page's clock; null if it had ended before the page knew of it. */
	startedAt: number | null;
	/** Seconds from the first call of the message to the start of this one. */
	began: number;
	/** Seconds; null while it runs. */
	elapsed: number | null;
	traceback: string;
	/** The run of a tool that is an agent. */
	run: Answer | null;
}

const states = new WeakMap<Part, Inside>();

/** The state of a call, with what has come since. */
export function insideOf(part: Part, kit: Kit): Inside {
	let state = states.get(part);
	if (!state) {
		state = empty();
		states.set(part, state);
	}
	for (const row of part.run?.splice(0) ?? []) add(state, row, kit);
	return state;
}

function empty(): Inside {
	const none = { startedAt: null, began: 0, elapsed: null, traceback: "", run: null };
	return { lines: [], count: 0, ...none };
}

function add(state: Inside, row: WireRun, kit: Kit): void {
	const now = performance.now();
	if (row.reset) Object.assign(state, { lines: [], count: 0 });
	if (Array.isArray(row.lines)) {
		state.lines = [...state.lines, ...row.lines.map(String)].slice(-MAX_LINES);
		state.count += Number(row.count ?? row.lines.length);
	}
	if (typeof row.began === "number") {
		state.began = row.began;
		if (!row.ended) state.startedAt ??= now;
	}
	if (row.ended) {
		state.elapsed = Number(row.elapsed ?? 0);
		// What a generator yields last is its result.
		if (!row.reset && row.said && state.lines.at(-1) === row.said) {
			state.lines = state.lines.slice(0, -1);
			state.count--;
		}
	}
	if (row.traceback) state.traceback = String(row.traceback);
	if (row.agent === undefined) return;
	if (!state.run) {
		state.run = kit.newAnswer(now);
		state.run.isRun = true;
	}
	if (row.state) kit.replace(state.run, row.state, now);
	for (const op of row.ops ?? []) kit.apply(state.run, op, now);
}
