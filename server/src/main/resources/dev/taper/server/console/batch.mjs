// Several asks, answered at once: each is shown whole again, on one set of terms.
import { callView } from "./ask-view.mjs";
import { dialog, field, h, outside, plural, select } from "./dom.mjs";
import { approve, statementFor } from "./terms.mjs";
import { isLabel } from "./token/text.mjs";
import { duration } from "./token/words.mjs";

/** The answers to be sent, and which they are; nothing if the dialog was left. */
export async function answerBatch(items, { by, now, trust, can }, isSame) {
  const window = select([300, 900, 3600].map((seconds) => [String(seconds), duration(seconds)]), { value: "900" });
  const often = select([["1", "once"], ["", "any number of times"]], { value: "1" });
  const why = h("input", { type: "text", maxlength: "1000", required: true });
  const all = h("ol", { class: "batch" }, items.map(({ read }) => h("li", { class: "card" }, h("h3", {}, outside(read.call.tool), " ", outside(read.call.resource ?? "")), h("p", {}, "asked by ", outside(read.holder.holder), " on behalf of ", outside(read.delegator)), callView(read, trust.services, true))));
  const approving = by && can.includes("approve") ? [["approve", `Approve and sign ${items.length}`, { class: "main", formnovalidate: true }]] : [];
  const refusing = can.includes("refuse") ? [["refuse", `Refuse ${items.length}`]] : [];
  const buttons = [["", "Go back", { formnovalidate: true }], ...refusing, ...approving];
  const content = h("div", {}, h("p", {}, items.length === 1 ? "This call, and no other." : `Each of these ${items.length} calls, and no other.`), all, field("For how long", window), field("How often each", often), field("Why (who refuses has to say)", why));
  const chosen = await dialog(`Answer ${plural(items.length, "ask")}`, content, buttons);
  const reason = why.value.trim() || undefined;
  if (chosen === undefined) return undefined;
  if (reason !== undefined && !isLabel(reason, 1024)) throw new Error("the reason has characters that cannot be seen, or is too long");
  if (chosen === "refuse") {
    return { answer: "refused", answers: items.map(({ ask }) => ({ ask, refusal: reason })) };
  }
  const answers = [];
  const terms = { seconds: Number(window.value), uses: often.value === "" ? undefined : 1, reason };
  for (const item of items) {
    if (!(await isSame(item))) throw new Error("one of these asks has been changed: nothing was sent");
    answers.push({ ask: item.ask, approval: await approve(item.ask, item.read, statementFor(item.read, terms, now()), by) });
  }
  return { answer: "approved", answers };
}

