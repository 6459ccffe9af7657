/**
 * Puts the binary buffers of a message back where Python left their numbers.
 * A message without buffers is returned as it is.
 */

import type { FromPython, WireFile } from "./events";

export function withBytes(message: FromPython, buffers: DataView[] = []): FromPython {
	if (buffers.length === 0) return message;
	const ops = message?.t === "d" && message.ops;
	const parts = message?.t === "snap" && message.state?.message?.parts;
	for (const row of (ops || parts || []) as WireFile[]) {
		if (typeof row?.data === "number") row.data = buffers[row.data];
	}
	return message;
}
