// An agent that knows nothing of Taper: sends the messages of a file to its server of MCP, each once the
// one before is answered, and prints the answers. Usage: node agent.mjs MESSAGES COMMAND [ARGUMENT ...]
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [messages, command, ...words] = process.argv.slice(2);
const server = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'] });
const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();

async function answered(id) {
  for (;;) {
    const { value, done } = await lines.next();
    if (done) throw new Error('the server has gone');
    const said = JSON.parse(value);
    if (said.id === id) return said;
  }
}

for (const line of readFileSync(messages, 'utf8').trim().split('\n')) {
  const { id, method, params } = JSON.parse(line);
  server.stdin.write(`${line}\n`);
  if (id !== undefined) {
    const { result, error } = await answered(id);
    const texts = result?.content?.map((part) => part.text) ?? [JSON.stringify(error ?? result)];
    console.log(`${method} ${JSON.stringify(params.arguments ?? {})}\n  ${texts.join(' ')}`);
  }
}
server.stdin.end();
