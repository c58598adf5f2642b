// Justifications and approvals: which count, and what is missing (section 12).
import { concat, hex, same, sha256 } from "./bytes.mjs";
import { keyText } from "./keys.mjs";

const SKEW = 30_000;
const LONGEST_WINDOW = 3600n;
const LONGEST_SINGLE = 86400n;
/** In the order in which they become the code. */
const JUSTIFICATION_FLAWS = ["expired", "not_yet_valid", "too_long", "mismatch"];
const APPROVAL_FLAWS = ["used", "refused", "expired", "not_yet_valid", "too_long", "unknown_key", "mismatch"];

/** What the blocks of a held token say to a call at a time; claimed are the approvals that were used. */
export class Escalation {
  constructor(delegation, request, audience, now, claimed) {
    Object.assign(this, { request, audience, now, claimed });
    const isHeld = delegation.mode === "held";
    const lastHop = delegation.blocks.findLastIndex(({ handedOn }) => handedOn);
    const all = delegation.blocks.filter(({ statement }) => statement && isHeld);
    const of = (kind, isBehind) =>
      all.filter(({ statement, index }) => statement.kind === kind && index > lastHop === isBehind);
    this.justifications = of("justification", true).map(({ statement }) => statement);
    this.hasEarlierJustification = of("justification", false).length > 0;
    this.hasEarlierApproval = of("approval", false).length > 0;
    this.statements = [...of("approval", true), ...of("refusal", true)]
      .sort((a, b) => a.index - b.index)
      .map(({ statement }) => statement);
    this.approvals = this.statements.filter(({ kind }) => kind === "approval");
    this.countingJustifications = this.justifications.filter((each) => this.#justificationFlaw(each) === undefined);
    this.countingApprovals = this.approvals.filter((each) => this.#counts(each));
    this.lasting = this.countingApprovals.filter(({ single }) => !single);
    const lastingKeys = keysOf(this.lasting);
    this.singles = this.countingApprovals.filter(({ single, by }) => single && !lastingKeys.has(keyText(by)));
  }

  /** Whether a requirement is met. */
  isMet(requirement) {
    if (requirement.kind === "justified_for") return this.#justificationCode(requirement.expressions) === undefined;
    const approvers = approversOf(requirement);
    const keys = keysOf([...this.lasting, ...this.singles]);
    return [...keys].filter((key) => approvers.includes(key)).length >= requirement.expressions[0].right.term.value;
  }

  /** The code for activations that are not met; grants of the chain also name these keys. */
  codeOf(requirements, alsoNamed, isHidden) {
    const [{ kind, expressions }] = requirements;
    return kind === "justified_for"
      ? this.#justificationCode(expressions)
      : this.#approvalCode(requirements.filter((each) => each.kind === "approvers").flatMap(approversOf), alsoNamed, isHidden);
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

  #approvalCode(approvers, alsoNamed, isHidden) {
    const isApprover = ({ by }) => approvers.includes(keyText(by));
    const isNamed = (each) => isApprover(each) || alsoNamed.includes(keyText(each.by));
    const flaws = this.approvals.map((each) => this.#approvalFlaw(each, isApprover(each), isNamed(each), isHidden));
    if (this.statements.some((each, i) => isApprover(each) && this.#isRefused(each, i))) flaws.push("refused");
    const ranked = APPROVAL_FLAWS.find((flaw) => flaws.includes(flaw));
    if (ranked) return `approval_${ranked}`;
    return this.hasEarlierApproval ? "approval_for_earlier_holder" : "approval_required";
  }

  #approvalFlaw(approval, isApprover, isNamed, isHidden) {
    if (!this.#fits(approval)) return "mismatch";
    const flaw = isApprover || isHidden ? this.#flawOf(approval) : undefined;
    return isApprover ? flaw : (flaw ?? (isNamed ? undefined : "unknown_key"));
  }

  #flawOf(approval) {
    if (this.#isClaimed(approval)) return "used";
    return this.#outside(approval.from, approval.until) ?? (isTooLong(approval) ? "too_long" : undefined);
  }

  /** Whether a statement is a refusal of this call that its key did not take back. */
  #isRefused(statement, i) {
    if (statement.kind !== "refusal" || !this.#fits(statement)) return false;
    return !this.#later(statement, i).some(({ kind }) => kind === "approval");
  }

  #counts(approval) {
    const { from, until } = approval;
    if (!this.#fits(approval) || this.#outside(from, until) || this.#isClaimed(approval)) return false;
    if (isTooLong(approval)) return false;
    const i = this.statements.indexOf(approval);
    return !this.#later(approval, i).some(({ kind }) => kind === "refusal");
  }

  /** What the same key says of this call afterwards. */
  #later({ by }, i) {
    return this.statements.slice(i + 1).filter((each) => keyText(each.by) === keyText(by) && this.#fits(each));
  }

  #fits({ audiences, tool, operation, resource, digest }) {
    const call = this.request;
    if (audiences && !audiences.some(({ value }) => value === this.audience)) return false;
    const isCall = tool === call.tool && operation === (call.operation ?? null) && resource === (call.resource ?? null);
    return isCall && (digest === null || same(digest, call.digest));
  }

  #outside(from, until) {
    if (this.now >= Number(until) * 1000) return "expired";
    return this.now < Number(from) * 1000 - SKEW ? "not_yet_valid" : undefined;
  }

  #isClaimed(approval) {
    return approval.single && this.claimed.has(claimName(approval));
  }
}

/** Its use would have to be remembered for longer than a verifier does. */
const isTooLong = ({ single, from, until }) => single && until - from > LONGEST_SINGLE;

/** The keys that a requirement of approvers names. */
export const approversOf = ({ expressions: [{ left }] }) => left.operand.left.term.value.map(({ value }) => value);

export const keysOf = (approvals) => new Set(approvals.map(({ by }) => keyText(by)));

/** The name under which a single-use approval is claimed. */
export const claimName = ({ by, id }) => hex(sha256(concat(`${keyText(by)} ${hex(id)}`)));
