/**
 * Formats the texts that a view shows: times, file sizes, token usage and status, in English.
 */

import { type Answer, isLive } from "./answer";
import type { Usage } from "./wire-values";

export const numbers = new Intl.NumberFormat("en-US");

/** A duration, such as "3.2 s" or "2 min 05 s", as Python's `display/footer.py` has it. */
export function seconds(value: number, digits = 1): string {
	if (value < 59.95) return `${value.toFixed(digits)} s`;
	const whole = Math.round(value);
	const rest = String(whole % 60).padStart(2, "0");
	return `${Math.floor(whole / 60)} min ${rest} s`;
}

/** A file size, such as "812 B" or "12.3 kB": the same format as Python's `file_part.size`. */
export function fileSize(size: number): string {
	if (size < 1000) return `${size} B`;
	if (size < 1e6) return `${(size / 1000).toFixed(1)} kB`;
	return `${(size / 1e6).toFixed(1)} MB`;
}

/**
 * The token usage, such as "12 in · 87 out", or "" if the provider reports no usage. While the
 * answer is live only the input is shown: output tokens are not final before the end.
 */
export function usageLine(usage: Usage | null, live = false): string {
	const { input_tokens: input, output_tokens } = usage ?? {};
	const output = live ? 0 : output_tokens;
	return [input ? `${numbers.format(input)} in` : "", output ? `${numbers.format(output)} out` : ""]
		.filter(Boolean)
		.join(" · ");
}

/** Details of the token usage for a tooltip, such as cached tokens. */
export function usageDetail(usage: Usage | null): string {
	const rows: [string, number | null | undefined][] = [
		["Input tokens", usage?.input_tokens],
		["of these, read from the cache", usage?.cache_read_tokens],
		["of these, written to the cache", usage?.cache_write_tokens],
		["Output tokens", usage?.output_tokens],
		["of these, reasoning", usage?.reasoning_tokens],
		["Total", usage?.total_tokens],
	];
	return rows
		.flatMap(([words, tokens]) => (tokens ? [`${words}: ${numbers.format(tokens)}`] : []))
		.join("\n");
}

/** Why the model ended an answer early. */
const ENDS: Record<string, string> = {
	length: "cut off at the token limit; max_tokens allows more",
	content_filter: "cut off by the provider's content filter",
};

/** How the answer ended, or "" if it ended normally. */
export function endLabel({ status, finishReason, output, messages }: Answer): string {
	if (isLive(status)) return "";
	if (status !== "done") return status;
	const end = ENDS[finishReason ?? ""] ?? (output?.failure ? "not valid" : "");
	return end || (messages.some(({ parts }) => parts.length) ? "" : "empty answer");
}

/** The text that a screen reader reads out when the answer has ended. */
export function announcement(answer: Answer): string {
	// The error box is an alert, so it is read out by itself.
	if (answer.status === "failed") return "";
	const end = endLabel(answer);
	return end ? `The answer ended: ${end}` : "The answer is complete";
}
