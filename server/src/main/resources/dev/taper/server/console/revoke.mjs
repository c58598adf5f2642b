// Taking authority back: what, what goes with it, why; asked twice.
import { post, Refused } from "./api.mjs";
import { alert, announce, dialog, field, h, outside, plural } from "./dom.mjs";
import { isLabel } from "./token/text.mjs";

/** Revokes a delegation, its task, holder or person, as is chosen. */
export async function revoke(delegation, context) {
  const choices = [
    ["block", `this delegation to ${delegation.holder}, and all that came of it`, delegation.id],
    ["holder", `everything that the key of ${delegation.holder} holds or handed on`, delegation.holder_key],
    ["task", `the whole task ${delegation.task}`, delegation.task],
    ["delegator", `all that ${delegation.delegator} delegated`, delegation.delegator],
  ];
  const what = h("fieldset", { class: "choices" }, h("legend", {}, "What"), choices.map(([kind, words], i) => h("label", { class: "choice" }, h("input", { type: "radio", name: "what", value: kind, checked: i === 0 }), outside(words, 2000))));
  const why = h("input", { type: "text", maxlength: "1000", required: true });
  const content = h("div", {}, what, field("Why", why, "It is recorded."));
  const go = await dialog("Revoke", content, [["", "Go back", { formnovalidate: true }], ["draft", "Look at what ends", { class: "main" }]]);
  if (go === undefined) return;
  const reason = why.value.trim();
  const [kind, , id] = choices.find(([each]) => each === what.querySelector(":checked").value);
  if (!isLabel(reason, 1024)) return void announce("The reason has characters that cannot be seen.");
  try {
    const draft = await post("/api/revocations/draft", { kind, id, reason });
    const words = h("div", {}, h("p", {}, outside(draft.words, 2000)), alert(`${plural(draft.ends, "living delegation")} ${draft.ends === 1 ? "ends" : "end"} with it, as soon as services have the new list.`), h("p", {}, "Why: ", outside(reason)));
    if ((await dialog("Revoke this?", words, [["", "Go back"], ["revoke", `Revoke ${plural(draft.ends, "delegation")}`, { class: "main" }]])) === undefined) return;
    const done = await post("/api/revocations", { kind, id, reason });
    const failure = done.failure === undefined ? "" : ` It is in force, but not recorded: ${done.failure}.`;
    announce(`Revoked: ${plural(done.ended, "delegation")}, list ${done.sequence}.${failure}`);
    context.reload();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    await dialog("Not revoked", alert(error.message), [["", "Close"]]);
  }
}

