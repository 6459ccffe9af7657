/**
 * Measures the speed of a renderer in a browser page, for the browser benchmark.
 *
 * `stream`: a text arrives in pieces at a given rate, and each frame paints once and scrolls
 * to the end. `perDelta`: the mean script time of a piece in each twentieth of the text, at full
 * speed and without layout.
 */

/** A renderer in an element: takes text, paints a frame, and is told of the end. */
export interface Mounted {
	push(text: string): void;
	frame(): void;
	end(): void;
}

/** Creates a renderer in an element; each file in renderers/ exports one. */
export type Mount = (el: HTMLElement) => Mounted;

/** The measurements of one stream. */
export interface Streamed {
	readonly seconds: number;
	readonly frames: number;
	readonly longest: number;
	readonly long: number;
	readonly consumed: number;
	readonly nodes: number;
	readonly firstFrameMs: number;
	readonly lastFrameMs: number;
}

const DELTA = 5;
const TICK_MS = 4;

/** Streams a text at `perSecond` deltas and measures the frames; stops after `limit` seconds. */
export async function stream(
	mount: Mount,
	text: string,
	perSecond: number,
	limit: number,
): Promise<Streamed> {
	const scroller = document.querySelector("main") as HTMLElement;
	const el = document.createElement("div");
	scroller.replaceChildren(el);
	const tasks: number[] = [];
	const observer = new PerformanceObserver((list) => {
		for (const entry of list.getEntries()) tasks.push(entry.duration);
	});
	observer.observe({ entryTypes: ["longtask"] });
	await new Promise((resolve) => setTimeout(resolve, 200));
	tasks.length = 0;

	const mounted = mount(el);
	const costs: number[] = [];
	const start = performance.now();
	let at = 0;
	let frames = 0;
	await new Promise<void>((resolve) => {
		const timer = setInterval(() => {
			const due = Math.min(text.length, ((performance.now() - start) / 1000) * perSecond * DELTA);
			while (at + DELTA <= due || (at < text.length && due === text.length)) {
				mounted.push(text.slice(at, at + DELTA));
				at += DELTA;
			}
		}, TICK_MS);
		const frame = () => {
			frames++;
			const before = performance.now();
			mounted.frame();
			scroller.scrollTop = scroller.scrollHeight;
			costs.push(performance.now() - before);
			const over = performance.now() - start > limit * 1000;
			if (at < text.length && !over) {
				requestAnimationFrame(frame);
				return;
			}
			clearInterval(timer);
			resolve();
		};
		requestAnimationFrame(frame);
	});
	mounted.end();
	const seconds = (performance.now() - start) / 1000;
	await new Promise((resolve) => setTimeout(resolve, 200));
	observer.disconnect();
	const slice = Math.max(1, Math.floor(costs.length / 20));
	const mean = (list: number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
	return {
		seconds,
		frames,
		longest: Math.max(0, ...tasks),
		long: tasks.length,
		consumed: Math.min(at, text.length),
		nodes: el.getElementsByTagName("*").length,
		firstFrameMs: mean(costs.slice(0, slice)),
		lastFrameMs: mean(costs.slice(-slice)),
	};
}

/** Milliseconds of script time per delta without layout, for each twentieth of the text. */
export function perDelta(mount: Mount, text: string, size: number, paintEvery = 1): number[] {
	const el = document.createElement("div");
	const mounted = mount(el);
	const deltas = Math.ceil(text.length / size);
	const parts: number[] = [];
	for (let part = 0; part < 20; part++) {
		const from = Math.floor((deltas * part) / 20);
		const to = Math.floor((deltas * (part + 1)) / 20);
		const start = performance.now();
		for (let i = from; i < to; i++) {
			mounted.push(text.slice(i * size, (i + 1) * size));
			if (i % paintEvery === 0) mounted.frame();
		}
		parts.push((performance.now() - start) / (to - from));
	}
	return parts;
}
