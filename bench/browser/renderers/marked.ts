/** Adapter for the browser benchmark: the marked library, with DOMPurify. */

import DOMPurify from "dompurify";
import { marked } from "marked";
import type { Mount } from "../page";

/** Renders the whole text once per frame, as most chat extensions of notebooks do. */
export const mount: Mount = (el) => {
	let text = "";
	let painted = "";
	const frame = () => {
		if (text === painted) return;
		painted = text;
		el.innerHTML = DOMPurify.sanitize(marked.parse(text, { async: false }));
	};
	return {
		push: (more) => {
			text += more;
		},
		frame,
		end: frame,
	};
};
