/**
 * The widget's two faces to anywidget.
 *
 * `initialize` owns the state, once a model; `render` paints it, once a view.
 * Knows how the two find each other: by the `key` trait. Refuses to know both
 * the wire and the paint.
 */

import type { InitializeProps, RenderProps, Widget } from "./host";
import { Store } from "./store";
import { mount } from "./view";

const stores = new Map<string, Store>();

function initialize({ model, early, signal }: InitializeProps): () => void {
	const key = model.get("key");
	stores.get(key)?.close();
	const store = new Store(model);
	stores.set(key, store);
	store.open(early);
	const close = () => {
		store.close();
		if (stores.get(key) === store) stores.delete(key);
	};
	signal?.addEventListener("abort", close);
	return close;
}

function render({ model, el, signal }: RenderProps): (() => void) | undefined {
	const store = stores.get(model.get("key"));
	if (!store || signal?.aborted) return undefined;
	// Hosts older than anywidget 0.11 give no signal and call what is returned.
	const view = new AbortController();
	const close = () => view.abort();
	signal?.addEventListener("abort", close);
	mount(el, store, view.signal);
	return close;
}

export default { initialize, render } satisfies Widget;
