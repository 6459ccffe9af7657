/**
 * A page that shows a kernel's outputs as VS Code's notebook does, for tests.
 *
 * The widget manager, and the rules of style that come with it, are those of the Jupyter extension
 * (@vscode/jupyter-ipywidgets8). What the extension and VS Code do around it is repeated here: which
 * MIME type is shown, the elements around a widget, anywidget's script from the kernel's own
 * environment, an output that is updated.
 */

import { KernelManager, ServerConnection } from "@jupyterlab/services";

const WIDGET = "application/vnd.jupyter.widget-view+json";
const HERE = new URL(".", document.baseURI).href;
const ORDER = [WIDGET, "text/html", "text/markdown", "text/plain"];

const container = document.querySelector("#container");
const outputs = [];
let kernel;
let manager;

/** Starts a kernel. As with older versions of the package, no message goes to a subshell of it. */
async function start(url) {
	const settings = { baseUrl: url, wsUrl: url.replace("http", "ws"), token: "" };
	const kernels = new KernelManager({
		serverSettings: ServerConnection.makeSettings(settings),
	});
	await kernels.ready;
	kernel = await kernels.startNew({ name: "python3" });
	await kernel.info;
	Object.defineProperty(kernel, "supportsSubshells", { value: false });
	// Also what comes after the end of its cell.
	kernel.iopubMessage.connect((_, { header, content }) => {
		if (header.msg_type === "update_display_data") update(content);
	});
	const { activate } = await import(`${HERE}ipywidgets.js`);
	activate();
	window.vscIPyWidgets8.load();
	const loader = {
		widgetsRegisteredInRequireJs: new Set(),
		successHandler() {},
		errorHandler(className, module, version, error) {
			console.error(`${className} of ${module} ${version} was not loaded`, error);
		},
		async loadWidgetScript(name) {
			window.requirejs.config({ paths: { [name]: `${HERE}nbextensions/${name}/index` } });
		},
	};
	manager = new window.vscIPyWidgets.WidgetManager(kernel, container, loader, () => {});
}

/** Runs a cell: begins it, or waits for its end and returns its status. */
async function run(code, { wait }) {
	const cell = container.appendChild(element("cell_container"));
	const future = kernel.requestExecute({ code });
	future.onIOPub = ({ header, content }) => {
		const { msg_type: type } = header;
		if (type === "display_data" || type === "execute_result") add(cell, content);
		else if (type === "stream") add(cell, { data: { "text/plain": content.text } });
		else if (type === "error") add(cell, { data: { "text/plain": content.evalue } });
	};
	const end = future.done.then(({ content }) => content.status);
	return wait ? end : null;
}

function add(cell, content) {
	const outside = cell.appendChild(element("output_container"));
	const output = { id: content.transient?.display_id, el: outside.appendChild(element("output")) };
	outputs.push(output);
	show(output, content.data);
}

function update({ data, transient }) {
	for (const output of outputs) if (output.id === transient.display_id) show(output, data);
}

/** Shows the first of the MIME types, in a new element; the widget before it is disposed of. */
function show(output, data) {
	output.view?.dispose();
	output.view = undefined;
	output.el.replaceChildren();
	const mime = ORDER.find((one) => data[one] !== undefined);
	output.el.dataset.mime = mime;
	const item = output.el.appendChild(element(""));
	if (mime === WIDGET) void showWidget(output, item, data[mime]);
	else if (mime === "text/html") item.innerHTML = data[mime];
	else item.textContent = data[mime];
}

async function showWidget(output, item, { model_id }) {
	item.className = "cell-output-ipywidget-background";
	const inside = item.appendChild(element("cell-output-ipywidget-background"));
	inside.tabIndex = 0;
	inside.setAttribute("role", "region");
	inside.setAttribute("aria-label", "Interactive widget output");
	inside.append(element("cell-output"));
	const view = await manager.create_view(await manager.get_model(model_id), { el: inside });
	if (!item.isConnected) return;
	output.view = await manager.display_view(undefined, view, { node: inside });
}

/** Changes the colours: a class, attributes and variables, as VS Code sets them. */
function theme(name, { class: classes, colors }) {
	document.body.className = classes;
	const kind = classes.split(" ").at(-1);
	Object.assign(document.body.dataset, { vscodeThemeKind: kind, vscodeThemeName: name });
	setVariables({
		"font-family": "system-ui, sans-serif",
		"font-size": "13px",
		"editor-font-family": "monospace",
		...colors,
	});
}

function setVariables(values) {
	const { style } = document.documentElement;
	for (const one of [...style]) if (one.startsWith("--vscode-")) style.removeProperty(one);
	for (const [name, value] of Object.entries(values))
		style.setProperty(`--vscode-${name}`, value);
}

/** Leaves a page that has no colours but the system's, as a page without any theme. */
function systemTheme() {
	document.body.className = "";
	setVariables({});
	for (const style of document.querySelectorAll("style"))
		if (style.textContent.includes("--jp-layout-color0:")) style.remove();
	document.querySelector("link[rel=stylesheet]").remove();
	Object.assign(document.documentElement.style, { colorScheme: "light dark", background: "Canvas" });
}

function element(classes) {
	const el = document.createElement("div");
	el.className = classes;
	return el;
}

window.host = { start, run, theme, systemTheme };
