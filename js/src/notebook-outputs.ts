/**
 * Writes the complete answer into notebook outputs that Python can no longer update.
 *
 * JupyterLab applies Python's updates only to outputs that it has drawn itself and that
 * were not moved: not after a reload, and not in a cell that was moved or copied. The
 * page would show the whole answer there but save an unfinished one. So the page
 * writes the final output itself, through the notebook's model. If the kernel ends before
 * the answer does, the page writes what it has.
 */

import { visible } from "../render";
import type { Model } from "./anywidget";
import { CLASS_PREFIX, UNFINISHED } from "./static-swap";

/** The data of an output: text by media type. */
export type Bundle = Record<string, string>;

/** As Python's `display/footer.py` says it. */
export const NOT_FINISHED = "not finished when this was written";

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

/** Writes the text that had come into the unfinished outputs, because Python no longer can. */
export function keepText(model: Model, text: string): void {
	if (!text) return;
	const shown = `${visible(text)}\n\n[${NOT_FINISHED}]`;
	// Signs of HTML; those that begin a formula, of which MathJax finds none across elements; and
	// line ends, because a blank line ends HTML in the Markdown that nbconvert makes.
	const escaped = shown.replace(/[&<$\\\n]/g, (char) => `<span>&#${char.charCodeAt(0)};</span>`);
	const html = `${begin(model.get("widget_id"))}<div style="white-space:pre-wrap;overflow-wrap:anywhere">${escaped}</div></div>`;
	for (const write of unfinishedOutputs(model)) write({ "text/html": html, "text/plain": shown });
}

/** The start of unfinished HTML, as Python's `display/html/` writes it, too. */
function begin(widgetId: string): string {
	return `<div class="${CLASS_PREFIX}${widgetId} ${UNFINISHED}">`;
}

/** Whether output data is of this widget and does not have the whole answer yet. */
function isUnfinished(data: Record<string, unknown>, widgetId: string): boolean {
	const view = data[WIDGET_MIME] as { model_id?: unknown } | undefined;
	const html = String(data["text/html"] ?? "");
	return view?.model_id === widgetId || html.startsWith(begin(widgetId));
}
