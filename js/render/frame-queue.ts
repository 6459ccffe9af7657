/**
 * The methods that the Markdown and the JSON renderer share: they queue text as it arrives, and
 * parse and paint it within a time budget for each frame.
 *
 * Nothing here starts a frame: the host page calls `render` in each one.
 */

/** The options that both renderers have. */
export interface RenderOptions {
	/** Milliseconds that `render` may take in one frame; the rest waits for the next. Default 8. */
	frameBudget?: number;
}

/** The methods that both renderers have. */
export interface StreamRenderer {
	/** Adds text. Nothing is painted yet. Throws after `end`. */
	push(text: string): void;
	/** Paints as much as the budget allows. Returns true if text is left for the next frame. */
	render(): boolean;
	/** Marks the text as complete and paints like `render`. */
	end(): boolean;
}

/** Characters painted between two checks of the clock, and the maximum of such slices in
 *  a frame: the browser's own layout comes later and cannot be timed here. */
const SLICE = 4_096;
const SLICES = 4;
const BUDGET_MS = 8;

// Most of the cost of a paint is the browser's own: style, layout, pixels. A flood of text
// (18,000 characters a second, 300 a frame) is painted in every second frame only. No
// reader is as fast. Slower text is painted at once.
const FLOOD = 300;
const FLOOD_GAP_MS = 25;

/** Creates the methods of a renderer from its functions that parse and paint. */
export function frameQueue(
	options: RenderOptions,
	write: (text: string) => void,
	finish: () => void,
	paint: () => void,
): StreamRenderer {
	let waiting: string[] = [];
	let queue = "";
	let ended = false;
	let done = false;
	/** Fast text is not painted again before this time. */
	let noPaintBefore = 0;

	const render = () => {
		if (done || (!ended && !queue && waiting.length === 0)) return false;
		const start = performance.now();
		if (start < noPaintBefore && !queue && !ended) return true;
		const deadline = start + (options.frameBudget ?? BUDGET_MS);
		noPaintBefore = 0;
		let slices = 0;
		do {
			queue += waiting.join("");
			if (queue.length > FLOOD) noPaintBefore = start + FLOOD_GAP_MS;
			waiting = [];
			const slice = queue.slice(0, SLICE);
			queue = queue.slice(SLICE);
			write(slice);
			done = ended && !queue;
			if (done) finish();
			paint();
		} while (queue && ++slices < SLICES && performance.now() < deadline);
		return queue !== "";
	};

	return {
		push(more) {
			if (!more) return;
			if (ended) throw new Error("push after end");
			waiting.push(more);
		},
		render,
		end() {
			ended = true;
			return render();
		},
	};
}
