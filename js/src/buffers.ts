/**
 * Puts the binary buffers of a message back where Python left their numbers.
 * A message without buffers is returned as it is.
 */

import type { FromPython, WireFile } from "./events";

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
