/**
 * The benchmark page's script, bundled with one renderer: puts the generators of texts and the
 * measuring functions on `window`, where run.mjs calls them.
 */

import { mount } from "renderer";
import * as texts from "./document";
import { perDelta, stream } from "./page";

Object.assign(window, {
	texts,
	stream: (text: string, rate: number, limit: number) => stream(mount, text, rate, limit),
	perDelta: (text: string, size: number, every: number) => perDelta(mount, text, size, every),
	ready: true,
});
