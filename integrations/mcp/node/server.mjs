// A server with the TypeScript SDK on standard input and output, whose one tool answers with the
// parameters as they arrived.
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const server = new Server({ name: 'echo', version: '1' }, { capabilities: { tools: {} } });
const echo = (request) => ({ content: [{ type: 'text', text: JSON.stringify(request.params) }] });
server.setRequestHandler(ListToolsRequestSchema, (request) => ({
  tools: [{ name: 'search', description: JSON.stringify(request.params), inputSchema: { type: 'object' } }],
}));
server.setRequestHandler(CallToolRequestSchema, echo);
await server.connect(new StdioServerTransport());
