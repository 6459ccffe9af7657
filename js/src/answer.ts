/**
 * The state of one answer in the browser: its messages, status, token usage and error; and the
 * functions that change it.
 *
 * They apply an op (one change) or a snapshot (the whole state) from Python, as Python's
 * `core/transcript.py` applies events, or mark the answer as lost with its kernel. The state is
 * changed in place and text is kept as the chunks that came: a delta costs one push however
 * long the answer is, and a view paints from where it left off.
 */

import { callsRun, isReply, type Message, messageFrom, newMessage, totalUsage } from "./message";
import { change, close, happen, newPart, type Part } from "./part-model";
import { applyToPart } from "./part-reducer";
import type { Again, Op } from "./wire-ops";
import type { WireRequest } from "./wire-requests";
import type { WireState } from "./wire-state";
import type { Failure, FinishReason, Status, Usage, WireOutput } from "./wire-values";

/** What the page knows about one answer; all its views read this object. */
export interface Answer {
	status: Status;
	model: string;
	/** Seconds that had elapsed at `elapsedAt`, which is in milliseconds on the page's clock. */
	elapsed: number;
	elapsedAt: number;
	/** The run's messages in order; one, unless tools were called between replies. */
	messages: Message[];
	/** The token usage of all messages together; null if none is reported. */
	usage: Usage | null;
	/** The finish reason of the model's last reply. */
	finishReason: FinishReason | null;
	/** What Python has measured: see `WireState`. Null until it is known. */
	firstToken: number | null;
	tokensPerSecond: number | null;
	cost: string | null;
	/** Says that the answer comes from a cassette, with its details. */
	replayed: [text: string, title: string] | null;
	turn: [text: string, title: string] | null;
	/** Whether it is an agent's run, how many steps it has, and the tokens of all runs in it. */
	isRun: boolean;
	totals: string;
	totalUsage: Usage | null;
	error: Failure | null;
	/** Of a typed answer: its schema, and at its end what is wrong with it. */
	output: WireOutput | null;
	/** The calls that wait for a person. */
	requests: WireRequest[];
	/** Why requests were made again, as parts to draw before their message; by its index. */
	retries: Map<number, Part>;
	/** The progress of a long job as text, shown until the first part arrives. */
	progress: string;
	/** Whether the provider has begun to reply, with headers or with an event. */
	opened: boolean;
	/** Number of status ops from Python. A new one is the reply to Stop; a snapshot is not. */
	statusReports: number;
	/** True if the status is "failed" only because the page lost the kernel (`markLost`). */
	lost: boolean;
	/** Whether the host has lost the kernel and tries to connect again. */
	reconnecting: boolean;
}

const STATUSES: readonly string[] = [
	"waiting",
	"streaming",
	"done",
	"stopped",
	"interrupted",
	"failed",
] satisfies Status[];

/** The state before anything has arrived. `now` is in milliseconds on the page's clock. */
export function newAnswer(now: number): Answer {
	return {
		status: "waiting",
		model: "",
		elapsed: 0,
		elapsedAt: now,
		messages: [],
		usage: null,
		finishReason: null,
		firstToken: null,
		tokensPerSecond: null,
		cost: null,
		replayed: null,
		turn: null,
		isRun: false,
		totals: "",
		totalUsage: null,
		error: null,
		output: null,
		requests: [],
		retries: new Map(),
		progress: "",
		opened: false,
		statusReports: 0,
		lost: false,
		reconnecting: false,
	};
}

// More than any run has, so that a wrong index cannot create a huge array.
const MAX_MESSAGES = 10_000;

/** Whether an answer with this status can still change. */
export function isLive(status: Status): boolean {
	return status === "waiting" || status === "streaming";
}

/** Applies one op from Python to the answer. Ignores an unknown op and never throws. */
export function apply(answer: Answer, op: Op, now: number): void {
	if (op.kind === "status") {
		answer.statusReports++;
		if (op.model) answer.model = op.model;
		if (typeof op.elapsed === "number") setElapsed(answer, op.elapsed, now);
		if (op.error !== undefined) answer.error = op.error;
		setMeasures(answer, op);
		if (op.status) setStatus(answer, op.status, now);
	} else if (op.kind === "output") {
		answer.output = { ...answer.output, ...op };
	} else if (op.kind === "requests") {
		answer.requests = op.requests;
	} else if (op.kind === "opened") {
		answer.opened = true;
	} else if (op.kind === "progress") {
		const share = typeof op.fraction === "number" ? `${Math.round(op.fraction * 100)} %` : "";
		answer.progress = [op.status, share].filter(Boolean).join(", ");
		const last = answer.messages.at(-1)?.parts.at(-1);
		if (last?.open && last.family === "thinking")
			change(last, { progress: answer.progress.replace(/^thinking, /, "") });
	} else {
		applyToMessage(answer, op, now);
	}
}

type ForMessage = Exclude<Op, { kind: "status" | "progress" | "opened" | "output" | "requests" }>;

