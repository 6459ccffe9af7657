/** Type of an imported style sheet: its text, as esbuild bundles it (see build.mjs). */
declare module "*.css" {
	const text: string;
	export default text;
}
