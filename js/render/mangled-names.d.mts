export declare const internalNames: RegExp;
