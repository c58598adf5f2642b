// Where the story happens: shows each command and each call, runs it, and checks how it ends.
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';

const BOLD = process.stdout.isTTY ? '\x1b[1m' : '';
const PLAIN = process.stdout.isTTY ? '\x1b[0m' : '';
const WIDTH = 110;

export class Stage {
  constructor(taper, folder) {
    this.taper = taper;
    this.folder = folder;
    this.asExpected = true;
    this.started = [];
    // However the story ends, also when nobody reads on, nothing that it started is left behind.
    process.on('exit', () => this.started.forEach((each) => each.kill('SIGTERM')));
    process.stdout.on('error', () => process.exit(5));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => process.exit(130));
    }
  }

  say(text) {
    console.log(`\n${BOLD}${text}${PLAIN}`);
  }

  // Runs a command, which must end well and say certain things.
  run(words, ...texts) {
    told(`$ taper ${words.map(quoted).join(' ')}`);
    const done = spawnSync(this.taper, words, { cwd: this.folder, encoding: 'utf8' });
    const printed = done.stdout + done.stderr;
    this.show(printed);
    this.expect(done.status === 0 && texts.every((text) => printed.includes(text)),
      `exit 0 and: ${texts.join(', ')}`);
  }

  // Starts a server, and gives the URL that it says it is ready at.
  async serve(words) {
    told(`$ taper ${words.map(quoted).join(' ')} &`);
    const server = spawn(this.taper, words,
      { cwd: this.folder, stdio: ['ignore', 'pipe', 'ignore'] });
    this.started.push(server);
    for await (const line of createInterface({ input: server.stdout })) {
      this.show(line);
      return /https?:\S+/.exec(line)[0];
    }
    throw new Error('the server ended before it was ready');
  }

  // Starts an agent: a program of its own, whose server is a command.
  agent(name, words) {
    told(`$ node agent.mjs taper ${words.map(quoted).join(' ')}`);
    const program = new URL('agent.mjs', import.meta.url).pathname;
    const agent = spawn(process.execPath, [program, this.taper, ...words],
      { cwd: this.folder, stdio: ['pipe', 'pipe', 'inherit'] });
    this.started.push(agent);
    return new Agent(this, name, agent);
  }

  show(text) {
    if (text.trim() === '') {
      return;
    }
    for (const line of text.trimEnd().split('\n')) {
      for (const part of folded(line)) {
        console.log(`  ${part}`);
      }
    }
  }

  expect(holds, what) {
    if (!holds) {
      this.asExpected = false;
      console.log(`UNEXPECTED; expected: ${what}`);
    }
  }

  async end() {
    for (const each of this.started.reverse()) {
      const ended = each.exitCode !== null || new Promise((done) => each.once('exit', done));
      each.stdin?.end();
      if (!each.stdin) {
        each.kill('SIGTERM');
      }
      await ended;
    }
  }
}

export class Agent {
  constructor(stage, name, program) {
    this.stage = stage;
    this.name = name;
    this.program = program;
    this.lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  }

  // Has the agent call a tool; what it reads must hold certain texts.
  async calls(tool, given, ...texts) {
    const answer = await this.does(tool, given);
    this.stage.expect(texts.every((text) => answer.read.includes(text)), texts.join(', '));
    return answer;
  }

  async does(tool, given) {
    told(`${this.name} > ${tool}${given ? ` ${JSON.stringify(given)}` : ''}`);
    this.program.stdin.write(`${JSON.stringify({ tool, given: given ?? {} })}\n`);
    const { value } = await this.lines.next();
    const answer = JSON.parse(value);
    this.stage.show(answer.read);
    for (const step of answer.did) {
      told(`${this.name}, told so > ${step.tool} ${JSON.stringify(step.given)}`);
      this.stage.show(step.read);
    }
    return answer;
  }
}

// A line that may be long, with the rest of it further in.
function told(line) {
  console.log(folded(line).join('\n    '));
}

function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`;
}

function folded(line) {
  const parts = [];
  let rest = line;
  while (rest.length > WIDTH) {
    const at = rest.lastIndexOf(' ', WIDTH);
    const cut = at > WIDTH / 2 ? at : WIDTH;
    parts.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return [...parts, rest];
}
