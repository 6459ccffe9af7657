/**
 * The notebook's outputs that are behind their answer.
 *
 * JupyterLab carries Python's updates only into outputs that it has drawn itself and
 * left where they were: not after a reload, nor into a cell that was moved or copied
 * meanwhile. The page shows the whole answer there, and saves what had come by then.
 * So the page puts the end into such outputs; it has the notebook at hand.
 *
 * Knows the notebook's model in JupyterLab and Notebook, and by what an output is
 * known to be behind. Refuses to know when to look, and what the end is made of.
 */

import type { Model } from "./anywidget";

export type Bundle = Record<string, string>;

const WIDGET_MIME = "application/vnd.jupyter.widget-view+json";

/** A function for each output of the model's answer that is not as it ended; it makes it so. */
export function behind(model: Model): ((end: Bundle) => void)[] {
	const key = model.get("key");
	const found: ((end: Bundle) => void)[] = [];
	try {
		for (const { outputs } of model.widget_manager?.context?.model?.cells ?? []) {
			for (let i = 0; i < (outputs?.length ?? 0); i++) {
				const { data } = outputs?.get(i) ?? {};
				if (!data || !isBehind(data, key)) continue;
				found.push((end) => outputs?.set(i, { ...outputs.get(i).toJSON(), data: end }));
			}
		}
	} catch {
		// Another host's notebook, or a later one's, is not for us to write in.
		return [];
	}
	return found;
}

function isBehind(data: Record<string, unknown>, key: string): boolean {
	const view = data[WIDGET_MIME] as { model_id?: unknown } | undefined;
	// As Python's `display/html.py` begins what is not finished.
	const begun = `<div class="nbstream-at-${key} nbstream-unfinished">`;
	return view?.model_id === key || String(data["text/html"] ?? "").startsWith(begun);
}
