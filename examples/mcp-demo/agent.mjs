// An agent that knows nothing of Taper: a client of MCP with a model. It starts its server, takes a
// piece of work as a line of JSON, and answers with what its model read and did. The model of this
// story is as gullible as models can be: it does whatever a text that it reads tells it to.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { createInterface } from 'node:readline';

const [command, ...args] = process.argv.slice(2);
const client = new Client({ name: 'agent', version: '1' });
await client.connect(new StdioClientTransport({ command, args, stderr: 'ignore' }));

async function calls(name, given) {
  const result = await client.callTool({ name, arguments: given });
  return result.content.map((part) => part.text).join('\n');
}

// What a text asks for, in words that the model understands.
function asked(text) {
  return [...text.matchAll(/^ASSISTANT, CALL (\w+) (\{.*\})$/gm)]
    .map(([, name, given]) => ({ name, given: JSON.parse(given) }));
}

async function work({ tool, given }) {
  if (tool === 'tools/list') {
    return { did: [], read: (await client.listTools()).tools.map((each) => each.name).join(', ') };
  }
  const read = await calls(tool, given);
  const did = [];
  for (const step of asked(read)) {
    did.push({ tool: step.name, given: step.given, read: await calls(step.name, step.given) });
  }
  return { read, did };
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = await work(JSON.parse(line));
  } catch (error) {
    answer = { read: String(error.message), did: [], failed: true };
  }
  console.log(JSON.stringify(answer));
}
await client.close();
