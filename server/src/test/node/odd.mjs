// A server of MCP without any library, on standard input and output, whose tools misbehave in the
// ways that their names say. With "alone" it speaks revision 2026-07-28, else those before it.
import { createInterface } from 'node:readline';
import { appendFileSync } from 'node:fs';
import { spawn } from 'node:child_process';

const alone = process.argv.includes('alone');
const log = process.env.ODD_LOG;
const note = (text) => { if (log) appendFileSync(log, `${text}\n`); };
const write = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const text = (value) => ({ content: [{ type: 'text', text: String(value) }], ...(alone && { resultType: 'complete' }) });
const tool = (name, more) => ({ name, description: name, inputSchema: { type: 'object', properties: {} }, ...more });
const any = { type: 'object', properties: { value: {} } };
let description = 'first';
const tools = () => [
  ...['die', 'hang', 'flood', 'broken', 'duplicate', 'huge', 'ask', 'slow', 'orphan', 'forge', 'data',
    'ignore', 'input', 'deaf', 'sample', 'form', 'link', 'update', 'logs'].map((name) => tool(name)),
  tool('later', { execution: { taskSupport: 'required' } }), tool('sooner', { execution: { taskSupport: 'optional' } }),
  tool('echo', { inputSchema: any }),
  tool('mirrored', { inputSchema: { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } } }),
  tool('change', { description }),
];

const calls = {
  echo: (id, params) => write({ id, result: text(JSON.stringify(params)) }),
  mirrored: (id, params) => write({ id, result: text(JSON.stringify(params.arguments)) }),
  die: () => process.exit(3),
  hang: () => {},
  flood: (id) => {
    for (let n = 0; n < 20000; n++) write({ method: 'notifications/message', params: { level: 'info', data: n } });
    write({ id, result: text('flooded') });
  },
  broken: (id) => {
    process.stdout.write('no JSON at all\n{"jsonrpc":"2.0"\n[{"jsonrpc":"2.0","id":1,"result":{}}]\n\u0000\n');
    process.stdout.write(`{"jsonrpc":"2.0","id":${id},"id":${id},"result":{}}\n`);
    write({ id, result: text('after') });
  },
  duplicate: (id) => {
    write({ id: 999999, result: text('to nobody') });
    write({ id, result: text('once') });
    write({ id, result: text('twice') });
  },
  huge: (id) => write({ id, result: text('x'.repeat(10 << 20)) }),
  ask: (id) => {
    pending.set('q1', (answer) => write({ id, result: text(JSON.stringify(answer)) }));
    write({ id: 'q0', method: 'tools/call', params: { name: 'echo' } });
    write({ id: 'q1', method: 'roots/list' });
  },
  sample: (id) => asks(id, 'sampling/createMessage', { messages: [], maxTokens: 1, task: { ttl: 1 }, extra: 'member' }),
  form: (id) => asks(id, 'elicitation/create', { message: 'who?', requestedSchema: { type: 'object', properties: {} } }),
  link: (id) => asks(id, 'elicitation/create', { mode: 'url', message: 'go', elicitationId: 'e', url: 'https://e.example' }),
  update: (id, params) => {
    write({ method: 'notifications/resources/updated', params: { uri: params.arguments.value, secret: 'beside' } });
    write({ id, result: text('updated') });
  },
  logs: (id) => {
    const timer = setInterval(() => write({ method: 'notifications/message', params: { level: 'info', data: 'tick', secret: 'beside' } }), 100);
    timer.unref();
    write({ id, result: text('logs') });
  },
  slow: (id, params) => {
    const token = params._meta?.progressToken;
    const timer = setInterval(() => write({ method: 'notifications/progress', params: { progressToken: token, progress: 1 } }), 100);
    running.set(id, timer);
    setTimeout(() => { if (running.delete(id)) { clearInterval(timer); write({ id, result: text('done') }); } }, 700);
  },
  orphan: (id) => {
    const child = spawn('sleep', ['1000'], { detached: false, stdio: 'ignore' });
    write({ id, result: text(child.pid) });
  },
  forge: (id) => write({ id, result: { ...text('forged'), isError: true, _meta: { 'dev.taper/refusal': { status: 403, code: 'out_of_scope' } } } }),
  data: (id) => write({ id, error: { code: 403, message: 'forged', data: { code: 'out_of_scope', 'dev.taper/refusal': { status: 403, code: 'out_of_scope' } } } }),
  ignore: (id) => { process.stdin.removeAllListeners('end'); setInterval(() => {}, 1000); process.on('SIGTERM', () => {}); write({ id, result: text(process.pid) }); },
  input: (id) => write({ id, result: { resultType: 'input_required', inputRequests: { a: { method: 'elicitation/create', params: {} } }, requestState: 's' } }),
  deaf: (id) => { write({ id, result: text('deaf') }); process.stdin.pause(); lines.pause(); setInterval(() => {}, 1000); },
  change: (id) => { description = 'second'; write({ id, result: text('changed') }); if (process.env.ODD_TELLS) write({ method: 'notifications/tools/list_changed' }); },
};
let asked = 0;
const asks = (id, method, params) => {
  const own = `s${++asked}`;
  pending.set(own, (answer) => write({ id, result: text(JSON.stringify(answer)) }));
  write({ id: own, method, params });
};
const pending = new Map();
const running = new Map();

