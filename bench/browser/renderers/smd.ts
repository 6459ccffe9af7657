/** Adapter for the browser benchmark: the streaming-markdown library. */

import * as smd from "streaming-markdown";
import type { Mount } from "../page";

export const mount: Mount = (el) => {
	const parser = smd.parser(smd.default_renderer(el));
	return {
		push: (text) => smd.parser_write(parser, text),
		frame: () => {},
		end: () => smd.parser_end(parser),
	};
};
