/** Adapter for the browser benchmark: the Streamdown library, a React component. */

import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { Streamdown } from "streamdown";
import type { Mount } from "../page";

export const mount: Mount = (el) => {
	const root = createRoot(el);
	let text = "";
	let painted = "";
	const frame = () => {
		if (text === painted) return;
		painted = text;
		root.render(createElement(Streamdown, null, text));
	};
	return {
		push: (more) => {
			text += more;
		},
		frame,
		end: frame,
	};
};
