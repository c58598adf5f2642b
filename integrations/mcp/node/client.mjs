// Calls a guarded server with the TypeScript SDK, and prints what it saw as one JSON object. Reads
// from standard input where the server is and who calls.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { readFileSync } from 'node:fs';
import { Agent } from './token.mjs';

const input = JSON.parse(readFileSync(0, 'utf8'));
const agent = new Agent(input);
const transport = input.url
  ? new StreamableHTTPClientTransport(new URL(input.url))
  : new StdioClientTransport({ command: input.command[0], args: input.command.slice(1) });
const client = new Client({ name: 'check', version: '1' });
await client.connect(transport);

async function seen(action) {
  try {
    const result = await action();
    return { text: result.content?.[0]?.text, isError: result.isError ?? false,
      refusal: result._meta?.['dev.taper/refusal'], structured: result.structuredContent };
  } catch (error) {
    return { error: error.code, refusal: error.data?.['dev.taper/refusal'] };
  }
}
const call = (name, args, approvals) => {
  const params = { name, arguments: args };
  return { ...params, _meta: agent.forCall('tools/call', params, approvals) };
};
const once = call('search', { query: 'a', limit: 5 });
const out = {};
out.service = client.getServerCapabilities().experimental['dev.taper'];
out.tools = (await client.listTools({ _meta: agent.forList() })).tools.map((tool) => tool.name).sort();
out.resources = (await client.listResources({ _meta: agent.forList() })).resources.map((resource) => resource.uri);
out.templates = (await client.listResourceTemplates({ _meta: agent.forList() })).resourceTemplates
  .map((template) => template.uriTemplate);
out.prompts = (await client.listPrompts({ _meta: agent.forList() })).prompts.map((prompt) => prompt.name);
out.allowed = await seen(() => client.callTool(once));
out.replayed = await seen(() => client.callTool(once));
out.denied = await seen(() => client.callTool(call('delete', { id: '7' })));
out.approvalNeeded = await seen(() => client.callTool(call('close', { id: '7' })));
out.approved = await seen(() => client.callTool(call('close', { id: '7' }, [input.approval])));
out.changed = await seen(() => client.callTool({ ...call('search', { query: 'a', limit: 5 }),
  arguments: { query: 'b', limit: 5 } }));
out.fraction = await seen(() => client.callTool(call('search', { query: 'a', limit: 5, weight: 0.1 + 0.2 })));
out.withSchema = await seen(() => client.callTool(call('count', { query: 1 })));
out.unsigned = await seen(() => client.callTool({ name: 'search', arguments: { query: 'a' } }));
out.unknown = await seen(() => client.callTool(call('nothing', {})));
out.resource = await seen(async () => {
  const params = { uri: 'file:///pub/a.txt' };
  const read = await client.readResource({ ...params, _meta: agent.forCall('resources/read', params) });
  return { content: [{ text: read.contents[0].text }] };
});
await client.close();
console.log(JSON.stringify(out));
