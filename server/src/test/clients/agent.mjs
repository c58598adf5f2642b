// An agent in Node.js: all that it knows is where the service is and what its token is called.
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';

const [library, origin, researcher] = process.argv.slice(2);
const { Keeper, KeeperError } = await import(pathToFileURL(library));
const keeper = new Keeper();

assert.equal((await keeper.status()).locked, false);
assert.ok((await keeper.keys()).some((key) => key.name === 'planner'));
const mine = (await keeper.tokens()).find((token) => token.name === 'planner');
assert.equal(mine.task, 'T-4711');

let answer = await keeper.fetch('planner', `${origin}/tickets/12?limit=5`, {
  headers: { 'X-Tenant': 'acme' },
  fields: ['X-Tenant'],
});
assert.equal(answer.status, 200, await answer.text());
answer = await keeper.fetch('planner', `${origin}/tickets/12/notes`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ text: 'größer ✓' }),
});
assert.equal(answer.status, 200, await answer.text());

// A proof is for one request alone.
const headers = await keeper.headers('planner', { url: `${origin}/tickets/12` });
answer = await fetch(`${origin}/tickets/13`, { headers });
assert.equal((await answer.json()).code, 'request_mismatch');

async function message(method, params) {
  const sent = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  return (await fetch(`${origin}/mcp`, { method: 'POST', body: sent })).json();
}
const call = { name: 'jira.search', arguments: { ticket: '12', limit: 3 } };
assert.equal((await message('tools/call', await keeper.mcp('planner', 'tools/call', call))).result, 'Called');
assert.equal((await message('tools/list', await keeper.mcp('planner', 'tools/list'))).result, 'Listed');
assert.deepEqual(await keeper.mcp('planner', 'ping', {}), {});
assert.equal((await message('tools/call', call)).code, 'token_required');

const handed = await keeper.delegate('planner', { name: 'agent:researcher', key: researcher }, {
  grants: ['jira.search read'],
  expires_in: 60,
});
assert.deepEqual(handed.warnings, []);

const close = { method: 'DELETE', url: `${origin}/tickets/12` };
answer = await keeper.fetch('planner', close.url, { method: 'DELETE' });
assert.equal((await answer.json()).code, 'approval_required');
let asked = await keeper.ask('planner', close, 'the customer left');
assert.equal(asked.state, 'open');
console.log(asked.ask);
asked = await keeper.awaitAsk(asked.ask, { wait: 20 });
assert.equal(asked.state, 'answered');
answer = await keeper.fetch('planner', close.url, { method: 'DELETE', approvals: asked.approvals });
assert.equal(answer.status, 200, await answer.text());

await assert.rejects(keeper.token('nothing'), (e) => e instanceof KeeperError && e.code === 'unknown_token');
await assert.rejects(new Keeper({ socket: '/nowhere' }).status(), { code: 'no_keeper' });
console.log(handed.token);
