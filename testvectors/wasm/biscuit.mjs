// The official implementation, which greets on standard output when it is loaded.
const log = console.log;
console.log = () => {};
export const biscuit = await import("@biscuit-auth/biscuit-wasm");
console.log = log;
