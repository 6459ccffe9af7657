/**
 * Draws what has changed in all views of a page, in its animation frames. They share one budget:
 * what does not fit into a frame follows in the next one, before what is asked for later.
 */

/** Milliseconds of a frame for drawing. The browser's own layout and paint come after it. */
export const BUDGET_MS = 8;

const waiting = new Set<() => void>();
let frame = 0;

/** Calls `draw` once, in the next frame that has time for it. */
export function inFrame(draw: () => void): void {
	if (waiting.has(draw)) return;
	waiting.add(draw);
	ask();
}

function ask(): void {
	cancelAnimationFrame(frame);
	frame = requestAnimationFrame(run);
}

function run(): void {
	const end = performance.now() + BUDGET_MS;
	try {
		for (const draw of [...waiting]) {
			waiting.delete(draw);
			draw();
			if (performance.now() > end) break;
		}
	} finally {
		if (waiting.size) ask();
	}
}
