/**
 * The stub: all of the front end that every widget instance carries.
 *
 * Knows the hash of the real module, how to find it on the page, and how to ask
 * Python for it. Refuses to know anything else; it travels with every answer.
 *
 * anywidget holds back all messages until `initialize` is through, so it must
 * not wait for the code: the code itself comes as a message.
 */

import type { InitializeProps, Listener, RenderProps, Widget } from "./anywidget";
import type { FromPython } from "./events";

type Module = Promise<Widget> & { take(source: string): void };
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
	let take!: (source: string) => void;
	const load = async (source: string): Promise<Widget> => {
		const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
		const module = await import(url);
		URL.revokeObjectURL(url);
		return module.default;
	};
	const source = new Promise<string>((resolve) => {
		take = resolve;
	});
	code = Object.assign(source.then(load), { take });
	modules.set(hash, code);
}
const module = code;

export default {
	initialize({ model }: InitializeProps): () => void {
		const end = new AbortController();
		const early: Parameters<Listener>[] = [];
		const listen = (message: FromPython | Code, buffers?: DataView[]) => {
			if (message.t !== "code") early.push([message, buffers]);
			else if (message.hash === hash) module.take(message.source);
		};
		const ask = () => {
			try {
				model.send({ t: "code", hash });
			} catch {
				// The kernel is gone. What it had said is shown if another brings the code.
				clearInterval(timer);
			}
		};
		const timer = setInterval(ask, 500);
		const quiet = () => {
			clearInterval(timer);
			model.off("msg:custom", listen);
		};
		end.signal.addEventListener("abort", quiet);
		model.on("msg:custom", listen);
		// The others of a reloaded page wait for what the first one is given.
		if (first) ask();
		// One step, so that it is through before `render`, which waits for the same.
		module.then(
			(widget) => {
				quiet();
				if (!end.signal.aborted) widget.initialize({ model, early, signal: end.signal });
			},
			// `render` fails with the same error, and anywidget shows it.
			quiet,
		);
		return () => end.abort();
	},

	async render(props: RenderProps) {
		return (await module).render(props);
	},
};
