/** What the page's policy asks of a style element; the server puts it into each page it sends. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";

// Where libraries that add style elements of their own look for it (get-nonce).
Object.assign(globalThis, { __webpack_nonce__: styleNonce });
