package dev.taper.agent.approval;

import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.memory.ApprovalUse;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.Term;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A third party's block that approves calls of the holder who asked: {@code approval(id, audiences,
 * tool, operation or null, resource or null, digest of the call or null, from, until, single use)}.
 * The token's grants say whose approval counts. Immutable.
 *
 * @param id what the approver calls it: 16 random bytes in hex
 * @param approver whose signature it is
 * @param audiences the services at which it is good, sorted: between 1 and {@link #MAX_AUDIENCES},
 *     and exactly one if it is good for one call, because no other service knows what one remembers
 * @param calls which calls
 * @param from the first instant at which it is good, a whole second
 * @param until the first instant at which it is no longer good, a whole second
 * @param singleUse true if it is good for one call
 */
public record Approval(
    String id,
    PublicKey approver,
    SortedSet<String> audiences,
    CoveredCalls calls,
    Instant from,
    Instant until,
    boolean singleUse)
    implements Statement {
  /** The most services that an approval can name. */
  public static final int MAX_AUDIENCES = 64;

  /** The context of its block. */
  static final String CONTEXT = "taper/1 approval";

  static final String FACT = "approval";
  static final int ID_BYTES = 16;

  /** Copies the audiences. */
  public Approval {
    audiences = Collections.unmodifiableSortedSet(new TreeSet<>(audiences));
  }

  Block block() {
    List<Term> terms = new ArrayList<>();
    terms.add(new Term.Bytes(HexFormat.of().parseHex(id)));
    List<Term> names = new ArrayList<>();
    audiences.forEach(name -> names.add(new Term.Str(name)));
    terms.add(Term.Set.of(names));
    calls.addTerms(terms);
    terms.add(Term.Date.of(from));
    terms.add(Term.Date.of(until));
    terms.add(new Term.Bool(singleUse));
    return Block.builder().context(CONTEXT).fact(FACT, terms.toArray(new Term[0])).build();
  }

  static Approval read(StatementTerms terms, PublicKey approver) {
    Approval approval =
        new Approval(
            terms.hex(ID_BYTES),
            approver,
            terms.texts(MAX_AUDIENCES, Canonical::audience),
            CoveredCalls.read(terms),
            terms.instant(),
            terms.instant(),
            terms.bool());
    terms.end();
    if (!approval.from.isBefore(approval.until)) {
      throw terms.wrong("ends before it begins");
    }
    if (approval.singleUse && approval.audiences.size() > 1) {
      throw terms.wrong("is good for one call, and at more than one service");
    }
    return approval;
  }

  /**
   * True if the approval is for a call.
   *
   * @param audience the service that is called
   * @param call the call
   */
  public boolean covers(String audience, ToolCall call) {
    return audiences.contains(audience) && calls.covers(call);
  }

  /** How long the approval is good for. */
  public Duration window() {
    return Duration.between(from, until);
  }

  /**
   * The use of a single-use approval. Its id holds the approver's key too, so that no approver can
   * spend what another one approved.
   */
  public ApprovalUse use() {
    byte[] named = (approver + " " + id).getBytes(StandardCharsets.US_ASCII);
    return ApprovalUse.once(HexFormat.of().formatHex(Digests.sha256(named)), until);
  }

  @Override
  public String words() {
    return "approves "
        + calls
        + " at "
        + String.join(", ", audiences)
        + (singleUse ? ", once" : "")
        + ", from "
        + from
        + " until "
        + until;
  }
}
