// The terms of an approval: for how long, how often, for which calls. And the approval itself, made and checked.
import { post } from "./api.mjs";
import { field, h, outside, select } from "./dom.mjs";
import { signer } from "./keystore.mjs";
import { approvalOf, statementOf } from "./token/answer.mjs";
import { coversCall, readApproval } from "./token/beside.mjs";
import { base64url, utf8 } from "./token/bytes.mjs";
import { keyText } from "./token/keys.mjs";
import { shown } from "./token/shown.mjs";
import { isLabel } from "./token/text.mjs";
import { randomHex, verify } from "./token/verify.mjs";
import { duration, moment } from "./token/words.mjs";

const WINDOWS = [300, 900, 3600, 8 * 3600, 24 * 3600];
const LONGEST_OF_PATTERNS = 3600;
const MOST_USES = 10_000;

/** A form for the terms; read() gives them, or says what is wrong. */
export function termsForm(ask, onChange) {
  const window = select(WINDOWS.map((seconds) => [String(seconds), duration(seconds)]), { value: "900", onchange: onChange });
  const often = select([["1", "once"], ["some", "some times"], ["any", "any number of times"]], { value: "1", onchange: changed });
  const count = h("input", { type: "number", min: "2", max: String(MOST_USES), value: "5", oninput: onChange });
  const countField = field("How many calls", count);
  const calls = select(callChoices(ask).map(({ words }, i) => [String(i), words]), { value: "0", onchange: changed });
  const reason = h("input", { type: "text", maxlength: "1000", oninput: onChange });
  countField.hidden = true;
  function changed() {
    const isPattern = calls.value !== "0";
    if (isPattern && often.value === "any") often.value = "some";
    if (isPattern && Number(window.value) > LONGEST_OF_PATTERNS) window.value = String(LONGEST_OF_PATTERNS);
    often.querySelector("[value=any]").disabled = isPattern;
    for (const option of window.options) option.disabled = isPattern && Number(option.value) > LONGEST_OF_PATTERNS;
    countField.hidden = often.value !== "some";
    onChange();
  }
  const element = h("div", { class: "terms" }, field("For how long", window), field("How often", often), countField, field("For what", calls), field("Why (signed, may be empty)", reason));
  const read = () => {
    const uses = often.value === "any" ? undefined : Number(often.value === "1" ? 1 : count.value);
    if (uses !== undefined && !(Number.isInteger(uses) && uses >= 1 && uses <= MOST_USES)) return { flaw: `the number of calls is from 1 to ${MOST_USES}` };
    const why = reason.value.trim() || undefined;
    if (why !== undefined && !isLabel(why, 1024)) return { flaw: "the reason has characters that cannot be seen, or is too long" };
    return { seconds: Number(window.value), uses, reason: why, pattern: callChoices(ask)[Number(calls.value)].pattern };
  };
  return { element, read };
}

/** This call, or any arguments on its resource or on what lies around that. */
function callChoices({ call: { tool, operation, resource } }) {
  const base = { tools: tool, ...(operation === undefined ? {} : { operations: operation }) };
  const around = [];
  const stem = resource?.replace(/[/:]$/, "");
  let rest = stem ?? "";
  for (let at; (at = rest.search(/[/:][^/:]*$/)) > 0; rest = rest.slice(0, at)) around.push(`${rest.slice(0, at + 1)}*`);
  const isLiteral = stem === resource && !resource?.includes("*"); // with a star it is a pattern, and covers more
  const exact = resource === undefined || !isLiteral ? [] : [resource];
  const isSafe = (one) => !/\/\/\*$/.test(one) && !one.slice(0, -1).includes("*");
  const choices = [...exact, ...around.filter(isSafe)].map((one) => ({ words: `calls of ${shown(tool)} on ${shown(one, 200)}, with any arguments`, pattern: { ...base, resources: one } }));
  if (resource === undefined) choices.push({ words: `calls of ${shown(tool)}, with any arguments`, pattern: base });
  return [{ words: "exactly this call" }, ...choices];
}

/** What would be signed on these terms, and its words. */
export function statementFor(ask, { seconds, uses, reason, pattern }, now) {
  const from = Math.floor(now / 1000);
  const said = { id: randomHex(16), state: ask.state, audience: ask.audience, from, until: from + seconds, uses, reason };
  return pattern === undefined ? { ...said, meaning: ask.call.digest } : { ...said, pattern };
}

/** How many of these asks a pattern covers: those of the same state of the same token. */
const covered = (pattern, { state, audience }, asks) => {
  const lists = new Map(Object.entries(pattern).map(([name, value]) => [name, [value]]));
  return asks.filter((each) => each.state === state && each.audience === audience && coversCall(lists, each.call)).length;
};

export function effectWords(ask, { seconds, uses, pattern }, now, asks) {
  const often = uses === undefined ? "as often as it is made" : uses === 1 ? "once" : `${uses} times`;
  const what = pattern === undefined ? "exactly this call" : [`calls of ${pattern.tools}`, pattern.resources && [" on ", outside(pattern.resources, 400)], ", with any arguments"];
  const until = moment(Math.floor(now / 1000) + seconds);
  const count = pattern === undefined ? "" : ` Of the asks that are open here, ${covered(pattern, ask, asks)} are such calls.`;
  return h("span", {}, "You would let ", outside(ask.holder.holder), " make ", what, `, ${often}, at `, outside(ask.audience), ` until ${until}.${count}`);
}

/** An approval by a key of this browser, or by the keeper; checked before it is used. */
export async function approve(name, ask, said, by) {
  const statement = statementOf(said);
  const encoded = by.isKeeper ? await byKeeper(name, statement) : await byBrowser(by, said);
  const read = readApproval(encoded);
  if (keyText(read.by) !== by.key || read.json !== statement) throw new Error("what came back is another approval than was asked for");
  await verify(read.by, read.message, read.signature);
  return encoded;
}

async function byBrowser(by, said) {
  const { key, sign } = signer(by);
  return approvalOf(key, said, sign);
}

async function byKeeper(name, statement) {
  const { approval } = await post("/api/keeper-approvals", { ask: name, statement: base64url(utf8(statement)) });
  return approval;
}
