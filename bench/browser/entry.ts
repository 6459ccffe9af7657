/** The functions that run.mjs calls in the page. The bundler selects the renderer. */

import { mount } from "renderer";
import * as texts from "./document";
import { perDelta, stream } from "./page";

Object.assign(window, {
	texts,
	stream: (text: string, rate: number, limit: number) => stream(mount, text, rate, limit),
	perDelta: (text: string, size: number, every: number) => perDelta(mount, text, size, every),
	ready: true,
});
