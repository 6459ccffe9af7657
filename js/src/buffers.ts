/**
 * Puts the bytes of files back into a message from Python.
 *
 * The comm sends bytes as separate binary buffers. In the message's JSON, each file has
 * the number of its buffer instead.
 */

import type { FromPython, WireFile } from "./events";

/** Replaces each buffer number in the message by the buffer itself. Changes it in place. */
export function withBuffers(message: FromPython, buffers: DataView[] = []): FromPython {
	if (buffers.length === 0) return message;
	const rows: unknown =
		message?.t === "snap" ? message.state?.messages : message?.t === "d" && message.ops;
	for (const row of (rows || []) as (WireFile & { parts?: WireFile[] })[]) {
		// An op may be a file itself, or a message that holds some.
		for (const file of [row, ...(row?.parts ?? [])]) {
			if (typeof file?.data === "number") file.data = buffers[file.data];
		}
	}
	return message;
}
