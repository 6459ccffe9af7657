/**
 * What is used of anywidget: the model a widget is given, and its lifecycle.
 *
 * Types only. Both `initialize` and `render` get their own wrapper round the
 * same model, so the model's identity says nothing: the `key` trait does.
 */

import type { FromPython, Snapshot } from "./events";

export interface Traits {
	key: string;
	snapshot: Snapshot;
	stop_by: "comm" | "interrupt";
	kernel_id: string;
}

/** `buffers` are the bytes that travel beside a message. */
export type Listener = (message: FromPython, buffers?: DataView[]) => void;

export interface Model {
	get<K extends keyof Traits>(name: K): Traits[K];
	send(content: unknown): void;
	on(name: string, listener: Listener): void;
	off(name: string, listener: Listener): void;
}

export interface InitializeProps {
	model: Model;
	/** What came while this module's code was still on its way (stub.ts). */
	early?: Parameters<Listener>[];
	/** Given by the stub, and by anywidget from 0.11. */
	signal?: AbortSignal;
}

export interface RenderProps {
	model: Model;
	el: HTMLElement;
	signal?: AbortSignal;
}

export interface Widget {
	initialize(props: InitializeProps): (() => void) | undefined;
	render(props: RenderProps): (() => void) | undefined;
}
