/**
 * The small anywidget module that is sent with every widget. It loads the real module
 * (main.ts) from Python, once for each page. Its size counts for every answer.
 *
 * anywidget holds back all messages until `initialize` has returned. So it must
 * not wait for the module: the module itself arrives as a message.
 */

import type { InitializeProps, Listener, RenderProps, Widget } from "./anywidget";
import { receiveIfLate } from "./late-start";
import { pageModule } from "./page-modules";
import type { FromPython } from "./wire-messages";

// Python puts the hash of widget.js here.
const hash = "__NBSTREAM_HASH__";

const [module, first] = pageModule<{ default: Widget }>(hash);

export default {
	initialize({ model }: InitializeProps): () => void {
		const end = new AbortController();
		const early: Parameters<Listener>[] = [];
		const listen = (message: FromPython, buffers?: DataView[]) => {
			if (message.t !== "code") early.push([message, buffers]);
			else pageModule(message.hash)[0].resolve(message.source);
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
		receiveIfLate(model).catch(() => {});
		// On a reloaded page only the first widget asks; the others share its module.
		if (first) ask();
		// A single `then`, so that `initialize` runs before `render`, which awaits the same promise.
		module.then(
			({ default: widget }) => {
				stopListening();
				if (!end.signal.aborted) widget.initialize({ model, early, signal: end.signal });
			},
			// `render` rejects with the same error, and anywidget shows it.
			stopListening,
		);
		return () => end.abort();
	},

	async render(props: RenderProps) {
		return (await module).default.render(props);
	},
};
