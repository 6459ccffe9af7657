import { afterEach, beforeEach, expect, test, vi } from "vitest";
import widget from "../src/main";
import { CLOCK, delta, FakeModel, start, state, status, text } from "./helpers";

let key = 0;
let model: FakeModel;
let close: (() => void) | undefined;

beforeEach(() => {
	vi.useFakeTimers(CLOCK);
	model = new FakeModel({ widget_id: `place${key++}` });
});

afterEach(() => {
	close?.();
	vi.useRealTimers();
	document.body.replaceChildren();
});

/** What Python puts into an output, as JupyterLab shows it. */
function output(mark = `nbstream-at-${model.traits.widget_id}`) {
	const box = document.createElement("div");
	box.className = "jp-RenderedHTMLCommon";
	box.innerHTML = `<div class="${mark}"><p>static</p></div>`;
	return box;
}

const seen = () => Promise.resolve();
const view = (box: HTMLElement) => box.querySelector(".nbstream-text")?.textContent;

function finished(words = "kept"): void {
	model.traits.snapshot = { seq: 7, state: state("done", text(words)) };
	close = widget.initialize({ model });
}

test("a view takes the place of the HTML before a frame is painted", async () => {
	finished();
	const box = document.body.appendChild(output());
	await seen();
	expect(view(box)).toBe("kept");
	expect(box.textContent).not.toContain("static");
	expect(box.className, "JupyterLab's look of HTML").toBe("");
	expect(box.firstElementChild?.classList.contains("mathjax_ignore")).toBe(true);
});

test("also of HTML that was there before the answer", () => {
	const box = document.body.appendChild(output());
	finished();
	expect(view(box)).toBe("kept");
});

test("a view in a place grows like any other", async () => {
	close = widget.initialize({ model });
	const box = document.body.appendChild(output());
	await seen();
	model.delta(1, status("streaming"), start(), delta("Hel"));
	model.delta(2, delta("lo"));
	vi.advanceTimersByTime(20);
	expect(view(box)).toBe("Hello");
});

test("any number of places show one answer, each while it is in the page", async () => {
	finished();
	const boxes = [output(), output()];
	document.body.append(...boxes);
	await seen();
	expect(boxes.map(view)).toEqual(["kept", "kept"]);
	boxes[0]?.remove();
	await seen();
	expect(boxes[0]?.textContent, "as it was, for whoever puts it back").toBe("static");
	expect(boxes[0]?.className).toBe("jp-RenderedHTMLCommon");
	expect(boxes.slice(1).map(view)).toEqual(["kept"]);
	document.body.append(boxes[0] as HTMLElement);
	await seen();
	expect(boxes.map(view)).toEqual(["kept", "kept"]);
});

test("a place that is only moved keeps its view", async () => {
	finished();
	const box = document.body.appendChild(output());
	await seen();
	const shown = box.querySelector(".nbstream");
	document.body.appendChild(document.createElement("section")).append(box);
	await seen();
	expect(box.querySelector(".nbstream")).toBe(shown);
});

test("new HTML in the same box gets the view, and keeps JupyterLab's look away", async () => {
	finished();
	const box = document.body.appendChild(output());
	await seen();
	box.replaceChildren(...output().childNodes);
	await seen();
	expect(view(box)).toBe("kept");
	expect(box.className).toBe("");
});

test.each(["in the same box", "in a box of its own"])(
	"the view goes on in new HTML %s",
	async (where) => {
		finished();
		const box = document.body.appendChild(output());
		await seen();
		const shown = box.querySelector(".nbstream");
		const next = output();
		if (where === "in the same box") box.replaceChildren(...next.childNodes);
		else box.replaceWith(next);
		await seen();
		const boxes = [...document.querySelectorAll(".nbstream")];
		expect(boxes).toHaveLength(1);
		expect(boxes[0]).toBe(shown);
		close?.();
		expect(document.body.textContent).toBe("static");
	},
);

test("of two views each goes on in one place, and a third has its own", async () => {
	finished();
	const boxes = [output(), output()];
	document.body.append(...boxes);
	await seen();
	const shown = [...document.querySelectorAll(".nbstream")];
	document.body.replaceChildren(output(), output(), output());
	await seen();
	const now = [...document.querySelectorAll(".nbstream")];
	expect(now).toHaveLength(3);
	for (const [i, view] of shown.entries()) expect(now[i]).toBe(view);
});

test("the HTML shows again when the widget is gone", async () => {
	finished();
	const box = document.body.appendChild(output());
	await seen();
	close?.();
	expect(box.textContent).toBe("static");
	expect(box.className).toBe("jp-RenderedHTMLCommon");
	const later = document.body.appendChild(output());
	await seen();
	expect(later.textContent).toBe("static");
});

test.each(["nbstream-at-other", "x", "nbstream-at-", "x nbstream-at-place0"])(
	"nobody else's HTML is touched: %s",
	async (mark) => {
		finished();
		const box = document.body.appendChild(output(mark));
		await seen();
		expect(box.textContent).toBe("static");
	},
);

test("Python is told of places where they can be seen, once, and only then", async () => {
	const told = () => model.sent.filter((message) => (message as { t: string }).t === "page_swaps");
	close = widget.initialize({ model });
	model.delta(1, status("streaming"), start(), delta("a"));
	widget.render({ model, el: document.createElement("div") });
	expect(told()).toHaveLength(0);
	document.body.appendChild(document.createElement("div")).className = "jp-OutputArea";
	widget.render({ model, el: document.createElement("div") });
	widget.render({ model, el: document.createElement("div") });
	expect(told()).toHaveLength(1);
});

test("Python need not be told where the answer has ended", () => {
	document.body.appendChild(document.createElement("div")).className = "jp-OutputArea";
	finished();
	widget.render({ model, el: document.createElement("div") });
	expect(model.sent).toEqual([]);
});
