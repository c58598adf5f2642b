// Uses a guarded server-everything with the TypeScript SDK, and prints what it saw as one JSON
// object. Reads from standard input where the guard is and who calls.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CreateMessageRequestSchema, ElicitRequestSchema, ListRootsRequestSchema, LoggingMessageNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { readFileSync } from 'node:fs';
import { Agent } from '../../../../integrations/mcp/node/token.mjs';

const input = JSON.parse(readFileSync(0, 'utf8'));
const agent = new Agent(input);
const transport = input.url
  ? new StreamableHTTPClientTransport(new URL(input.url), { fetch: agent.fetch })
  : new StdioClientTransport({ command: input.command[0], args: input.command.slice(1), stderr: 'ignore' });
const client = new Client({ name: 'check', version: '1' },
  { capabilities: { sampling: {}, elicitation: { form: {} }, roots: {} } });
client.setRequestHandler(CreateMessageRequestSchema, () => ({
  role: 'assistant', model: 'm', content: { type: 'text', text: 'sampled' } }));
client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'decline' }));
client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///tmp', name: 'tmp' }] }));
const logged = [];
client.setNotificationHandler(LoggingMessageNotificationSchema, (message) => { logged.push(message.params.level); });
await client.connect(transport);

const text = (result) => result.content?.[0]?.text ?? JSON.stringify(result);
const sign = (method, params) => ({ ...params, _meta: agent.forCall(method, params) });
const call = (name, args, options) =>
  client.callTool(sign('tools/call', { name, arguments: args }), undefined, options);
async function seen(action) {
  try {
    const result = await action();
    return { text: text(result), refusal: result._meta?.['dev.taper/refusal']?.code };
  } catch (error) {
    return { error: error.code, refusal: error.data?.['dev.taper/refusal']?.code, message: error.message };
  }
}

const out = { revision: transport.protocolVersion };
out.service = client.getServerCapabilities().experimental['dev.taper'].audience;
out.tools = (await client.listTools({ _meta: agent.forList() })).tools.map((tool) => tool.name).sort();
out.echo = await seen(() => call('echo', { message: 'hi' }));
out.sum = await seen(() => call('get-sum', { a: 1, b: 2 }));
out.denied = await seen(() => call('get-env', {}));
out.unsigned = await seen(() => client.callTool({ name: 'echo', arguments: { message: 'hi' } }));
const progress = [];
out.long = await seen(() => call('trigger-long-running-operation', { duration: 0.4, steps: 2 },
  { onprogress: (one) => { progress.push(one.progress); } }));
out.progress = progress.length;
out.sampling = await seen(() => call('trigger-sampling-request', { prompt: 'p', maxTokens: 5 }));
out.elicitation = await seen(() => call('trigger-elicitation-request', {}));
out.resources = (await client.listResources({ _meta: agent.forList() })).resources.length;
const uri = 'demo://resource/dynamic/text/1';
out.resource = await seen(async () => {
  const read = await client.readResource(sign('resources/read', { uri }));
  return { content: [{ text: read.contents[0].text }] };
});
out.prompts = (await client.listPrompts({ _meta: agent.forList() })).prompts.length;
out.prompt = await seen(async () => {
  const got = await client.getPrompt(sign('prompts/get', { name: 'simple-prompt' }));
  return { content: [{ text: got.messages[0].content.text }] };
});
out.subscribe = await seen(() => client.subscribeResource(sign('resources/subscribe', { uri })));
out.level = await seen(() => client.setLoggingLevel('debug'));
out.ping = await seen(() => client.ping());
out.logged = logged.length;
await client.close();
console.log(JSON.stringify(out));
process.exit(0);
