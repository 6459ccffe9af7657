/**
 * Numbers and states in words.
 *
 * Knows English and nothing of the page.
 */

import type { Usage } from "./events";
import type { Answer } from "./message";

const count = new Intl.NumberFormat("en-US");

/** "3.2 s", "2 min 05 s". */
export function seconds(value: number, digits = 1): string {
	if (value < 59.95) return `${value.toFixed(digits)} s`;
	const whole = Math.round(value);
	const rest = String(whole % 60).padStart(2, "0");
	return `${Math.floor(whole / 60)} min ${rest} s`;
}

/** "812 B", "12.3 kB", "4.0 MB": as Python's `file_part.size`. */
export function bytes(size: number): string {
	if (size < 1000) return `${size} B`;
	if (size < 1e6) return `${(size / 1000).toFixed(1)} kB`;
	return `${(size / 1e6).toFixed(1)} MB`;
}

/**
 * "12 in · 87 out", or nothing when the provider does not count. What is counted
 * while the answer comes is the question; of the answer it knows nothing yet.
 */
export function usageLine(usage: Usage | null, live = false): string {
	const { input_tokens: taken, output_tokens } = usage ?? {};
	const given = live ? 0 : output_tokens;
	return [taken ? `${count.format(taken)} in` : "", given ? `${count.format(given)} out` : ""]
		.filter(Boolean)
		.join(" · ");
}

/** The rest of the usage, for a tooltip. */
export function usageDetail(usage: Usage | null): string {
	const rows: [string, number | null | undefined][] = [
		["Input tokens", usage?.input_tokens],
		["read from the cache", usage?.cache_read_tokens],
		["written to the cache", usage?.cache_write_tokens],
		["Output tokens", usage?.output_tokens],
		["of them reasoning", usage?.reasoning_tokens],
		["Total", usage?.total_tokens],
	];
	return rows
		.flatMap(([words, tokens]) => (tokens ? [`${words}: ${count.format(tokens)}`] : []))
		.join("\n");
}

/** The model without its provider: the line below has the whole name. */
export function waitingLine(answer: Answer): string {
	const name = answer.model.slice(answer.model.search(/[/:]/) + 1);
	const far = answer.progress && ` (${answer.progress})`;
	const line = `waiting for ${name || "the model"}…${far}`;
	return answer.retry === null ? line : `${answer.retry} Trying again: ${line}`;
}

/** How it ended, if it did not simply end. */
export function outcome(answer: Answer): string {
	if (answer.status === "stopped") return "stopped";
	if (answer.status === "interrupted") return "interrupted";
	if (answer.status === "failed") return "failed";
	if (answer.status !== "done") return "";
	if (answer.finishReason === "length") return "cut off at the token limit";
	if (answer.finishReason === "content_filter") return "held back by the content filter";
	return "";
}

/** What a screen reader is told when the status changes. */
export function announcement(answer: Answer): string {
	if (answer.status === "waiting") return "Waiting for the model";
	if (answer.status === "streaming") return "The answer is coming";
	// A failure speaks through its own alert.
	if (answer.status === "failed") return "";
	const how = outcome(answer);
	return how ? `The answer ended: ${how}` : "The answer is complete";
}
