/// <reference types="node" />
/**
 * A table of 10,000 rows in a real browser: what it costs while it grows, and what stays in the page.
 *
 * ROWS=1 prints the milliseconds of the main thread that a row takes, at each thousand rows.
 */

import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launch, noBrowser, open, workClock } from "./browser";

const SCHEMA = {
	type: "array",
	items: {
		type: "object",
		properties: {
			number: { type: "integer" },
			name: { type: "string" },
			height: { type: "number" },
			colour: { enum: ["white", "red", "green"] },
			lit: { type: "boolean" },
		},
	},
};
const THOUSAND = 1_000;

describe.skipIf(noBrowser)(`in Chromium${noBrowser}`, () => {
	let browser: Browser;
	let page: Page;

	beforeAll(async () => {
		browser = await launch();
		({ page } = await open(browser));
		await page.addStyleTag({
			content: ".nbform-pane { max-height: 400px; overflow: auto }",
		});
	});
	afterAll(() => browser?.close());

	it("no column moves when a row begins, in a short text, nor at the end", async () => {
		await page.addStyleTag({ path: join(import.meta.dirname, "../form/style.css") });
		const edges = await page.evaluate((schema) => {
			const main = document.querySelector("main") as HTMLElement;
			const host = main.appendChild(document.createElement("div"));
			host.style.width = "500px";
			const form = window.createForm(host, schema);
			const rightEdges = () => {
				while (form.render());
				const range = document.createRange();
				return [...host.querySelectorAll("th")].map((cell) => {
					const words = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode();
					range.selectNodeContents(words ?? cell);
					return [range, cell].map((one) => Math.round(one.getBoundingClientRect().right));
				});
			};
			form.push('[{"number": 1, "name": "Kullen", "height": 2.5, "colour": "red", "lit": true}');
			const edges = [rightEdges()];
			for (const piece of [', {"number": 2', ', "name": "', "Kulle", 'n"', "}]"]) {
				form.push(piece);
				edges.push(rightEdges());
			}
			form.end();
			edges.push(rightEdges());
			host.remove();
			return edges;
		}, SCHEMA);
		expect(edges[0]).toHaveLength(6);
		for (const later of edges) expect(later).toEqual(edges[0]);
	});

	it("10,000 rows stay light", async () => {
		await page.evaluate((schema) => {
			const main = document.querySelector("main") as HTMLElement;
			const toEnd = (el: HTMLElement) => () => {
				el.scrollTop = el.scrollHeight;
			};
			const form = window.createForm(main, schema, { follow: toEnd });
			form.push("[");
			Object.assign(window, { form });
		}, SCHEMA);
		const work = await workClock(page);
		const costs: number[] = [];
		const sizes: number[] = [];
		for (let from = 0; from < 10 * THOUSAND; from += THOUSAND) {
			const before = await work();
			const size = await page.evaluate(
				async ({ from, count }) => {
					const { form } = window as unknown as { form: ReturnType<typeof window.createForm> };
					for (let n = from; n < from + count; n++) {
						const row = { number: n, name: `row ${n}`, height: n / 2, colour: "red", lit: true };
						const text = `${JSON.stringify(row)},`;
						form.push(text);
						if (n % 20 > 0) continue;
						form.render();
						await new Promise(requestAnimationFrame);
					}
					while (form.render()) await new Promise(requestAnimationFrame);
					return document.querySelectorAll("main *").length;
				},
				{ from, count: THOUSAND },
			);
			costs.push(((await work()) - before) / THOUSAND);
			sizes.push(size);
		}
		if (process.env.ROWS) console.info(costs.map((ms) => ms.toFixed(2)).join(" "));
		// 200 groups that are empty, and those near the end.
		expect(Math.max(...sizes)).toBeLessThan(4_000);
		expect(await page.locator("tbody").count()).toBe(200);
		expect(await page.locator("tbody tr").last().textContent()).toContain("row 9999");
	});

	it("a table of short texts has no more width than they need, and heads above its numbers", async () => {
		await page.addStyleTag({ path: `${import.meta.dirname}/../form/style.css` });
		const keys = ["city", "street", "house", "county", "country"];
		const properties = Object.fromEntries(keys.map((key) => [key, { type: "string" }]));
		const found = await page.evaluate(
			(schema) => {
				const main = document.querySelector("main") as HTMLElement;
				main.replaceChildren();
				main.style.width = "560px";
				const form = window.createForm(main, schema);
				const row = { city: "New York", street: "A street", house: "7a", county: "Kings" };
				form.push(JSON.stringify([{ ...row, country: "US", height: 10.5 }, row]));
				form.end();
				while (form.render());
				const end = (selector: string) => {
					const range = document.createRange();
					range.selectNodeContents(main.querySelector(selector) as Element);
					return range.getBoundingClientRect().right;
				};
				const { scrollWidth, clientWidth } = main.querySelector(".nbform-pane") as Element;
				return {
					over: scrollWidth - clientWidth,
					city: main.querySelector("td .nbform-string")?.getClientRects().length,
					apart: end("th:last-child .nbform-sort") - end("tr > td:last-child"),
				};
			},
			{
				type: "array",
				items: { type: "object", properties: { ...properties, height: { type: "number" } } },
			},
		);
		expect(found).toMatchObject({ over: 0, city: 1 });
		expect(Math.abs(found.apart)).toBeLessThan(1);
	});
});