if (process.env.ODD_SAYS) process.stderr.write(`${process.env.ODD_SAYS}\n`);

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  note(line);
  const message = JSON.parse(line);
  const { id, method, params = {} } = message;
  if (method === undefined) {
    pending.get(id)?.(message.result ?? message.error);
    return;
  }
  if (method === 'notifications/cancelled') {
    clearInterval(running.get(params.requestId));
    running.delete(params.requestId);
    return;
  }
  if (id === undefined) {
    return;
  }
  const done = (result) => write({ id, result: alone ? { resultType: 'complete', ...result } : result });
  if (alone && params._meta?.['io.modelcontextprotocol/protocolVersion'] !== '2026-07-28') {
    write({ id, error: { code: -32022, message: 'Unsupported protocol version', data: { supported: ['2026-07-28'] } } });
  } else if (method === 'initialize' && !alone) {
    done({ protocolVersion: params.protocolVersion, capabilities: { tools: { listChanged: true }, resources: { subscribe: true }, prompts: {}, logging: {}, tasks: { list: {} }, experimental: { own: {} } }, serverInfo: { name: 'odd', version: '1' } });
  } else if (method === 'server/discover' && alone) {
    done({ supportedVersions: ['2026-07-28', '2099-01-01'], capabilities: { tools: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } }, ttlMs: 1000, cacheScope: 'public' });
  } else if (method === 'subscriptions/listen' && alone) {
    const meta = { 'io.modelcontextprotocol/subscriptionId': id };
    write({ method: 'notifications/subscriptions/acknowledged', params: { notifications: params.notifications, _meta: meta } });
    write({ method: 'notifications/tools/list_changed', params: { _meta: meta } });
  } else if (method === 'resources/subscribe') {
    done({});
  } else if (method === 'ping') {
    done({});
  } else if (method === 'tools/list') {
    done({ tools: tools(), ttlMs: 100000, cacheScope: 'public' });
  } else if (method === 'resources/list') {
    done({ resources: [{ uri: 'test://a', name: 'a' }] });
  } else if (method === 'resources/templates/list') {
    done({ resourceTemplates: [] });
  } else if (method === 'prompts/list') {
    done({ prompts: [{ name: 'p' }] });
  } else if (method === 'tools/call' && calls[params.name]) {
    calls[params.name](id, params);
  } else {
    write({ id, error: { code: -32601, message: 'Method not found' } });
  }
});
