/**
 * The demo page of the renderer: renders a text as Markdown or JSON at a chosen speed. The
 * text is `welcome.md`, a chosen file, or the text of a provider's recorded response.
 */

import codeCss from "../code/style.css";
import { createJson, createMarkdown, lazyHighlight, lazyMath } from "../index";
import css from "../style.css";
import { textOf } from "./recording";
import welcome from "./welcome.md";

const form = document.querySelector("form") as HTMLFormElement;
const main = document.querySelector("main") as HTMLElement;
const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;
const state = form.elements.namedItem("state") as HTMLOutputElement;

const style = document.createElement("style");
style.textContent = css + codeCss;
document.head.append(style);

const options = {
	highlight: lazyHighlight(() => import("../code/highlight")),
	drawMath: lazyMath(() => import("../math/formula")),
};

let run = 0;

async function play(): Promise<void> {
	const current = ++run;
	const file = field("file").files?.[0];
	const text = file ? textOf(file.name, await file.text()) : welcome;
	const root = document.createElement("div");
	main.replaceChildren(root);
	const view = field("kind").value === "json" ? createJson(root) : createMarkdown(root, options);
	let at = 0;
	let before = performance.now();
	let longest = 0;
	let spent = 0;
	const frame = (now: number) => {
		if (current !== run) return;
		const due = at + ((now - before) / 1000) * 10 ** Number(field("speed").value);
		before = now;
		const next = Math.min(text.length, Math.max(at, Math.round(due)));
		const pinned = main.scrollHeight - main.scrollTop - main.clientHeight < 40;
		const start = performance.now();
		view.push(text.slice(at, next));
		at = next;
		const more = at < text.length ? view.render() || true : view.end();
		const cost = performance.now() - start;
		spent += cost;
		longest = Math.max(longest, cost);
		if (pinned) main.scrollTop = main.scrollHeight;
		state.value = `${at} of ${text.length} characters, ${spent.toFixed(0)} ms of script, longest frame ${longest.toFixed(1)} ms`;
		if (more) requestAnimationFrame(frame);
	};
	requestAnimationFrame(frame);
}

form.addEventListener("submit", (event) => {
	event.preventDefault();
	void play();
});
field("stop").addEventListener("click", () => {
	run++;
});
void play();
