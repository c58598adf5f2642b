// What makes a chain of blocks a delegation (section 6), and what it says.
import { Tables, readBlock } from "./block.mjs";
import { readBudgets } from "./budget.mjs";
import { demand, refuse } from "./bytes.mjs";
import { keyText, sameKey } from "./keys.mjs";
import { JUSTIFICATION, readJustification } from "./statement.mjs";
import { isLabel, isString } from "./text.mjs";

const VIOLATION = "profile_violation";

const RESERVED = new Set(
  (
    "tool operation resource arg_names arg arg_decimal arg_number arg_opaque arg_url arg_host_class arg_ip arg_each_host " +
    "arg_path time audience depth delegation invoker presented holder_verified justified justified_for approvers " +
    "approved_by budget_store"
  ).split(" "),
);
const NAMES = ["delegator", "holder", "task", "purpose"];

/** Section 11, steps 4 and 5, of a token whose signatures are good. */
export function readDelegation(token) {
  const tables = new Tables();
  const blocks = token.blocks.map(({ payload, external }) =>
    readBlock(payload, external ? new Tables() : tables, external !== undefined),
  );
  demand(blocks[0].context === "taper/1", "not_a_delegation");
  const delegation = new Delegation(token);
  blocks.forEach((block, index) => delegation.add(block, index));
  delegation.finish();
  return delegation;
}

class Delegation {
  blocks = []; // as in the token, with Datalog, mode, grantor and holder
  depth = 0;
  #tail = false;
  #keys = new Map(); // of a name, the present key
  #names = new Map();
  #givenUp = new Set(); // keys that were rotated away
  #budgets = 0;

  constructor(token) {
    this.token = token;
    this.mode = token.end.mode;
  }

  add(datalog, index) {
    const signed = this.token.blocks[index];
    const said = readNames(datalog, index);
    demand(!datalog.checks.some(({ kind }) => kind === "reject if"), VIOLATION);
    const holder = said.holder;
    demand(!signed.external || holder === undefined, VIOLATION);
    const previous = this.blocks[index - 1];
    const byBearer = this.#tail;
    const grantor = this.#grantor(signed, previous, said);
    if (index === 0) Object.assign(this, { delegator: said.delegator, task: said.task });
    demand(!this.#givenUp.has(keyText(signed.nextKey)), VIOLATION);
    const isRotation = holder !== undefined && this.#handTo(holder, signed.nextKey, previous?.holder);
    if (holder === undefined && !sameKey(signed.nextKey, previous.nextKey)) this.#tail = true;
    if (this.#tail && !signed.external) this.depth++;
    if (!this.#tail && holder !== undefined && index > 0) this.depth++;
    const mode = isRotation ? "rotated" : this.#modeOf(signed, holder, index);
    this.#checkSignatureVersion(signed, index, byBearer);
    const statement = datalog.context === JUSTIFICATION ? readJustification(datalog, signed, holder) : undefined;
    const budgets = readBudgets(datalog, !signed.external && !this.#tail, this.#budgets);
    this.#budgets += budgets.length;
    this.blocks.push({
      ...signed,
      ...{ datalog, mode, grantor, statement, budgets, index },
      holder: this.#tail ? undefined : (holder ?? previous.holder),
      handedOn: holder !== undefined,
    });
  }

  #grantor({ external }, previous, { delegator }) {
    if (external) return keyText(external.key);
    if (!previous) return delegator;
    return this.#tail ? "bearer" : previous.holder;
  }

  /** One name has one key and one key one name, but for a present holder that takes a new one; whether it does. */
  #handTo(holder, key, present) {
    demand(!this.#tail, VIOLATION);
    const text = keyText(key);
    const known = this.#keys.get(holder) ?? text;
    const isRotation = known !== text;
    if (isRotation) {
      demand(holder === present && !this.#names.has(text), VIOLATION);
      this.#givenUp.add(known);
    }
    demand((this.#names.get(text) ?? holder) === holder, VIOLATION);
    this.#keys.set(holder, text);
    this.#names.set(text, holder);
    return isRotation;
  }

  #modeOf({ external }, holder, index) {
    if (index === 0) return "authority";
    if (external) return "third_party";
    if (this.#tail) return "bearer";
    return holder === undefined ? "narrowed" : "delegated";
  }

  /** The first block of a bearer tail is still signed by a holder, unless a plain library made block 0. */
  #checkSignatureVersion({ version }, index, byBearer) {
    const isPlain = this.mode === "bearer" && this.token.blocks[0].version === 0;
    const excepted = byBearer || (isPlain && (index === 0 || (index === 1 && this.#tail)));
    demand(version === 1 || excepted, VIOLATION);
  }

  finish() {
    demand(!this.#tail || this.mode !== "held", VIOLATION);
  }
}

/** Rules 2 to 5: who delegates to whom for what, by the names that this block states. */
function readNames({ facts, rules }, index) {
  const heads = rules.map(({ head }) => head.name);
  demand(![...facts.map(({ name }) => name), ...heads].some((name) => RESERVED.has(name) || name.startsWith("taper_")), VIOLATION);
  demand(!heads.some((name) => NAMES.includes(name)), VIOLATION);
  const said = {};
  for (const { name, terms } of facts.filter((fact) => NAMES.includes(fact.name))) {
    demand(terms.length === 1 && terms[0].type === "string", VIOLATION);
    demand(index === 0 || name === "holder", VIOLATION);
    demand(!(name in said), VIOLATION);
    const text = terms[0].value;
    demand(name === "purpose" ? isString(text) : isLabel(text, 1024), VIOLATION);
    said[name] = text;
  }
  if (index === 0) for (const name of ["delegator", "holder", "task"]) said[name] ?? refuse(VIOLATION);
  return said;
}
