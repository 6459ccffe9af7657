/**
 * JSON as a form: what stands there before it comes, how it is filled, and what is marked.
 */

import { describe, expect, it } from "vitest";
import { createForm } from "../form/form";
import { jsonFinder, textBefore } from "../form/json-start";
import type { Schema } from "../form/schema";

const ROW: Schema = {
	type: "object",
	properties: {
		name: { type: "string", title: "Name" },
		height: { type: "number" },
		colour: { enum: ["white", "red", "green"] },
		rhythm: { $ref: "#/$defs/Flash" },
	},
	required: ["name", "height"],
};
const $defs = {
	Row: ROW,
	Flash: { type: "object", properties: { flashes: { type: "integer" } } },
	Circle: { type: "object", properties: { kind: { const: "circle" }, radius: { type: "number" } } },
	Square: { type: "object", properties: { kind: { const: "square" }, side: { type: "number" } } },
};
const ROWS: Schema = {
	type: "array",
	"x-wrapped": "result",
	items: { $ref: "#/$defs/Row" },
	$defs,
};

function show(schema: Schema) {
	const root = document.body.appendChild(document.createElement("div"));
	const form = createForm(root, schema, { frameBudget: 1e9 });
	const all = (selector: string) => [...root.querySelectorAll<HTMLElement>(selector)];
	const read = (selector: string) => all(selector).map((el) => el.textContent);
	const write = (text: string, size = text.length) => {
		for (let at = 0; at < text.length; at += size) {
			form.push(text.slice(at, at + size));
			while (form.render());
		}
	};
	const end = (text = "", size?: number) => {
		write(text, size);
		while (form.end());
	};
	const rows = () => all("tbody tr").map((tr) => [...tr.children].map((td) => td.textContent));
	return { root, form, all, read, write, end, rows };
}

const LIST = [
	{ name: "Kullen", height: 78.5, colour: "red", rhythm: { flashes: 5 } },
	{ name: "Skagen", height: 44, colour: "white", rhythm: { flashes: 1 } },
	{ name: "Hook Head", height: 9, colour: "green", rhythm: { flashes: 3 } },
];

