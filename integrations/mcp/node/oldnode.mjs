// Lets the conformance tests run on Node.js 20: they import globSync, which came with Node.js 22, and
// which no test of a server calls. Usage: node --import ./oldnode.mjs PROGRAM
import * as fs from 'node:fs';
import { register } from 'node:module';

if (!('globSync' in fs)) {
  const shim = `export * from 'node:fs'; export { default } from 'node:fs';
    export function globSync() { throw new Error('needs Node.js 22'); }`;
  const address = `data:text/javascript,${encodeURIComponent(shim)}`;
  const hooks = `export async function resolve(name, context, next) {
    return name === 'fs' && context.parentURL?.includes('/conformance/')
      ? { url: ${JSON.stringify(address)}, shortCircuit: true } : next(name, context);
  }`;
  register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}
