/**
 * Puts the bytes of files back into a message from Python.
 *
 * The comm sends bytes as separate binary buffers. In the message's JSON, each file has
 * the number of its buffer instead.
 */

import type { FromPython } from "./wire-messages";
import type { WireFile } from "./wire-values";

/** An op, a message, a part or what happens inside a call: what may hold files. */
interface Row extends Partial<WireFile> {
	files?: Row[];
	parts?: Row[];
	ops?: Row[];
	messages?: Row[];
	result?: Row;
	run?: Row;
	state?: Row;
}

/** Replaces each buffer number in the message by the buffer itself. Changes it in place. */
export function withBuffers(message: FromPython, buffers: DataView[] = []): FromPython {
	if (buffers.length === 0) return message;
	const rows: unknown =
		message?.t === "snap" ? message.state?.messages : message?.t === "d" && message.ops;
	const put = (row: Row) => {
		if (typeof row?.data === "number") row.data = buffers[row.data];
		// An op may be a file itself, a result that has some, or a message that holds them.
		const { files, parts, ops, messages, result, run, state } = row ?? {};
		for (const inner of [files, parts, ops, messages, result, run, state].flat())
			if (inner) put(inner);
	};
	for (const row of (rows || []) as Row[]) put(row);
	return message;
}
