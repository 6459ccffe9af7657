/**
 * The small anywidget module that is sent with every widget. It loads the real module
 * (main.ts) from Python, once for each page. Its size counts for every answer.
 *
 * anywidget holds back all messages until `initialize` has returned. So it must
 * not wait for the module: the module itself arrives as a message.
 */

import type { InitializeProps, Listener, RenderProps, Widget } from "./anywidget";
import type { FromPython } from "./events";

/** The real module, once loaded. `resolve` is called with its source. */
type Module = Promise<Widget> & { resolve(source: string): void };
/** The message from Python that contains the source of the real module. */
type Code = { t: "code"; hash: string; source: string };

// Python puts the hash of widget.js here.
const hash = "__NBSTREAM_HASH__";

const name = Symbol.for("nbstream.modules");
const page = globalThis as unknown as Record<symbol, Map<string, Module> | undefined>;
page[name] ??= new Map();
const modules = page[name];

let code = modules.get(hash);
const first = !code;
if (!code) {
	let resolve!: (source: string) => void;
	const load = async (source: string): Promise<Widget> => {
		const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
		const module = await import(url);
		URL.revokeObjectURL(url);
		return module.default;
	};
	const source = new Promise<string>((done) => {
		resolve = done;
	});
	code = Object.assign(source.then(load), { resolve });
	modules.set(hash, code);
}
const module = code;

export default {
	initialize({ model }: InitializeProps): () => void {
		const end = new AbortController();
		const early: Parameters<Listener>[] = [];
		const listen = (message: FromPython | Code, buffers?: DataView[]) => {
			if (message.t !== "code") early.push([message, buffers]);
			else if (message.hash === hash) module.resolve(message.source);
		};
		const ask = () => {
			try {
				model.send({ t: "code", hash });
			} catch {
				// The kernel is gone. What it sent is shown if another widget loads the module.
				clearInterval(timer);
			}
		};
		const timer = setInterval(ask, 500);
		const stopListening = () => {
			clearInterval(timer);
			model.off("msg:custom", listen);
		};
		end.signal.addEventListener("abort", stopListening);
		model.on("msg:custom", listen);
		// On a reloaded page only the first widget asks; the others share its module.
		if (first) ask();
		// A single `then`, so that `initialize` runs before `render`, which awaits the same promise.
		module.then(
			(widget) => {
				stopListening();
				if (!end.signal.aborted) widget.initialize({ model, early, signal: end.signal });
			},
			// `render` rejects with the same error, and anywidget shows it.
			stopListening,
		);
		return () => end.abort();
	},

	async render(props: RenderProps) {
		return (await module).render(props);
	},
};
