package dev.taper.integrations.http;

import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.Ask;
import dev.taper.agent.approval.AskStatus;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.PublicKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The asks of one service, for those who answer them and have its store: a queue, where {@link
 * HttpGuard} tells of an ask only to whoever has its id. It takes answers as that does: an approval
 * is kept if it counts. Remembers what it read until an ask changes or ends. Thread-safe.
 */
public final class AskQueue {
  /** How many asks are read from the store before a list is given; the rest with later ones. */
  private static final int READ_AT_ONCE = 500;

  private final AskStore store;
  private final AskAnswers answers;
  private final FailureLog broken;
  private Map<String, Read> known = Map.of(); // guarded by this

  /** What was read of a revision; without an ask if that is broken. */
  private record Read(int revision, @Nullable KeptAsk ask) {}

  private AskQueue(AskStore store, AskAnswers answers, Clock clock) {
    this.store = store;
    this.answers = answers;
    this.broken = FailureLog.of(AskQueue.class, "reading an ask", clock);
  }

  /**
   * Makes a queue.
   *
   * @param verifiers gives the service's verifier as it is now, which has a catalog
   * @param asks where they are kept
   * @param clock what time it is
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the present verifier has no
   *     catalog
   */
  public static AskQueue of(Supplier<Verifier> verifiers, Asks asks, Clock clock) {
    var unused = HttpGuard.catalog(Given.that(verifiers, "what gives the verifier").get());
    AskStore store = new AskStore(Given.that(asks, "the store"), clock);
    return new AskQueue(store, new AskAnswers(verifiers, store), clock);
  }

  /**
   * Whether an approval would let the call of an ask happen.
   *
   * @param code why not, as a stable code; null if it lacks nothing but approvals
   * @param detail why not, in a sentence; null if the code says it all
   */
  public record Standing(@Nullable String code, @Nullable String detail) {
    /** It lacks nothing but approvals. */
    public static final Standing POSSIBLE = new Standing(null, null);

    /** True if the call lacks nothing but approvals. */
    public boolean isPossible() {
      return code == null;
    }
  }

  /**
   * The asks of this service that have not ended, the one that ends first first.
   *
   * @throws TaperException if the store cannot be asked, or too many ask it at once
   */
  public synchronized List<KeptAsk> asks() {
    Map<String, Read> next = new HashMap<>();
    List<KeptAsk> asks = new ArrayList<>();
    int left = READ_AT_ONCE;
    for (Ask.Head head : store.heads()) {
      Read read = known.get(head.name());
      if (read == null || read.revision() != head.revision()) {
        read = left-- > 0 ? read(head.name()) : read;
      }
      if (read != null) {
        next.put(head.name(), read);
        KeptAsk ask = read.ask();
        if (ask != null && answers.isOfService(ask)) {
          asks.add(ask);
        }
      }
    }
    known = next;
    return asks;
  }

  private @Nullable Read read(String name) {
    Ask ask = store.find(name);
    if (ask == null) {
      return null;
    }
    try {
      return new Read(ask.revision(), KeptAsk.read(ask));
    } catch (TaperException e) {
      broken.failed(e);
      return new Read(ask.revision(), null);
    }
  }

  /**
   * One ask, as the store has it now; null if there is none, it has ended, or it is another
   * service's.
   *
   * @throws TaperException if the store cannot be asked, or too many ask it at once
   */
  public @Nullable KeptAsk ask(String name) {
    Ask found = store.find(name);
    KeptAsk ask = found == null ? null : KeptAsk.read(found);
    return ask != null && answers.isOfService(ask) ? ask : null;
  }

  /**
   * Whether an approval would help: authority is looked at before a human is bothered. What cannot
   * be known now is no.
   */
  public Standing standing(KeptAsk ask) {
    try {
      ApprovalRequest request = ApprovalRequest.decode(ask.status().request());
      AskedCall asked = AskedCall.of(answers.verifiers().get(), request, ask.sent());
      Denied denied = asked.preview(SentApprovals.NONE).denial();
      if (denied == null) {
        return new Standing("nothing_to_ask", "the call would be allowed without an approval");
      }
      if (!AskedCall.lacksApprovalsOnly(denied)) {
        return new Standing(denied.code().text(), denied.operatorReason());
      }
      return asked.isFor(request)
          ? Standing.POSSIBLE
          : new Standing("catalog_changed", "the catalog of today gives the call another meaning");
    } catch (TaperException e) {
      return new Standing(e.code().text(), null);
    }
  }

  /** True if a key is that of an approver of the call, whose approval would count now. */
  public boolean counts(KeptAsk ask, PublicKey key) {
    try {
      ApprovalRequest request = ApprovalRequest.decode(ask.status().request());
      return AskedCall.of(answers.verifiers().get(), request, ask.sent())
          .preview(SentApprovals.NONE)
          .isApprover(key);
    } catch (TaperException e) {
      return false;
    }
  }

  /**
   * Keeps an approval.
   *
   * @param name the ask
   * @param approval in base64url
   * @return how far the ask is then: answered, or open if others have to approve
   * @throws RefusedException as an answer over HTTP: {@code unknown_ask}, {@code
   *     approval_mismatch}, {@code ask_closed}, {@code malformed_approval} and others
   */
  public AskStatus.State approve(String name, String approval) throws RefusedException {
    return answered(() -> answers.approved(answers.find(name), approval));
  }

  /**
   * Refuses.
   *
   * @param name the ask
   * @param reason why, one line for whoever asks
   * @return how far the ask is then: refused
   * @throws RefusedException as {@link #approve}
   */
  public AskStatus.State refuse(String name, String reason) throws RefusedException {
    return answered(() -> answers.refused(answers.find(name), reason));
  }

  private interface Answer {
    AskStatus take() throws RefusedException;
  }

  private static AskStatus.State answered(Answer answer) throws RefusedException {
    try {
      return answer.take().state();
    } catch (TaperException e) {
      throw new RefusedException(HttpRefusal.of(e));
    }
  }
}