describe("a list of objects", () => {
	it("is a table whose columns stand there before its rows", () => {
		const { read, write, rows, all } = show(ROWS);
		expect(read("thead th")).toEqual(["#", "Name", "height", "colour", "rhythm"]);
		write('{"result": [{"name": "Kul');
		expect(rows()).toEqual([
			["1", "Kul", "", "", ""],
			["2", "", "", "", ""], // stays from before the first row: the table does not become lower
		]);
		expect(all("tbody [aria-label]").length).toBe(3 + 4);
		write('len", "height": 78.5}, {');
		expect(rows()).toEqual([
			["1", "Kullen", "78.5", "–", "–"],
			["2", "", "", "", ""],
		]);
		expect(read(".nbform-count")).toEqual(["2 rows"]);
	});

	it.each([1, 3, 1000])("is the same in pieces of %i characters", (size) => {
		const { rows, end } = show(ROWS);
		end(JSON.stringify(LIST), size);
		expect(rows()).toEqual([
			["1", "Kullen", "78.5", "red", "flashes 5"],
			["2", "Skagen", "44", "white", "flashes 1"],
			["3", "Hook Head", "9", "green", "flashes 3"],
		]);
	});

	it("has the points of a column's numbers below each other, also while one is written", () => {
		const { root, write } = show(ROWS);
		const room = (at: number) => {
			const value = root.querySelectorAll<HTMLElement>(".nbform-of-number > div")[at];
			const longest = root.querySelector("table")?.style.getPropertyValue("--nbform-fraction-1");
			const own = /- ([\d.]+)ch/.exec(value?.style.paddingInlineEnd ?? "")?.[1];
			return Number.parseFloat(longest || "0") - Number(own);
		};
		write('[{"name": "Kullen", "height": 78.25}, {"name": "Skagen", "height": 44');
		expect([room(0), room(1)]).toEqual([0, 2.5]);
		write(".1");
		expect([room(0), room(1)]).toEqual([0, 1]);
		write("25");
		expect([room(0), room(1)]).toEqual([1, 0]);
	});

	it("is sorted by its heads when it is whole: up, down, and as written", () => {
		const { all, end, write, rows } = show(ROWS);
		write(JSON.stringify(LIST).slice(0, -1));
		expect(all("th button")).toEqual([]);
		end("]");
		const names = () => rows().map((row) => row[1]);
		const height = all("th")[2] as HTMLElement;
		const press = () => (height.querySelector("button") as HTMLElement).click();
		press();
		expect(height.getAttribute("aria-sort")).toBe("ascending");
		expect(names()).toEqual(["Hook Head", "Skagen", "Kullen"]);
		press();
		expect(height.getAttribute("aria-sort")).toBe("descending");
		expect(names()).toEqual(["Kullen", "Skagen", "Hook Head"]);
		press();
		expect(height.hasAttribute("aria-sort")).toBe(false);
		expect(names()).toEqual(["Kullen", "Skagen", "Hook Head"]);
	});

	it("gets a column for a key that is not in the schema", () => {
		const { read, rows, end } = show(ROWS);
		end('[{"name": "A", "height": 1}, {"name": "B", "height": 2, "extra": "x"}]');
		expect(read("thead th").at(-1)).toBe("extra");
		expect(rows()[1]).toEqual(["2", "B", "2", "–", "–", "x"]);
	});

	it("marks values that are missing or wrong", () => {
		const { form, end, read, all } = show(ROWS);
		end('[{"name": "A", "height": -1}, {"name": "B"}, 7]');
		form.mark([
			[[0, "height"], "too small"],
			[[1, "height"], "Field required"],
			[[2], "not an object"],
		]);
		expect(read(".nbform-problem")).toEqual(["too small", "Field required", "not an object"]);
		expect(all("td.nbform-invalid").length).toBe(3);
		expect(read(".nbform-is-missing .nbform-none")).toEqual(["missing"]);
		// At the side of its column, as the numbers above it
		expect(all("td.nbform-of-number.nbform-is-missing").length).toBe(1);
	});

	it("is a table too where no schema says so", () => {
		const { read, end } = show({});
		end('[{"a": 1}, {"a": 2, "b": 3}]', 1);
		expect(read("thead th")).toEqual(["#", "a", "b"]);
	});
});

describe("a delta costs the same however many rows there are", () => {
	/** The elements that each of some rows adds or changes, after so many others. */
	function changed(before: number): number {
		const { root, write } = show(ROWS);
		write(`[${`${JSON.stringify(LIST[0])},`.repeat(before)}`, 4_000);
		const watcher = new MutationObserver(() => {});
		watcher.observe(root, {
			subtree: true,
			childList: true,
			characterData: true,
			attributes: true,
		});
		watcher.takeRecords();
		write(`${JSON.stringify(LIST[1])},`, 5);
		const records = watcher.takeRecords();
		watcher.disconnect();
		root.remove();
		return records.length;
	}

	it("in changes of the page", () => {
		const few = changed(20);
		expect(changed(2_020)).toBeLessThanOrEqual(few + 2);
	});
});

