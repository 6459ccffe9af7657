/** Adapter for the browser benchmark: nbstream's form, with a table of the objects. */

import { createForm } from "../../../js/render/form/form";
import type { Mount } from "../page";

const text = { type: "string" };
const schema = {
	type: "array",
	items: {
		type: "object",
		properties: { id: { type: "integer" }, name: text, score: { type: "number" } },
	},
};

export const mount: Mount = (el) => {
	const form = createForm(el, schema);
	return { push: form.push, frame: () => void form.render(), end: () => void form.end() };
};
