/** Types of mangled-names.mjs. */

export declare const internalNames: RegExp;
