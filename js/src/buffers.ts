/**
 * The bytes of files, which travel beside a message.
 *
 * Knows that Python leaves a number in their place. Refuses to know what the
 * files are; a message without bytes is not looked through.
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
