/**
 * The modules that Python has sent to this page, by the hash of their source. They are shared by
 * all widgets, also by those of other kernels and of other versions of this code.
 */

/** A module that is loaded once `resolve` is called with its source. */
export type PageModule<T> = Promise<T> & { resolve(source: string): void };

const name = Symbol.for("nbstream.modules");

/** Finds the module with this hash. If it is `first`, no other code has asked for it yet. */
export function pageModule<T>(hash: string): [module: PageModule<T>, first: boolean] {
	const page = globalThis as unknown as Record<symbol, Map<string, PageModule<T>> | undefined>;
	page[name] ??= new Map();
	const found = page[name].get(hash);
	if (found) return [found, false];
	let resolve!: (source: string) => void;
	const source = new Promise<string>((done) => {
		resolve = done;
	});
	const module = Object.assign(source.then(load<T>), { resolve });
	page[name].set(hash, module);
	return [module, true];
}

async function load<T>(source: string): Promise<T> {
	const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
	const module = await import(url);
	URL.revokeObjectURL(url);
	return module;
}
