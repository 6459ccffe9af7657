/**
 * Text that arrives whenever it likes, and frames that have little time.
 *
 * Knows the queue between the two, the same for Markdown and JSON. Refuses to
 * know what the text is.
 */

export interface Snapshot {
	readonly version: 1;
	readonly text: string;
	readonly ended: boolean;
}

export interface RenderOptions {
	/** Milliseconds a frame may take before the rest waits for the next. */
	frameBudget?: number;
	/** Continue where another was. */
	from?: Snapshot;
}

export interface StreamRenderer {
	/** More text; nothing is painted yet. */
	push(text: string): void;
	/** Paints what there is time for; true if some is left for the next frame. */
	render(): boolean;
	/** No more text will come; paints, as `render` does. */
	end(): boolean;
	/** Plain data from which another can continue. */
	snapshot(): Snapshot;
}

/** Characters between two looks at the clock, and how often we look: the browser
 *  still has to lay out what we made, which no clock of ours sees. */
const SLICE = 4_096;
const SLICES = 4;
const BUDGET_MS = 8;

// What a paint costs is mostly the browser's: style, layout, pixels. Where a
// frame brings more than anybody reads (6,000 characters a second), every second
// frame shows it as well and leaves half of that time to the page.
const FLOOD = 100;
const FLOOD_GAP_MS = 25;

export function frameQueue(
	options: RenderOptions,
	write: (text: string) => void,
	finish: () => void,
	paint: () => void,
): StreamRenderer {
	const text: string[] = [];
	let waiting: string[] = [];
	let queue = "";
	let ended = false;
	let settled = false;
	/** Before this time a flood is not painted again. */
	let next = 0;

	const push = (more: string) => {
		if (!more) return;
		if (ended) throw new Error("push after end");
		text.push(more);
		waiting.push(more);
	};
	const render = () => {
		if (settled || (!ended && !queue && waiting.length === 0)) return false;
		const start = performance.now();
		if (start < next && !queue && !ended) return true;
		const deadline = start + (options.frameBudget ?? BUDGET_MS);
		next = 0;
		let slices = 0;
		do {
			queue += waiting.join("");
			if (queue.length > FLOOD) next = start + FLOOD_GAP_MS;
			waiting = [];
			const slice = queue.slice(0, SLICE);
			queue = queue.slice(SLICE);
			write(slice);
			settled = ended && !queue;
			if (settled) finish();
			paint();
		} while (queue && ++slices < SLICES && performance.now() < deadline);
		return queue !== "";
	};

	if (options.from) {
		push(options.from.text);
		ended = options.from.ended;
	}
	return {
		push,
		render,
		end() {
			ended = true;
			return render();
		},
		snapshot: () => ({ version: 1, text: text.join(""), ended }),
	};
}
