/**
 * What is used of anywidget: the model a widget is given, and its lifecycle.
 *
 * Types only. Both `initialize` and `render` get their own wrapper round the
 * same model, so the model's identity says nothing: the `key` trait does.
 */

import type { FromPython, Snapshot } from "./events";

export interface Traits {
	/** Also the model's id with the manager. */
	key: string;
	snapshot: Snapshot;
	stop_by: "comm" | "interrupt";
	kernel_id: string;
}

/** Of Lumino: what JupyterLab tells with. */
interface Signal<T> {
	connect(slot: (sender: unknown, value: T) => void): void;
	disconnect(slot: (sender: unknown, value: T) => void): void;
}

/** A kernel as JupyterLab and Notebook have it; elsewhere little or nothing of it is there. */
export interface Kernel {
	status?: string;
	connectionStatus?: string;
	statusChanged?: Signal<string>;
	disposed?: Signal<unknown>;
}

/** The outputs of one cell of a notebook that is open in the page. */
export interface Outputs {
	length: number;
	get(index: number): { data?: Record<string, unknown>; toJSON(): object };
	set(index: number, output: object): void;
}

/** The host's own keeper of widgets. */
export interface Manager {
	kernel?: Kernel | null;
	/** Where it is a notebook's. */
	context?: { model?: { cells?: Iterable<{ outputs?: Outputs }> } };
	get_model?(id: string): Promise<{ comm_live?: boolean }> | undefined;
}

/** `buffers` are the bytes that travel beside a message. */
export type Listener = (message: FromPython, buffers?: DataView[]) => void;

export interface Model {
	get<K extends keyof Traits>(name: K): Traits[K];
	/** Throws where the kernel is gone. */
	send(content: unknown): void;
	on(name: string, listener: Listener): void;
	off(name: string, listener: Listener): void;
	widget_manager?: Manager;
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
