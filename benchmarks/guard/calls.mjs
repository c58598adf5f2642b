// Calls server-everything with and without a guard before it, and prints what the guard adds.
// Arguments: the guard's configuration, a part of the figures' names, and "goals" if they have any.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent as Connections, request } from 'node:http';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const { ROOT, SERVER } = process.env;
const { Agent } = await import(`${ROOT}/integrations/mcp/node/token.mjs`);
const [config, part, goals] = process.argv.slice(2);
const CALLS = 1000;
const WARM_UP = 2000;
const TURN = 100;
const REVISION = '2025-11-25';
const agent = new Agent({
  token: readFileSync('planner.token', 'utf8').trim(),
  seed: readFileSync('planner.key', 'utf8').trim().replace(/.*\//s, ''),
  audience: 'svc:test',
});
const taper = `${ROOT}/taper`;
const guard = (...more) => [taper, 'mcp', 'guard', '--config', config, ...more];
const initialize = { protocolVersion: REVISION, capabilities: {}, clientInfo: { name: 'figures', version: '1' } };
let ids = 0;
const message = (method, params) => ({ jsonrpc: '2.0', id: ++ids, method, params });
const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' };

async function overStreams(command) {
  const child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = new Map();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line);
    waiting.get(answer.id)?.(answer);
  });
  const send = (body) => new Promise((resolve) => {
    waiting.set(body.id, resolve);
    child.stdin.write(`${JSON.stringify(body)}\n`);
  });
  await send(message('initialize', initialize));
  child.stdin.write(`${JSON.stringify(initialized)}\n`);
  return { send, close: () => child.kill() };
}

async function overHttp(url) {
  const connections = new Connections({ keepAlive: true, noDelay: true });
  let session;
  const post = (body) => new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const call = request(url, { method: 'POST', agent: connections, headers: {
      'Content-Type': 'application/json', Accept: 'application/json, text/event-stream',
      'Content-Length': Buffer.byteLength(text),
      ...(session && { 'Mcp-Session-Id': session, 'MCP-Protocol-Version': REVISION }) } }, (answer) => {
      let content = '';
      answer.on('data', (chunk) => { content += chunk; });
      answer.on('end', () => {
        session ??= answer.headers['mcp-session-id'];
        const at = content.lastIndexOf('data: ');
        resolve(content === '' ? null : JSON.parse(at < 0 ? content : content.slice(at + 6)));
      });
    });
    call.on('error', reject);
    call.end(text);
  });
  await post(message('initialize', initialize));
  await post(initialized);
  return { send: post, close: () => connections.destroy() };
}

async function measure(channel, calls, signs) {
  const times = [];
  for (let n = 0; n < calls; n++) {
    const params = { name: 'echo', arguments: { message: `call ${n}` } };
    const body = message('tools/call', signs ? { ...params, _meta: agent.forCall('tools/call', params) } : params);
    const begin = process.hrtime.bigint();
    const answer = await channel.send(body);
    times.push(Number(process.hrtime.bigint() - begin) / 1e6);
    if (!answer.result || answer.result.isError) throw new Error(JSON.stringify(answer));
  }
  return times;
}

const at = (times, share) => times.sort((a, b) => a - b)[Math.floor(share * (times.length - 1))];

async function report(name, bare, guarded) {
  await measure(bare, WARM_UP, false);
  await measure(guarded, WARM_UP, true);
  const without = [];
  const withGuard = [];
  for (let turn = 0; turn < CALLS / TURN; turn++) {
    without.push(...await measure(bare, TURN, false));
    withGuard.push(...await measure(guarded, TURN, true));
  }
  for (const [figure, share, goal] of [['median', 0.5, 1], ['p99', 0.99, 3]]) {
    const more = at(withGuard, share) - at(without, share);
    const holds = goals ? `${goal} ${more <= goal ? 'holds' : 'misses'}` : '-';
    console.log(`guard-${name}${part}-${figure} ${more.toFixed(3)} ms ${holds}`);
  }
  bare.close();
  guarded.close();
}

await report('stdio', await overStreams(['node', SERVER]),
  await overStreams(guard('--', 'node', SERVER)));

const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port: free } = probe.address();
    probe.close(() => resolve(free));
  });
});
const url = `http://127.0.0.1:${port}/mcp`;
const server = spawn('node', [SERVER, 'streamableHttp'],
  { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, PORT: port } });
await new Promise((resolve) => { server.stderr.on('data', (text) => /listening/i.test(text) && resolve()); });
const before = spawn(taper, guard('--listen', '127.0.0.1:0', '--upstream', url).slice(1),
  { stdio: ['ignore', 'pipe', 'ignore'] });
const ready = await new Promise((resolve) => {
  createInterface({ input: before.stdout }).once('line', (line) => resolve(line.replace(/.* /, '')));
});
await report('http', await overHttp(url), await overHttp(ready));
before.kill();
server.kill();
