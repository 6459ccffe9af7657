/**
 * The words that tell how far a map is, as Python's `progress/words.py` has them. The cases of both
 * are in `tests/samples/words.json`.
 */

import { numbers } from "../format";
import type { Totals } from "../wire-map";

const ENDS = new Set(["stopped", "interrupted", "failed"]);

/** What the line under the bar says, piece by piece. */
export function facts(now: Totals, live: boolean): string[] {
	const speaks = now.elapsed >= 1;
	return [
		ENDS.has(now.status) ? now.status : "",
		`${numbers.format(now.done)} of ${numbers.format(now.total)} answered`,
		now.failed ? `${numbers.format(now.failed)} failed` : "",
		now.replayed ? `${numbers.format(now.replayed)} from the cassette` : "",
		now.status === "waiting" ? "" : duration(now.elapsed),
		now.batches ? batches(now.batches, live) : "",
		now.rate && speaks ? `${numbers.format(Math.round(now.rate * 10) / 10)} a second` : "",
		now.tokens ? `${numbers.format(now.tokens)} tokens` : "",
		now.cost,
		live && now.pause ? `the provider asks to wait ${duration(Math.ceil(now.pause))}` : "",
		live && !now.pause && now.left !== null && speaks ? `about ${duration(now.left)} left` : "",
	].filter(Boolean);
}

/** What is said of batches at the provider: the map waits for them, or they go on without it. */
export function batches(number: number, live: boolean): string {
	const one = number === 1;
	if (live) return one ? "waiting for a batch" : `waiting for ${number} batches`;
	return `the ${one ? "batch goes" : "batches go"} on at the provider`;
}

/** A duration, such as "3 s", "2 min 05 s" or "1 h 02 min". */
export function duration(value: number): string {
	const whole = Math.round(value);
	if (whole < 60) return `${whole} s`;
	const minutes = Math.floor(whole / 60);
	if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, "0")} s`;
	return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
