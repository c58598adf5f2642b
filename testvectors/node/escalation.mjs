// Justifications and approvals: which count, and what is missing (section 12).
import { hex, sha256 } from "./token/bytes.mjs";
import { keyText, parseKey } from "./keys.mjs";

const SKEW = 30_000;
const LONGEST_WINDOW = 3600n;
const LONGEST_COUNTED = 86_400;
/** In the order in which they become the code. */
const JUSTIFICATION_FLAWS = ["expired", "not_yet_valid", "too_long", "mismatch"];
const APPROVAL_FLAWS = [
  ...["used", "withdrawn", "expired", "not_yet_valid", "too_long", "not_counted", "unknown_key"],
  ...["mismatch", "for_earlier_holder"],
];

/** The order of approvals of one time: by id, then by key. */
const idAndKey = ({ name }) => name.split(" ").reverse().join(" ");

/** What is said to a call at a time; each approval has its flaw, if it does not fit or was withdrawn. */
export class Escalation {
  constructor(delegation, request, now, approvals, { names, isCounting, isPublished, claimed }) {
    Object.assign(this, { request, now, names, isPublished });
    const isHeld = delegation.mode === "held";
    const lastHop = delegation.blocks.findLastIndex(({ handedOn }) => handedOn);
    const all = delegation.blocks.filter(({ statement }) => statement && isHeld);
    const of = (isBehind) => all.filter(({ index }) => index > lastHop === isBehind).map(({ statement }) => statement);
    this.justifications = of(true);
    this.hasEarlierJustification = of(false).length > 0;
    this.countingJustifications = this.justifications.filter((each) => this.#justificationFlaw(each) === undefined);
    this.approvals = approvals
      .map((each) => ({ ...each, flaw: each.flaw ?? this.#approvalFlaw(each, isCounting, claimed) }))
      .sort((a, b) => a.from - b.from || (idAndKey(a) < idAndKey(b) ? -1 : 1));
    const counting = this.approvals.filter(({ flaw }) => flaw === undefined);
    this.lasting = counting.filter(({ uses }) => uses === undefined);
    const lastingKeys = keysOf(this.lasting);
    this.counted = counting.filter(({ uses, by }) => uses !== undefined && !lastingKeys.includes(keyText(by)));
  }

  /** Whether a requirement is met by approvals that count, or by the justification. */
  isMet({ kind, expressions, group }) {
    if (kind === "justified_for") return this.#justificationCode(expressions) === undefined;
    const { approvers, groups } = this.factsOf(keysOf([...this.lasting, ...this.counted]));
    const [{ right }] = expressions;
    if (kind === "approved_by") return (groups.get(group) ?? []).length >= right.term.value;
    return approvers.filter((key) => approversOf({ kind, expressions }).includes(key)).length >= right.term.value;
  }

  /** What is stated if these keys approve: each person's first one, and the persons by group. */
  factsOf(keys, wholeGroups = []) {
    const [approvers, persons] = [[], new Set()];
    for (const key of [...new Set(keys)].sort()) {
      const person = this.names.personOf(key);
      if (person === undefined || !persons.has(person)) approvers.push(key);
      if (person !== undefined) persons.add(person);
    }
    const groups = new Map();
    for (const [group, members] of this.names.groups) {
      const some = members.filter((name) => persons.has(name) || wholeGroups.includes(group));
      if (some.length > 0) groups.set(group, some);
    }
    return { approvers, groups };
  }

  /** The code for activations that are not met, of all that is asked for there; grants of the chain also name keys. */
  codeOf(missing, asked, alsoNamed, isOfVerifier) {
    const [{ kind, expressions }] = missing;
    if (kind === "justified_for") return this.#justificationCode(expressions);
    const isHidden = !this.isPublished && (isOfVerifier || asked.some((each) => each.kind === "approved_by"));
    const among = (requirements) => ({ by }) => requirements.some((each) => this.#isApprover(keyText(by), each));
    const [isMissing, isAsked] = [among(missing), among(asked)];
    const flaws = this.approvals.map((each) => {
      if (["mismatch", "for_earlier_holder"].includes(each.flaw) || isHidden || isMissing(each)) return each.flaw;
      return isAsked(each) || alsoNamed.includes(keyText(each.by)) ? undefined : "unknown_key";
    });
    return `approval_${APPROVAL_FLAWS.find((flaw) => flaws.includes(flaw)) ?? "required"}`;
  }

  #isApprover(key, requirement) {
    if (requirement.kind === "approved_by") return this.names.isIn(this.names.personOf(key), requirement.group);
    return requirement.kind === "approvers" && approversOf(requirement).includes(key);
  }

  #justificationCode([bound]) {
    const limit = bound?.right.term.value;
    const flaws = this.justifications.map((each) => this.#justificationFlaw(each, limit));
    if (flaws.includes(undefined)) return undefined;
    const ranked = JUSTIFICATION_FLAWS.find((flaw) => flaws.includes(flaw));
    if (ranked) return `justification_${ranked}`;
    return this.hasEarlierJustification ? "justification_by_earlier_holder" : "justification_required";
  }

  #justificationFlaw({ tools, from, until }, limit = LONGEST_WINDOW) {
    const { tool } = this.request;
    if (!(tools.endsWith(".*") ? tool.startsWith(tools.slice(0, -1)) : tool === tools)) return "mismatch";
    const outside = this.#outside(from, until);
    if (outside) return outside;
    const window = until - from;
    return window > limit || window > LONGEST_WINDOW ? "too_long" : undefined;
  }

  #approvalFlaw(approval, isCounting, claimed) {
    const { from, until, uses } = approval;
    if (uses !== undefined && (claimed.get(claimName(approval)) ?? 0) >= uses) return "used";
    const outside = this.#outside(from, until);
    if (outside || uses === undefined) return outside;
    if (until - from > LONGEST_COUNTED) return "too_long";
    return isCounting ? undefined : "not_counted";
  }

  #outside(from, until) {
    if (this.now >= Number(until) * 1000) return "expired";
    return this.now < Number(from) * 1000 - SKEW ? "not_yet_valid" : undefined;
  }
}

/** A verifier's names file: whose keys are whose, and who is in which group. */
export class Names {
  #persons = new Map();

  constructor({ persons = {}, groups = {} } = {}) {
    for (const [name, keys] of Object.entries(persons)) {
      keys.forEach((key) => this.#persons.set(keyText(parseKey(key)), name));
    }
    this.groups = new Map(Object.entries(groups));
  }

  personOf(key) {
    return this.#persons.get(key);
  }

  isIn(person, group) {
    return person !== undefined && (this.groups.get(group) ?? []).includes(person);
  }
}

/** The keys that a requirement of approvers names. */
export const approversOf = ({ kind, expressions: [count] }) =>
  kind === "approvers" ? count.left.operand.left.term.value.map(({ value }) => value) : [];

export const keysOf = (approvals) => [...new Set(approvals.map(({ by }) => keyText(by)))];

/** The name under which the uses of an approval are claimed. */
export const claimName = ({ name }) => hex(sha256(new TextEncoder().encode(name)));
