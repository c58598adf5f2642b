// A server of MCP on standard input and output, which knows nothing of tokens.
import { createInterface } from 'node:readline';

const text = { type: 'string' };
const tool = (name, readOnlyHint, properties) => ({
  name,
  description: `${name} of the company`,
  annotations: { readOnlyHint },
  inputSchema: { type: 'object', properties, required: Object.keys(properties) },
});
const tools = [
  tool('search_issues', true, { project: text }),
  tool('close_issue', false, { project: text, issue: text }),
];

function answer({ method, params }) {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'tickets', version: '1' },
      };
    case 'tools/list':
      return { tools };
    case 'tools/call': {
      const { project, issue } = params.arguments;
      const said = params.name === 'close_issue'
        ? `closed ${project}-${issue}` : `open: ${project}-11, ${project}-12`;
      return { content: [{ type: 'text', text: said }] };
    }
    default:
      return {};
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  if (message.id !== undefined && message.method) {
    const { id } = message;
    console.log(JSON.stringify({ jsonrpc: '2.0', id, result: answer(message) }));
  }
});
