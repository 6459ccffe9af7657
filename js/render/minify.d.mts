/** Types of minify.mjs, which is JavaScript because the build runs it as it is. */

export declare function minify(code: string): string;
