/**
 * Writes the complete answer into notebook outputs that Python can no longer update.
 *
 * JupyterLab applies Python's updates only to outputs that it has drawn itself and that
 * were not moved: not after a reload, and not in a cell that was moved or copied. The
 * page would show the whole answer there but save an unfinished one. So the page
 * writes the final output itself, through the notebook's model.
 */

import type { Model } from "./anywidget";

/** The data of an output: text by media type. */
export type Bundle = Record<string, string>;

const WIDGET_MIME = "application/vnd.jupyter.widget-view+json";

/**
 * Returns a function for each unfinished output of this widget; it writes the whole answer
 * there.
 */
export function unfinishedOutputs(model: Model): ((whole: Bundle) => void)[] {
	const widgetId = model.get("widget_id");
	const found: ((whole: Bundle) => void)[] = [];
	try {
		for (const { outputs } of model.widget_manager?.context?.model?.cells ?? []) {
			for (let i = 0; i < (outputs?.length ?? 0); i++) {
				const { data } = outputs?.get(i) ?? {};
				if (!data || !isUnfinished(data, widgetId)) continue;
				found.push((whole) => outputs?.set(i, { ...outputs.get(i).toJSON(), data: whole }));
			}
		}
	} catch {
		// Another host, or a later version, has a different notebook model: write nothing.
		return [];
	}
	return found;
}

/** Whether output data is of this widget and does not have the whole answer yet. */
function isUnfinished(data: Record<string, unknown>, widgetId: string): boolean {
	const view = data[WIDGET_MIME] as { model_id?: unknown } | undefined;
	// The start of unfinished HTML, as Python's `display/html.py` writes it.
	const unfinished = `<div class="nbstream-at-${widgetId} nbstream-unfinished">`;
	return view?.model_id === widgetId || String(data["text/html"] ?? "").startsWith(unfinished);
}
