/**
 * The fold: events in, the answer so far out; the same fold as Python's
 * `core/message.py`.
 *
 * Knows how an op or a snapshot changes the answer. Refuses to know sequence
 * numbers (bridge.ts), what is in a part (part-model.ts) and the page (view.ts). The answer is changed in place
 * and text is kept as the chunks that came: a delta costs one push, however
 * long the answer is, and a view paints from where it left off.
 */

import type { Failure, FinishReason, Op, Status, Usage, WireState } from "./events";
import { close, type Part, partFrom } from "./part-model";
import { applyToPart, MOST_PARTS } from "./reducer";

export interface Answer {
	status: Status;
	model: string;
	/** Seconds, true at `elapsedAt` on the page's clock. */
	elapsed: number;
	elapsedAt: number;
	/** A place is empty when its part is of a kind this version does not know. */
	parts: (Part | undefined)[];
	usage: Usage | null;
	finishReason: FinishReason | null;
	error: Failure | null;
	/** Why the request is being made again, while it is. */
	retry: string | null;
	/** How far a long job is, in words, until something of the answer comes. */
	progress: string;
	/** How often Python has spoken of the status itself: an answer to Stop. A snapshot is none. */
	statusReports: number;
	/** Failed by the page's own judgment: what Python says next takes it back. */
	lost: boolean;
}

const STATUSES: readonly string[] = [
	"waiting",
	"streaming",
	"done",
	"stopped",
	"interrupted",
	"failed",
] satisfies Status[];

export function blank(now: number): Answer {
	return {
		status: "waiting",
		model: "",
		elapsed: 0,
		elapsedAt: now,
		parts: [],
		usage: null,
		finishReason: null,
		error: null,
		retry: null,
		progress: "",
		statusReports: 0,
		lost: false,
	};
}

export function isLive(status: Status): boolean {
	return status === "waiting" || status === "streaming";
}

/** Fold one op in. What it does not know it leaves alone; it never throws. */
export function apply(answer: Answer, op: Op, now: number): void {
	if (op.kind === "status") {
		answer.statusReports++;
		if (op.model) answer.model = op.model;
		if (typeof op.elapsed === "number") setElapsed(answer, op.elapsed, now);
		if (op.error !== undefined) answer.error = op.error;
		if (op.status) setStatus(answer, op.status, now);
	} else if (op.kind === "stream_start") {
		if (op.model) answer.model ||= op.model;
		answer.usage = op.usage ?? answer.usage;
		begin(answer);
	} else if (op.kind === "retry") {
		answer.parts = [];
		answer.usage = null;
		answer.progress = "";
		answer.retry = op.reason || "it failed";
		if (answer.status === "streaming") answer.status = "waiting";
	} else if (op.kind === "progress") {
		const share = typeof op.fraction === "number" ? `${Math.round(op.fraction * 100)} %` : "";
		answer.progress = [op.status, share].filter(Boolean).join(", ");
	} else if (op.kind === "stream_end") {
		answer.finishReason = op.finish_reason ?? null;
		answer.usage = op.usage ?? answer.usage;
	} else if (applyToPart(answer.parts, op, now)) {
		begin(answer);
	}
}

/** Take a whole state in place of what there is: a gap is repaired by it. */
export function replace(answer: Answer, state: WireState, now: number): void {
	const message = state.message ?? {};
	const wire = message.parts ?? [];
	const before = answer.parts;
	answer.model = state.model || answer.model;
	answer.usage = message.usage ?? null;
	answer.finishReason = message.finish_reason ?? null;
	answer.error = state.error ?? null;
	setElapsed(answer, state.elapsed ?? 0, now);
	answer.parts = wire.slice(0, MOST_PARTS).map((part, i) => partFrom(part, before[i]));
	answer.status = STATUSES.includes(state.status) ? state.status : answer.status;
	// A snapshot does not say which parts are still open: only the last can be.
	answer.parts.forEach((part, i) => {
		if (part && !(isLive(answer.status) && i === wire.length - 1)) close(part, now);
	});
}

/** Nothing more will come, it seems; the clock stands at `heardAt`. */
export function lose(answer: Answer, why: Failure, heardAt: number, now: number): void {
	if (!isLive(answer.status)) return;
	answer.lost = true;
	answer.error = why;
	setElapsed(answer, answer.elapsed + Math.max(0, heardAt - answer.elapsedAt) / 1000, heardAt);
	setStatus(answer, "failed", now);
}

/** Python speaks after all. */
export function find(answer: Answer): void {
	if (!answer.lost) return;
	answer.lost = false;
	answer.error = null;
	answer.status = answer.parts.length ? "streaming" : "waiting";
}

/** Python reports the end; that it has begun shows by what comes. */
function begin(answer: Answer): void {
	if (answer.status === "waiting") answer.status = "streaming";
}

function setStatus(answer: Answer, status: Status, now: number): void {
	if (!STATUSES.includes(status)) return;
	answer.status = status;
	if (!isLive(status)) for (const part of answer.parts) if (part) close(part, now);
}

function setElapsed(answer: Answer, elapsed: number, now: number): void {
	answer.elapsed = elapsed;
	answer.elapsedAt = now;
}
