/**
 * TypeScript types of the members of anywidget's and JupyterLab's APIs that the widget uses.
 *
 * `initialize` and `render` get different wrappers of the same widget model, so
 * object identity cannot connect them: the `widget_id` trait does.
 */

import type { FromPython } from "./wire-messages";
import type { Snapshot } from "./wire-state";

/** The synced traits of the Python widget. */
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
	supportsSubshells?: boolean;
	statusChanged?: Signal<string>;
	connectionStatusChanged?: Signal<string>;
	disposed?: Signal<unknown>;
}

/** The outputs of one cell of an open notebook. */
export interface Outputs {
	length: number;
	get(index: number): { data?: Record<string, unknown>; toJSON(): object };
	set(index: number, output: object): void;
}

/** The widget manager of the host, such as JupyterLab: gives access to kernel and notebook. */
export interface Manager {
	kernel?: Kernel | null;
	/** Present if the manager belongs to a notebook. */
	context?: { isDisposed?: boolean; model?: { cells?: Iterable<{ outputs?: Outputs }> } };
	get_model?(id: string): Promise<InnerModel> | undefined;
}

/** A message of a comm, as the kernel sends it. */
export interface CommMessage {
	content: { data: { content?: unknown } };
	buffers?: unknown;
}

/** The members of ipywidgets' own model of a widget. */
export interface InnerModel {
	comm_live?: boolean;
	comm?: {
		on_msg?(listener: (message: CommMessage) => unknown): void;
		/** JupyterLab's own comm. */
		jsServicesComm?: { commsOverSubshells?: string; subshellStarted?: Promise<void> };
	};
	trigger?(name: string, ...values: unknown[]): void;
	_handle_comm_msg?(message: CommMessage): Promise<unknown>;
}

/** Receives a custom message of the comm, with its binary buffers. */
export type Listener = (message: FromPython, buffers?: DataView[]) => void;

/** The widget model that anywidget passes in: the traits, and the comm to Python. */
export interface Model {
	get<K extends keyof Traits>(name: K): Traits[K];
	/** Throws if the kernel is gone. */
	send(content: unknown): void;
	on(name: string, listener: Listener): void;
	off(name: string, listener: Listener): void;
	widget_manager?: Manager;
}

/** The argument of `initialize`, which anywidget calls once for each widget. */
export interface InitializeProps {
	model: Model;
	/** Messages that arrived while this module was still loading (stub.ts). */
	early?: Parameters<Listener>[];
	/** Passed by the stub, and by anywidget from version 0.11. */
	signal?: AbortSignal;
}

/** The argument of `render`, which anywidget calls once for each view; it draws in `el`. */
export interface RenderProps {
	model: Model;
	el: HTMLElement;
	signal?: AbortSignal;
}

/** The default export of an anywidget module. Each function returns its cleanup. */
export interface Widget {
	initialize(props: InitializeProps): (() => void) | undefined;
	render(props: RenderProps): (() => void) | undefined;
}
