import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import widget from "../src/main";
import { CLOCK, delta, FakeKernel, FakeModel, start, state, status, text } from "./helpers";

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

/** The HTML of an output, as JupyterLab shows it. */
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

test("a view replaces the HTML before a frame is painted", async () => {
	finished();
	const box = document.body.appendChild(output());
	await seen();
	expect(view(box)).toBe("kept");
	expect(box.textContent).not.toContain("static");
	expect(box.className, "JupyterLab's look of HTML").toBe("");
	expect((box.firstElementChild as HTMLElement).dataset.mjx, "read by MathJax").toBe("no");
});

test("a view replaces HTML that was there before the widget", () => {
	const box = document.body.appendChild(output());
	finished();
	expect(view(box)).toBe("kept");
});

test("a view in place of HTML grows like any other", async () => {
	close = widget.initialize({ model });
	const box = document.body.appendChild(output());
	await seen();
	model.delta(1, status("streaming"), start(), delta("Hel"));
	model.delta(2, delta("lo"));
	vi.advanceTimersByTime(20);
	expect(view(box)).toBe("Hello");
});

test("one answer can be shown in several outputs, each while it is in the page", async () => {
	finished();
	const boxes = [output(), output()];
	document.body.append(...boxes);
	await seen();
	expect(boxes.map(view)).toEqual(["kept", "kept"]);
	boxes[0]?.remove();
	await seen();
	expect(boxes[0]?.textContent, "the removed element has its HTML again").toBe("static");
	expect(boxes[0]?.className).toBe("jp-RenderedHTMLCommon");
	expect(boxes.slice(1).map(view)).toEqual(["kept"]);
	document.body.append(boxes[0] as HTMLElement);
	await seen();
	expect(boxes.map(view)).toEqual(["kept", "kept"]);
});

test("an element that is only moved keeps its view", async () => {
	finished();
	const box = document.body.appendChild(output());
	await seen();
	const shown = box.querySelector(".nbstream");
	document.body.appendChild(document.createElement("section")).append(box);
	await seen();
	expect(box.querySelector(".nbstream")).toBe(shown);
});

test("new HTML in the same parent gets the view, without JupyterLab's style", async () => {
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

test("two views each move to one new element, and a third element gets a new view", async () => {
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

test("the HTML is shown again when the widget is removed", async () => {
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
	"other HTML is not touched: %s",
	async (mark) => {
		finished();
		const box = document.body.appendChild(output(mark));
		await seen();
		expect(box.textContent).toBe("static");
	},
);

test("HTML of the whole answer is not hidden by a view that has lost the kernel", async () => {
	const kernel = new FakeKernel();
	model.widget_manager = { kernel };
	close = widget.initialize({ model });
	model.delta(1, status("streaming"), start(), delta("so far"));
	kernel.becomes("dead");
	const whole = document.body.appendChild(output());
	const part = document.body.appendChild(
		output(`${whole.firstElementChild?.className} nbstream-unfinished`),
	);
	await seen();
	expect(whole.textContent).toBe("static");
	expect(view(part)).toBe("so far");
});

test("Python is told once that the page swaps, where it can", async () => {
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

test("Python is not told after the end of the answer", () => {
	document.body.appendChild(document.createElement("div")).className = "jp-OutputArea";
	finished();
	widget.render({ model, el: document.createElement("div") });
	expect(model.sent).toEqual([]);
});

describe("when HTML replaces the widget", () => {
	/** A live view, and functions with which the host removes it. */
	function live() {
		close = widget.initialize({ model });
		model.delta(1, status("streaming"), start(), delta("Hello"));
		const el = document.body.appendChild(document.createElement("div"));
		const end = widget.render({ model, el });
		const take = () => {
			el.remove();
			end?.();
		};
		return { el, end, take, find: (what: string) => el.querySelector<HTMLElement>(what) };
	}

	test("the view moves into the HTML, with the focus", async () => {
		const { find, take } = live();
		const shown = find(".nbstream");
		const button = find("button.nbstream-stop");
		button?.focus();
		take();
		const box = document.body.appendChild(output());
		await seen();
		expect(box.querySelector(".nbstream")).toBe(shown);
		expect(document.querySelectorAll(".nbstream")).toHaveLength(1);
		expect(document.activeElement).toBe(button);
		model.delta(2, delta(" you"));
		vi.advanceTimersByTime(20);
		expect(view(box)).toBe("Hello you");
	});

	test("the order of the host's two steps does not matter", async () => {
		const { el, end, find } = live();
		const shown = find(".nbstream");
		end?.();
		el.remove();
		const box = document.body.appendChild(output());
		await seen();
		expect(box.querySelector(".nbstream")).toBe(shown);
	});

	test("another view stays, also before the host has added it to the page", async () => {
		const { take } = live();
		const el = document.createElement("div");
		widget.render({ model, el });
		const shown = el.querySelector(".nbstream");
		take();
		const box = document.body.appendChild(output());
		await seen();
		expect(view(box)).toBe("Hello");
		document.body.append(el);
		expect(el.querySelector(".nbstream")).toBe(shown);
	});

	test("a removed widget leaves nothing", async () => {
		const { el, end } = live();
		end?.();
		await seen();
		expect(el.children).toHaveLength(0);
	});

	test("a view without a model stays until its element is removed", async () => {
		const { el, end } = live();
		close?.();
		expect(view(document.body)).toBe("Hello");
		end?.();
		await seen();
		expect(el.children).toHaveLength(0);
	});

	test.each([
		["is", "mouse", 1],
		// The browser's own click reaches the control.
		["is not", "touch", 0],
	])("a press on another control of the view %s clicked: %s", async (_, by, times) => {
		const { find, take } = live();
		const link = document.createElement("a");
		find(".nbstream-text")?.append(link);
		const clicked = vi.fn();
		link.addEventListener("click", clicked);
		const pointer = { bubbles: true, pointerType: by };
		link.dispatchEvent(new PointerEvent("pointerdown", pointer));
		take();
		document.body.append(output());
		await seen();
		link.dispatchEvent(new PointerEvent("pointerup", pointer));
		vi.advanceTimersByTime(1);
		expect(clicked).toHaveBeenCalledTimes(times);
	});

	test.each(["elsewhere", "with a click of the browser's"])(
		"a press that ends %s gets no extra click",
		async (where) => {
			const { find, take } = live();
			const link = document.createElement("a");
			find(".nbstream-text")?.append(link);
			link.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, pointerType: "mouse" }));
			take();
			document.body.append(output());
			await seen();
			const end = where === "elsewhere" ? document.body : link;
			end.dispatchEvent(new PointerEvent("pointerup", { bubbles: true, pointerType: "mouse" }));
			if (end === link) link.click();
			const clicked = vi.fn();
			link.addEventListener("click", clicked);
			vi.advanceTimersByTime(1);
			expect(clicked).not.toHaveBeenCalled();
		},
	);
});
