/** Type of an imported Markdown file: its text, as esbuild bundles it for the demo page. */

declare module "*.md" {
	const text: string;
	export default text;
}
