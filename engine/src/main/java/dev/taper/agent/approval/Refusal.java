package dev.taper.agent.approval;

import dev.taper.agent.call.Canonical;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.Term;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A third party's block that refuses calls: {@code refusal(id, tool, operation or null, resource or
 * null, digest of the call or null, at, reason or null)}. Earlier approvals by the same key no
 * longer count for those calls; a later one does. Immutable.
 *
 * @param id what the approver calls it: 16 random bytes in hex
 * @param approver whose signature it is
 * @param calls which calls
 * @param at when it was refused, a whole second
 * @param reason why, or null
 */
public record Refusal(
    String id, PublicKey approver, CoveredCalls calls, Instant at, @Nullable String reason)
    implements Statement {
  /** The context of its block. */
  static final String CONTEXT = "taper/1 refusal";

  static final String FACT = "refusal";

  Block block() {
    List<Term> terms = new ArrayList<>();
    terms.add(new Term.Bytes(HexFormat.of().parseHex(id)));
    calls.addTerms(terms);
    terms.add(Term.Date.of(at));
    terms.add(reason == null ? new Term.Null() : new Term.Str(reason));
    return Block.builder().context(CONTEXT).fact(FACT, terms.toArray(new Term[0])).build();
  }

  static Refusal read(StatementTerms terms, PublicKey approver) {
    Refusal refusal =
        new Refusal(
            terms.hex(Approval.ID_BYTES),
            approver,
            CoveredCalls.read(terms),
            terms.instant(),
            terms.textOrNull(Canonical::reason));
    terms.end();
    return refusal;
  }

  @Override
  public String words() {
    return "refuses " + calls + (reason == null ? "" : ": \"" + reason + "\"");
  }
}
