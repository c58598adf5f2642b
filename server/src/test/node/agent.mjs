// An agent on the TypeScript SDK that knows nothing of tokens: it starts the server that it is told
// of, does the steps that come as lines of JSON, and prints what came of each as a line.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { createInterface } from 'node:readline';

const [where, ...rest] = process.argv.slice(2);
const transport = where.startsWith('http')
  ? new StreamableHTTPClientTransport(new URL(where))
  : new StdioClientTransport({ command: where, args: rest, stderr: 'inherit' });
const client = new Client({ name: 'agent', version: '1' });
let changes = 0;
client.setNotificationHandler(ToolListChangedNotificationSchema, () => { changes++; });
await client.connect(transport);

async function done({ call, list, changed, args }) {
  if (list) {
    return { tools: (await client.listTools()).tools.map((tool) => tool.name) };
  }
  if (changed) {
    for (let i = 0; i < 100 && changes < changed; i++) {
      await new Promise((later) => setTimeout(later, 100));
    }
    return { changes };
  }
  const result = await client.callTool({ name: call, arguments: args });
  return { text: result.content[0].text, isError: result.isError ?? false };
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    console.log(JSON.stringify(await done(JSON.parse(line))));
  } catch (error) {
    console.log(JSON.stringify({ error: error.code ?? -1, text: error.message }));
  }
}
await client.close();
