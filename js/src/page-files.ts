/**
 * Loads the files that only some answers need from Python: the highlighter, the formula drawer, the
 * form, the card for requests and the inside of agents' calls. Each is loaded when it is first needed,
 * once for each page, through any widget's comm.
 *
 * It asks again, because a request may be lost or its kernel may be busy. While no answer comes,
 * code stays without colours, formulas stay as their source, and a typed answer as its JSON.
 */

import type { MarkdownOptions } from "../render";
import type { Model } from "./anywidget";
import { pageModule } from "./page-modules";
import { addStyle } from "./style";
import type { Code } from "./wire-messages";

// Python puts the hashes of the files here.
const HIGHLIGHT = "__NBSTREAM_HIGHLIGHT__";
const MATH = "__NBSTREAM_MATH__";
const FORM = "__NBSTREAM_FORM__";
const APPROVAL = "__NBSTREAM_APPROVAL__";
const RUN = "__NBSTREAM_RUN__";

const RETRY_MS = 500;
/** The pause doubles with each request. A new widget makes it start again. */
const MAX_RETRY_MS = 60_000;

/** The widgets whose kernels can be asked. */
const widgets = new Set<Model>();
/** The files that were asked for and have not arrived. */
const missing = new Map<string, { ask(): void; askedAt: number }>();

/** Makes the function that gives a file: at once if the page has it, never if it cannot be loaded. */
function lazyFile<T>(hash: string): (then: (file: T) => void) => void {
	let loading: Promise<T> | null = null;
	let loaded: T | null = null;
	return (then) => {
		if (loaded) return then(loaded);
		loading ??= loadFile<T>(hash);
		loading.then(
			(file) => {
				loaded = file;
				then(file);
			},
			() => {},
		);
	};
}

const loadHighlight = lazyFile<typeof import("../render/code/styled")>(HIGHLIGHT);
const loadMath = lazyFile<typeof import("../render/math/formula")>(MATH);

/** The options of `createMarkdown` that load the two files. */
export const fileOptions: MarkdownOptions = {
	highlight: (code, ...rest) =>
		loadHighlight((file) => {
			addStyle(code, file.css);
			file.highlight(code, ...rest);
		}),
	drawMath: (...args) => loadMath((file) => file.drawMath(...args)),
};

/** Loads the file that draws typed answers. Until then an answer stays as its text. */
export const loadForm = lazyFile<typeof import("./form")>(FORM);

/** Loads the file that draws the cards of requests. */
export const loadApproval = lazyFile<typeof import("./approval/main")>(APPROVAL);

/** Loads the file that draws what happens inside the calls of an agent's tools. */
export const loadRun = lazyFile<typeof import("./run")>(RUN);

/** From now on files may be asked for through this widget. */
export function connect(model: Model): void {
	widgets.add(model);
	for (const file of missing.values()) {
		if (performance.now() - file.askedAt >= RETRY_MS) file.ask();
	}
}

/** The widget is closed, so it is not asked any more. */
export function disconnect(model: Model): void {
	widgets.delete(model);
}

/** Loads a file whose source has arrived, also one that will be asked for later. */
export function receiveFile({ hash, source }: Code): void {
	pageModule(hash)[0].resolve(source);
}

/** Loads the file with this hash, and asks Python for it unless the page has it. */
async function loadFile<T>(hash: string): Promise<T> {
	const [module, first] = pageModule<T>(hash);
	let timer: ReturnType<typeof setTimeout> | undefined;
	const send = (pause: number, turn: number) => {
		clearTimeout(timer);
		file.askedAt = performance.now();
		// The newest widget first, then the others, as their kernels may answer.
		const asked = [...widgets].at(-1 - (turn % Math.max(1, widgets.size)));
		try {
			asked?.send({ t: "code", hash });
		} catch {
			// This kernel is gone.
		}
		if (pause <= MAX_RETRY_MS) timer = setTimeout(send, pause, 2 * pause, turn + 1);
	};
	const file = { ask: () => send(RETRY_MS, 0), askedAt: performance.now() };
	missing.set(hash, file);
	// If another version of this code has asked, the file is here or on its way.
	if (first) file.ask();
	else timer = setTimeout(file.ask, RETRY_MS);
	try {
		return await module;
	} finally {
		clearTimeout(timer);
		missing.delete(hash);
	}
}
