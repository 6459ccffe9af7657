/** The wire type of what happens inside the calls of an agent's tools. */

import type { Op } from "./wire-ops";
import type { WireState } from "./wire-state";

/** What happens inside a call of an agent's tool; run.js draws it. */
export interface WireRun {
	/** It replaces all that came before. */
	reset?: boolean;
	/** The last of what the tool reported since, and how much that was. */
	lines?: string[];
	count?: number;
	/** Seconds from the first call of the message to the start of this one; and how long it took. */
	began?: number;
	elapsed?: number;
	/** It has ended; `said` is its result in a line, as its last report may be. */
	ended?: boolean;
	said?: string;
	traceback?: string;
	/** The run of a tool that is an agent: its name, what is new, or the whole. */
	agent?: string;
	ops?: Op[];
	state?: WireState;
}