/** Applies an op that concerns one message or one of its parts. */
function applyToMessage(answer: Answer, op: ForMessage, now: number): void {
	const index = op.message ?? 0;
	// A request that failed before anything came is made again: there is no message yet.
	const message =
		op.kind === "retry" ? (answer.messages[index] ?? newMessage()) : messageAt(answer, index);
	if (!message) return;
	if (op.kind === "stream_start") {
		answer.opened = true;
		if (op.model) answer.model ||= op.model;
		message.usage = op.usage ?? message.usage;
	} else if (op.kind === "retry") {
		Object.assign(message, newMessage(), { step: message.step });
		answer.progress = "";
		answer.retries.set(index, retryPart(op));
	} else if (op.kind === "tool_state") {
		answer.isRun ||= Boolean(op.run);
		for (const part of message.parts) {
			if (part?.family !== "tool" || part.toolCallId !== op.tool_call_id) continue;
			happen(part, op);
			if (op.result) part.endedAt = now;
		}
		return;
	} else if (op.kind === "stream_end") {
		message.finishReason = op.finish_reason ?? null;
		callsRun(message.parts);
		message.usage = op.usage ?? message.usage;
	} else if (op.kind === "message") {
		Object.assign(message, messageFrom(op, undefined, now));
		closeParts(message, now);
	} else {
		if (applyToPart(message.parts, op, now)) updateLiveStatus(answer);
		return; // an op of a part does not change the totals
	}
	updateLiveStatus(answer);
	summarize(answer);
}

/** The line above a message that was asked for again, as Python's `display/footer.py` has it. */
function retryPart({ attempt = 2, reason }: Again): Part {
	const again = attempt > 2 ? `Asked again, attempt ${attempt}` : "Asked again";
	return newPart("retry", null, { chunks: [`${again}: ${reason || "It failed."}`], open: false });
}

/** The message at an index, added if it is new; undefined if the index is wrong. */
function messageAt({ messages }: Answer, index: number): Message | undefined {
	if (!(Number.isInteger(index) && index >= 0 && index < MAX_MESSAGES)) return undefined;
	while (messages.length <= index) messages.push(newMessage());
	return messages[index];
}

/** Recomputes the answer's usage and finish reason from its messages. */
function summarize(answer: Answer): void {
	answer.usage = totalUsage(answer.messages);
	answer.finishReason = answer.messages.findLast(isReply)?.finishReason ?? null;
}

/** Replaces the whole state by a snapshot from Python, which also repairs a gap in the deltas. */
export function replace(answer: Answer, state: WireState, now: number): void {
	const wire = Array.isArray(state.messages) ? state.messages.slice(0, MAX_MESSAGES) : [];
	answer.model = state.model || answer.model;
	answer.error = state.error ?? null;
	if (state.output) answer.output = state.output;
	answer.requests = state.requests ?? [];
	for (const [index, retry] of state.retries ?? []) answer.retries.set(index, retryPart(retry));
	answer.isRun ||= state.run === true;
	answer.opened = state.opened === true || wire.length > 0;
	setMeasures(answer, state);
	setElapsed(answer, state.elapsed ?? 0, now);
	answer.messages = wire.map((message, i) => messageFrom(message ?? {}, answer.messages[i]));
	answer.status = STATUSES.includes(state.status) ? state.status : answer.status;
	summarize(answer);
	// A snapshot does not say which parts are still open: of a reply only the last can be.
	for (const message of answer.messages) {
		const isOpen = isReply(message) && message.finishReason === null && isLive(answer.status);
		closeParts(message, now, isOpen ? message.parts.length - 1 : undefined);
	}
}

/** Marks all parts of a message as complete, except the one at index `besides`. */
function closeParts(message: Message, now: number, besides?: number): void {
	for (const [i, part] of message.parts.entries()) if (part && i !== besides) close(part, now);
}

/**
 * Marks a live answer as failed because the kernel seems to be gone, and stops its clock at
 * `receivedAt`. A second call changes the reason only.
 */
export function markLost(answer: Answer, why: Failure, receivedAt: number, now: number): void {
	answer.error = why;
	if (answer.lost) return;
	answer.lost = true;
	setElapsed(
		answer,
		answer.elapsed + Math.max(0, receivedAt - answer.elapsedAt) / 1000,
		receivedAt,
	);
	setStatus(answer, "failed", now);
}

/** Undoes `markLost`, since a message from the kernel arrived after all. Whether it was lost. */
export function markFound(answer: Answer): boolean {
	if (!answer.lost) return false;
	answer.lost = false;
	answer.error = null;
	answer.status = liveStatus(answer);
	return true;
}

/** Sets "waiting" or "streaming" by whether there are parts; Python does not report this. */
function updateLiveStatus(answer: Answer): void {
	if (isLive(answer.status)) answer.status = liveStatus(answer);
}

/** "streaming" once there is a part, by the rule of Python's `Transcript.has_parts`. */
function liveStatus({ messages }: Answer): Status {
	return messages.length > 1 || messages[0]?.parts.length ? "streaming" : "waiting";
}

function setStatus(answer: Answer, status: Status, now: number): void {
	if (!STATUSES.includes(status)) return;
	answer.status = status;
	if (!isLive(status)) for (const message of answer.messages) closeParts(message, now);
}

function setMeasures(
	answer: Answer,
	row: Pick<
		WireState,
		"first_token" | "tokens_per_second" | "cost" | "replayed" | "turn" | "totals" | "total_usage"
	>,
): void {
	answer.firstToken = row.first_token ?? answer.firstToken;
	answer.tokensPerSecond = row.tokens_per_second ?? answer.tokensPerSecond;
	answer.cost = row.cost ?? answer.cost;
	answer.replayed = row.replayed ?? answer.replayed;
	answer.turn = row.turn ?? answer.turn;
	answer.totals = row.totals ?? answer.totals;
	answer.totalUsage = row.total_usage ?? answer.totalUsage;
}

function setElapsed(answer: Answer, elapsed: number, now: number): void {
	answer.elapsed = elapsed;
	answer.elapsedAt = now;
}
