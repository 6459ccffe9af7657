/**
 * The widget's two entry points for anywidget.
 *
 * `initialize` makes the state, once a model; `render` paints it, once a view, until
 * the output is HTML and the view moves to where that stands (static-swap.ts). They
 * find each other by the `key` trait.
 */

import type { InitializeProps, RenderProps, Widget } from "./anywidget";
import { areSeen, leave, paintWidget, take } from "./static-swap";
import { Store } from "./store";
import { mount } from "./view";

const stores = new Map<string, Store>();

function initialize({ model, early, signal }: InitializeProps): () => void {
	const key = model.get("key");
	stores.get(key)?.close();
	leave(key);
	const store = new Store(model);
	stores.set(key, store);
	store.open(early);
	take(key, (el, signal) => {
		mount(el, store, signal);
		store.keep(); // an undo may have brought back what is behind
	});
	const close = () => {
		store.close();
		if (stores.get(key) !== store) return;
		stores.delete(key);
		leave(key);
	};
	signal?.addEventListener("abort", close);
	return close;
}

function render({ model, el, signal }: RenderProps): (() => void) | undefined {
	const key = model.get("key");
	const store = stores.get(key);
	if (!store || signal?.aborted) return undefined;
	// Hosts older than anywidget 0.11 give no signal and call what is returned.
	const view = new AbortController();
	const close = () => view.abort();
	signal?.addEventListener("abort", close);
	paintWidget(key, el, (el, signal) => mount(el, store, signal), view.signal);
	if (areSeen()) store.tellPlaces();
	return close;
}

export default { initialize, render } satisfies Widget;
