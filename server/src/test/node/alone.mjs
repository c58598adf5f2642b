// A client of revision 2026-07-28 without any library: every request says all that a server needs
// to know. Prints what it saw as one JSON object. Reads from standard input where the guard is and
// who calls.
import { readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Agent } from '../../../../integrations/mcp/node/token.mjs';

const input = JSON.parse(readFileSync(0, 'utf8'));
const agent = new Agent(input);
const VERSION = '2026-07-28';
let ids = 0;

const meta = (more = {}) => ({
  'io.modelcontextprotocol/protocolVersion': VERSION,
  'io.modelcontextprotocol/clientInfo': { name: 'alone', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': { elicitation: {}, sampling: {} },
  ...more,
});
const message = (method, params, more) =>
  ({ jsonrpc: '2.0', id: ++ids, method, params: { ...params, _meta: meta(more) } });

// Over HTTP each message is a request of its own.
async function post(body, fields = {}) {
  const name = body.params.name ?? body.params.uri;
  const response = await fetch(input.url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': VERSION, 'Mcp-Method': body.method, ...(name && { 'Mcp-Name': name }), ...fields },
    body: JSON.stringify(body),
  });
  const events = [];
  let answer = null;
  const type = response.headers.get('content-type') ?? '';
  const text = await response.text();
  if (type.startsWith('text/event-stream')) {
    for (const line of text.split('\n').filter((line) => line.startsWith('data: '))) {
      const one = JSON.parse(line.slice(6));
      if (one.id === body.id) answer = one; else events.push(one);
    }
  } else {
    answer = JSON.parse(text);
  }
  return { status: response.status, answer, events, cache: response.headers.get('cache-control') };
}

// Over standard input and output all messages share one channel.
function pipe() {
  const child = spawn(input.command[0], input.command.slice(1), { stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = new Map();
  const events = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const one = JSON.parse(line);
    if (waiting.has(one.id)) waiting.get(one.id)({ answer: one, events: events.splice(0) }); else events.push(one);
  });
  return {
    send: (body) => new Promise((resolve) => {
      waiting.set(body.id, resolve);
      child.stdin.write(`${JSON.stringify(body)}\n`);
    }),
    close: () => new Promise((resolve) => { child.on('exit', resolve); child.stdin.end(); }),
  };
}

const channel = input.url ? { send: post, close: async () => {} } : pipe();
const call = (name, args, more, extra) => {
  const params = { name, arguments: args, ...extra };
  return message('tools/call', params, { ...agent.forCall('tools/call', params), ...more });
};
const brief = ({ answer, status, events, cache }) => ({
  status, cache, events: events?.map((event) => event.method), code: answer?.error?.code,
  refusal: (answer?.result?._meta?.['dev.taper/refusal'] ?? answer?.error?.data?.['dev.taper/refusal'])?.code,
  fault: answer?.error?.data?.fault, type: answer?.result?.resultType, scope: answer?.result?.cacheScope,
  ttl: answer?.result?.ttlMs, text: answer?.result?.content?.[0]?.text,
});
const send = async (body, fields) => brief(await channel.send(body, fields));

const out = {};
const discovered = (await channel.send(message('server/discover', {}))).answer.result;
out.discover = { type: discovered.resultType, versions: discovered.supportedVersions,
  service: discovered.capabilities.experimental['dev.taper'].audience };
const list = await channel.send(message('tools/list', {}, agent.forList()));
out.list = brief(list);
out.tools = list.answer.result.tools.map((tool) => tool.name).sort();
out.call = await send(call(input.tool, input.args));
out.denied = await send(call(input.denied, {}));
out.unsigned = await send(message('tools/call', { name: input.tool, arguments: input.args }));
out.input = await send(call(input.tool, input.args, {}, { inputResponses: {}, requestState: 's' }));
out.ping = await send(message('ping', {}));
out.progress = await send(call(input.slow, input.slowArgs, { progressToken: 'p' }));
const old = message('tools/list', {}, agent.forList());
old.params._meta['io.modelcontextprotocol/protocolVersion'] = '2099-01-01';
out.version = await send(old, { 'MCP-Protocol-Version': '2099-01-01' });
if (input.url) {
  out.method = await send(call(input.tool, input.args), { 'Mcp-Method': 'tools/list' });
  out.name = await send(call(input.tool, input.args), { 'Mcp-Name': 'other' });
  out.noVersion = await send(call(input.tool, input.args), { 'MCP-Protocol-Version': '2025-11-25' });
}
if (input.odd) {
  out.asksInput = await send(call('input', {}));
  const mirrored = call('mirrored', { region: 'eu' });
  out.mirrored = await send(mirrored, { 'Mcp-Param-Region': 'eu' });
  if (input.url) {
    out.unmirrored = await send(call('mirrored', { region: 'eu' }), {});
    out.otherwise = await send(call('mirrored', { region: 'eu' }), { 'Mcp-Param-Region': 'us' });
  }
}
// A stream of notifications, until the client has heard enough.
const listenParams = { notifications: { toolsListChanged: true } };
if (input.listens && input.url) {
  const body = message('subscriptions/listen', listenParams, agent.forCall('subscriptions/listen', listenParams));
  const ending = new AbortController();
  const response = await fetch(input.url, { method: 'POST', signal: ending.signal, body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': VERSION, 'Mcp-Method': body.method } });
  const heard = [];
  let text = '';
  for await (const chunk of response.body) {
    text += Buffer.from(chunk).toString();
    const data = text.split('\n').filter((line) => line.startsWith('data: '));
    if (data.length === 2 && text.endsWith('\n\n')) {
      heard.push(...data.map((line) => JSON.parse(line.slice(6))));
      break;
    }
  }
  ending.abort();
  out.listened = { methods: heard.map((one) => one.method),
    own: heard.every((one) => one.params._meta['io.modelcontextprotocol/subscriptionId'] === body.id) };
}
await channel.close();
console.log(JSON.stringify(out));
process.exit(0);
