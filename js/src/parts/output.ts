/**
 * Draws a typed answer as a form that fills in while the model writes it, with the model's own
 * text one press away. Words around the JSON are shown as text.
 *
 * It is in the form's file: output-slot.ts stands for it until the page has that.
 */

import { type Form, jsonFinder, type Schema, textBefore } from "../../render";
import { createForm } from "../../render/form/form";
import formCss from "../../render/form/style.css";
import type { Part } from "../part-model";
import type { WireOutput } from "../wire-values";
import { jsonFormatter } from "./json-format";
import css from "./output.css";
import type { Kit } from "./output-slot";
import type { PartView } from "./part";

/** Creates the view of the texts that are the value of a typed answer, in `el`. */
export function outputView(part: Part, el: HTMLElement, kit: Kit, signal: AbortSignal): PartView {
	const { addStyle, element, follower, growingText, markdownText, options } = kit;
	const schema: Schema = part.output?.schema ?? {};
	const isArray = schema["x-wrapped"] !== undefined;
	const before = markdownText(element("div", "nbstream-text nbstream-form-before"));
	const body = element("div", "nbstream-form-body");
	const raw = element("div", "nbstream-mono nbstream-form-raw");
	const notes = element("div", "nbstream-form-notes");
	const toggle = element("button", "nbstream-form-toggle", "JSON");
	toggle.type = "button";
	toggle.title = "Show the model's text";
	const title = element("span", "nbstream-form-title", schema.title ?? "Answer");
	const about = element("span", "nbstream-form-about", firstLine(schema.description));
	const head = element("div", "nbstream-form-head", title, about, toggle);
	const card = element("div", "nbstream-form", head, body, raw, notes);
	el.append(before.el, card);
	raw.hidden = notes.hidden = true;
	raw.tabIndex = 0; // it may scroll

	addStyle(el, `${css}\n${formCss}`);
	const follow = (pane: HTMLElement) => follower(pane, signal);
	let form: Form;
	const start = () => {
		body.replaceChildren(element("div", ""));
		form = createForm(body.firstChild as HTMLElement, schema, { ...options, follow });
	};
	start();
	let find = jsonFinder(isArray);
	let text = "";
	let found = false;
	let ended = false;
	let wide = false;
	let report: WireOutput | null = null;
	let shownReport: WireOutput | null = null;
	let growRaw: ((chunk: string) => void) | null = null;

	const showRaw = (show: boolean) => {
		toggle.setAttribute("aria-pressed", `${show}`);
		raw.hidden = !show;
		body.hidden = show;
		raw.replaceChildren();
		growRaw = null;
		if (!show) return;
		const format = jsonFormatter();
		const grown = growingText(raw);
		growRaw = (chunk) => grown.append(format(chunk));
		growRaw(text);
	};
	showRaw(false);
	toggle.addEventListener("click", () => showRaw(!growRaw), { signal });

	const append = (chunk: string) => {
		text += chunk;
		growRaw?.(chunk);
		if (found) {
			form.push(chunk);
			return;
		}
		const at = find(chunk);
		found = at >= 0;
		if (!found) before.append(chunk);
		else {
			before.replace(textBefore(text.slice(0, at)));
			form.push(text.slice(at));
		}
	};

	/** Shows what Python says of the whole answer. */
	const tell = ({ notes: words = [], failure, json, problems }: WireOutput) => {
		if (json !== undefined) {
			start();
			form.push(json);
			while (form.end());
		}
		form.mark(problems ?? []);
		const failed = element("div", "nbstream-form-failure", failure ?? "");
		const noted = element("div", "nbstream-form-noted", words.join("; "));
		notes.replaceChildren(...(failure ? [failed] : []), ...(words.length ? [noted] : []));
		notes.hidden = !notes.hasChildNodes();
	};

	const render = () => {
		const more = [before.render(), form.render()].includes(true);
		// Not `:has()` in the style sheet: each change of the text would be checked for it, and
		// the styles of the whole view computed again.
		const view = wide ? null : el.closest(".nbstream"); // null until it is in the view
		if (view && body.querySelector(".nbform-table")) {
			wide = true;
			for (const box of [el, view]) box.classList.add("nbstream-wide");
		}
		// The report is about the whole text.
		if (ended && !more && report !== shownReport) {
			shownReport = report;
			if (report) tell(report);
		}
		return more;
	};
	return {
		el,
		append,
		render,
		end() {
			before.end();
			form.end();
			ended = true;
			card.hidden = !found && text.trim() !== "";
		},
		replace(whole) {
			if (text) start();
			before.replace("");
			find = jsonFinder(isArray);
			text = "";
			found = ended = false;
			shownReport = null;
			showRaw(growRaw !== null);
			append(whole);
		},
		update([first]) {
			const output = first?.output;
			if (output?.failure !== undefined) report = output;
		},
	};
}

function firstLine(words = ""): string {
	return words.trim().split("\n\n")[0]?.replace(/\s+/g, " ") ?? "";
}
