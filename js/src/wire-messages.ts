/**
 * The messages between Python and the page: ops, snapshots, requests, code and final outputs.
 */

import type { Op } from "./wire-ops";
import type { Decision, DecisionReply } from "./wire-requests";
import type { WireState } from "./wire-state";

/** The source of a module: the front end itself, or a file that only some answers need. */
export interface Code {
	t: "code";
	hash: string;
	source: string;
}

/** A message from Python: ops, a snapshot, a heartbeat, code, or the final output. */
export type FromPython =
	| Code
	| DecisionReply
	| { t: "d"; seq: number; ops: Op[] }
	| { t: "snap"; seq: number; state: WireState }
	/** A heartbeat: the kernel is alive, and `seq` is the number of its last delta message. */
	| { t: "beat"; seq?: number }
	/** The final data of an output, by media type. */
	| { t: "output"; data: Record<string, string> };

/** A message to Python. "sync" asks for the state, "stop" for the end. */
export type ToPython =
	| { t: "sync"; have: number }
	| { t: "stop" }
	| ({ t: "reply"; id: string; n: string } & Decision)
	/** Asks for the source with this hash. */
	| Omit<Code, "source">
	/** This page shows views in place of static HTML, so the output needs no widget. */
	| { t: "page_swaps" }
	/** The notebook has an unfinished output: send the final data. */
	| { t: "output" };
