/**
 * Types for the part of anywidget's and JupyterLab's API that is used here.
 *
 * `initialize` and `render` get different wrappers of the same widget model, so
 * object identity cannot connect them: the `widget_id` trait does.
 */

import type { FromPython, Snapshot } from "./events";

export interface Traits {
	/** Equal to the `model_id` of ipywidgets, which the trait cannot be named after. */
	widget_id: string;
	snapshot: Snapshot;
	stop_by: "comm" | "interrupt";
	kernel_id: string;
}

/** A signal of Lumino, JupyterLab's event system. */
interface Signal<T> {
	connect(slot: (sender: unknown, value: T) => void): void;
	disconnect(slot: (sender: unknown, value: T) => void): void;
}

/** A kernel in JupyterLab and Notebook; other hosts have little or none of this. */
export interface Kernel {
	status?: string;
	connectionStatus?: string;
	statusChanged?: Signal<string>;
	disposed?: Signal<unknown>;
}

/** The outputs of one cell of an open notebook. */
export interface Outputs {
	length: number;
	get(index: number): { data?: Record<string, unknown>; toJSON(): object };
	set(index: number, output: object): void;
}

/** The host's widget manager. */
export interface Manager {
	kernel?: Kernel | null;
	/** Present if the manager belongs to a notebook. */
	context?: { model?: { cells?: Iterable<{ outputs?: Outputs }> } };
	get_model?(id: string): Promise<{ comm_live?: boolean }> | undefined;
}

/** `buffers` are the binary buffers of a custom message. */
export type Listener = (message: FromPython, buffers?: DataView[]) => void;

export interface Model {
	get<K extends keyof Traits>(name: K): Traits[K];
	/** Throws if the kernel is gone. */
	send(content: unknown): void;
	on(name: string, listener: Listener): void;
	off(name: string, listener: Listener): void;
	widget_manager?: Manager;
}

export interface InitializeProps {
	model: Model;
	/** Messages that arrived while this module was still loading (stub.ts). */
	early?: Parameters<Listener>[];
	/** Passed by the stub, and by anywidget from version 0.11. */
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