describe("an object", () => {
	const schema: Schema = {
		type: "object",
		$defs,
		properties: {
			shape: { oneOf: [{ $ref: "#/$defs/Circle" }, { $ref: "#/$defs/Square" }] },
			tags: { type: "array", items: { type: "string" } },
			sizes: { type: "array", items: { type: "integer" } },
			when: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
			page: { type: "string", format: "uri" },
			sure: { type: "boolean", default: true },
		},
		required: ["shape"],
	};

	it("says which of several types a value is, as soon as that is known", () => {
		const { read, write, all } = show(schema);
		expect(read(".nbform-option")).toEqual(["Circle", "Square"]);
		write('{"shape": {"kind": "square", "side": 3');
		expect(read(".nbform-line")).toEqual(["squareside 3"]);
		expect(read(".nbform-chip")).toEqual(["square"]);
		const fold = all("details")[0] as HTMLDetailsElement;
		fold.open = true;
		fold.dispatchEvent(new Event("toggle"));
		write("5}");
		expect(read(".nbform-fold dt")).toEqual(["kind", "side"]);
		expect(read(".nbform-fold dd")).toEqual(["square", "35"]);
	});

	it("has a name where no field tells which type it is", () => {
		const named = {
			A: { type: "object", properties: { a: { type: "number" } } },
			B: { type: "object", properties: { b: { type: "number" } } },
		};
		const { read, end } = show({
			$defs: named,
			properties: { x: { anyOf: [{ $ref: "#/$defs/A" }, { $ref: "#/$defs/B" }] } },
		});
		end('{"x": {"b": 1}}', 1);
		expect(read(".nbform-value > .nbform-chip")).toEqual(["B"]);
	});

	it("has the direction of its names", () => {
		const { root } = show({ properties: { a: { type: "string", title: "שם" } } });
		expect(root.dir).toBe("rtl");
		expect(show(schema).root.dir).toBe("ltr");
	});

	it("draws each kind of value", () => {
		const { read, all, end } = show(schema);
		end(
			JSON.stringify({
				tags: ["a", "b"],
				sizes: [1, 2],
				when: null,
				page: "https://example.org/x",
				sure: false,
				more: { deep: [{ a: 1 }] },
			}),
		);
		expect(read(".nbform-field > dd")).toEqual([
			"not written",
			"ab",
			"12",
			"none",
			"https://example.org/x",
			"no",
			"deep [1]",
		]);
		expect(all("a").map((a) => a.getAttribute("href"))).toEqual(["https://example.org/x"]);
		expect(read("li")).toEqual(["a", "b", "1", "2"]);
	});

	it("makes no link of an address that may not be followed", () => {
		const { all, read, end } = show(schema);
		end('{"page": "javascript:alert(1)"}');
		expect(all("a")).toEqual([]);
		expect(read("dd")[4]).toBe("javascript:alert(1)");
	});

	it("takes the last of equal keys", () => {
		const { read, end } = show(schema);
		end('{"page": "a", "page": "b"}', 1);
		expect(read("dd")[4]).toBe("b");
	});

	it("finds the value of a problem behind the names of types", () => {
		const { form, read, end } = show(schema);
		end('{"shape": {"kind": "circle", "radius": "wide"}}');
		form.mark([[["shape", "circle", "radius"], "not a number"]]);
		const inside = read(".nbform-fold dd");
		expect(inside).toEqual(["circle", "widenot a number"]);
	});

	it("says where it was cut off", () => {
		const { all, write, end } = show(schema);
		write('{"page": "https://exa');
		end();
		expect(all(".nbform-cut").map((el) => el.textContent)).toEqual(["https://exa"]);
	});

	it("keeps keys and text as text", () => {
		const { root, read, end } = show(schema);
		const hostile = "<img src=x>\u202e";
		end(JSON.stringify({ [hostile]: hostile, __proto__: 1, tags: [hostile] }));
		expect(root.querySelector("img")).toBeNull();
		expect(read("dt").at(-1)).toBe("<img src=x>⟨U+202E⟩");
	});
});

describe("where the JSON begins", () => {
	it.each([
		['{"a": 1}', false, 0],
		["  \ufeff{'a'", false, 3],
		['Sure: {x} and {"a": 1}', false, 14],
		["```json\n{a: 1}", false, 8],
		["[1] and [2]", true, 0],
		["See [1]: [{", true, 9],
		["words", true, -1],
	])("%j", (text, arrays, at) => {
		for (const size of [1, 3, text.length]) {
			const find = jsonFinder(arrays);
			let found = -1;
			for (let i = 0; i < text.length && found < 0; i += size)
				found = find(text.slice(i, i + size));
			expect(found).toBe(at);
		}
	});

	it("leaves out the fence before it", () => {
		expect(textBefore("Sure:\n```json\n")).toBe("Sure:");
	});
});
