/**
 * Which of several types a value has. The cases are shared with Python (tests/display/test_form.py).
 */

import { expect, it } from "vitest";
import cases from "../../../tests/samples/schema.json";
import { choiceOf, resolver, type Schema } from "../form/schema";
import type { JsonNode } from "../json/model";
import { JsonParser } from "../json/parser";

it.each(cases)("$about", ({ schema, value, chosen }) => {
	const parser = new JsonParser();
	parser.write(JSON.stringify(value));
	parser.end();
	const found = choiceOf(
		schema as Schema,
		parser.values[0] as JsonNode,
		resolver(schema as Schema),
	);
	expect(found?.title ?? null).toBe(chosen);
});
