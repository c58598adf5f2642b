// Where the story happens: each line that it shows after '$' is run by the shell as it stands there,
// in the folder of the story. What was run is kept in the file 'commands' of that folder.
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, symlinkSync,
  writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const BOLD = process.stdout.isTTY ? '\x1b[1m' : '';
const PLAIN = process.stdout.isTTY ? '\x1b[0m' : '';
const WIDTH = 110;
const LONGEST = 120_000;

/** Where taper is, and an empty folder: the one that somebody named, or a new one. */
export function given() {
  const [taper, option, named] = process.argv.slice(2);
  if (!taper || (option && (option !== '--dir' || !named))) {
    console.error('usage: taper demo --company [--keycloak] [--dir FOLDER]');
    process.exit(2);
  }
  if (named) {
    mkdirSync(named, { recursive: true });
    if (readdirSync(named).length > 0) {
      console.error(`taper: the folder ${named} is not empty (usage)`);
      process.exit(2);
    }
  }
  return { taper, folder: realpathSync(named ?? mkdtempSync(join(tmpdir(), 'taper-demo-'))) };
}

/** Free ports of this machine, all at once, so that none is given twice. */
export async function freePorts(count) {
  const taken = await Promise.all(Array.from({ length: count }, () => new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => done(server));
  })));
  const ports = taken.map((server) => server.address().port);
  await Promise.all(taken.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

export class Stage {
  constructor(taper, folder) {
    this.folder = folder;
    this.asExpected = true;
    this.started = [];
    symlinkSync(taper, join(folder, 'taper'));
    // However the story ends, also when nobody reads on, nothing that it started is left behind.
    process.on('exit', () => this.started.forEach(({ program }) => program.kill('SIGTERM')));
    process.stdout.on('error', () => process.exit(5));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => process.exit(130));
    }
  }

  say(text) {
    console.log(`\n${BOLD}${text}${PLAIN}`);
  }

  /** What a person does at a browser. */
  does(who, what) {
    console.log(folded(`${who} > ${what}`).join('\n    '));
    this.note(`# ${who}, in a browser: ${what}`);
  }

  /** Runs a line, which must end as it should and print certain texts; gives what it printed. */
  async run(line, { exit = 0, texts = [] } = {}) {
    const program = this.start(line, '', false);
    const status = await program.end();
    this.expect(status === exit, `exit ${exit} in place of ${status}`);
    texts.forEach((text) => this.expect(program.printed.includes(text), text));
    return program.printed;
  }

  /** Starts a line that goes on beside the story. */
  start(line, mark = ' &', isServer = true) {
    console.log(`$ ${line}${mark}`);
    this.note(`${line}${mark}`);
    const program = new Program(this, line, isServer);
    if (isServer) this.started.push(program);
    return program;
  }

  note(line) {
    appendFileSync(join(this.folder, 'commands'), `${line}\n`);
  }

  write(name, text) {
    writeFileSync(join(this.folder, name), text, { mode: 0o600 });
  }

  read(name) {
    return readFileSync(join(this.folder, name), 'utf8').trim();
  }

  show(text) {
    for (const line of text.trimEnd().split('\n')) {
      for (const part of folded(line)) {
        if (part.trim() !== '') console.log(`  ${part}`);
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
      each.program.kill('SIGTERM');
      await each.end();
    }
  }

  /** Says how the story ended. */
  close() {
    console.log(this.asExpected
      ? `\nThe files are in ${this.folder}, and what was run in its file 'commands'.\nAs expected.`
      : `\nNot as expected; look at ${this.folder}`);
    process.exitCode = this.asExpected ? 0 : 1;
  }
}

/** A line of the shell that runs. */
class Program {
  constructor(stage, line, isServer) {
    this.printed = '';
    this.waiting = [];
    this.program = spawn('sh', ['-c', isServer ? `exec ${line}` : line],
      { cwd: stage.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = new Promise((done) => this.program.once('close', (status) => {
      this.over = true;
      this.look();
      done(status);
    }));
    for (const stream of [this.program.stdout, this.program.stderr]) {
      createInterface({ input: stream }).on('line', (text) => {
        this.printed += `${text}\n`;
        // What servers log is for who runs them.
        if (!isServer || !text.startsWith('{')) stage.show(text);
        this.look();
      });
    }
  }

  end() {
    return this.ended;
  }

  /** Waits until it printed something of this form, and gives what was in the parentheses. */
  async said(form) {
    return new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error(`${form} in two minutes`)), LONGEST);
      this.waiting.push({ form, done: (found) => {
        clearTimeout(late);
        return found ? done(found) : fail(new Error(`${form}, but it ended: ${this.printed}`));
      } });
      this.look();
    });
  }

  /** Waits until a URL of this server answers with 200. */
  async answers(url) {
    for (const end = Date.now() + LONGEST; Date.now() < end && !this.over;) {
      const status = await fetch(url, { signal: AbortSignal.timeout(5000) })
        .then((answer) => answer.status, () => 0);
      if (status === 200) return;
      await new Promise((later) => setTimeout(later, 200));
    }
    throw new Error(`no answer of ${url}`);
  }

  look() {
    this.waiting = this.waiting.filter(({ form, done }) => {
      const found = form.exec(this.printed);
      if (found === null && !this.over) return true;
      done(found && (found[1] ?? found[0]));
      return false;
    });
  }
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
