package dev.taper.integrations.http;

import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.CallDecision.Denied;
import dev.taper.agent.Verifier;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalRequest.Ask;
import dev.taper.agent.approval.ApprovalRequest.Asks;
import dev.taper.agent.call.SentApprovals;
import dev.taper.crypto.PublicKey;
import java.time.Clock;
import java.time.Instant;
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
  private Map<String, Kept> known = Map.of(); // guarded by this

  /** What was read of an ask; without a content if that is broken. */
  private record Kept(Ask.Head head, @Nullable AskContent content) {}

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
   * An ask in the queue. Nothing of its token is verified here. Immutable and thread-safe.
   *
   * <p>{@link #standing} and {@link #counts} ask the service's verifier.
   */
  public static final class Entry {
    private final String name;
    private final Instant until;
    private final AskContent content;

    Entry(String name, Instant until, AskContent content) {
      this.name = name;
      this.until = until;
      this.content = content;
    }

    /** What it is kept under: a digest of its id, 64 hexadecimal digits. */
    public String name() {
      return name;
    }

    /** When it ends. */
    public Instant until() {
      return until;
    }

    /** The service. */
    public String audience() {
      return content.audience();
    }

    /** How far it is: {@code open}, {@code answered} or {@code refused}. */
    public String state() {
      return content.state().text();
    }

    /** The request for approval as JSON, which the service made by its own catalog. */
    public String request() {
      return content.request();
    }

    /** The approvals that came, each in base64url. */
    public List<String> approvals() {
      return content.approvals();
    }

    /** Why somebody refused; null if nobody did. */
    public @Nullable String refusal() {
      return content.refusal();
    }

    /** Its name and state. */
    @Override
    public String toString() {
      return "Entry(" + name + ", " + state() + ")";
    }
  }

  /**
   * Whether an approval would let the call of an ask happen.
   *
   * @param code why not, as a stable code; null if it lacks nothing but approvals
   * @param detail why not, in a sentence; null if the code says it all
   */
  public record Standing(@Nullable String code, @Nullable String detail) {
    private static final Standing POSSIBLE = new Standing(null, null);

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
  public List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    for (Kept kept : refreshed()) {
      AskContent content = kept.content();
      if (content != null && answers.isOfService(content)) {
        entries.add(new Entry(kept.head().name(), kept.head().until(), content));
      }
    }
    return entries;
  }

  private synchronized List<Kept> refreshed() {
    Map<String, Kept> next = new HashMap<>();
    List<Kept> all = new ArrayList<>();
    int left = READ_AT_ONCE;
    for (Ask.Head head : store.heads()) {
      Kept kept = known.get(head.name());
      if (kept == null || kept.head().revision() != head.revision()) {
        kept = left-- > 0 ? read(head) : kept;
      }
      if (kept != null) {
        next.put(head.name(), kept);
        all.add(kept);
      }
    }
    known = next;
    return all;
  }

  private @Nullable Kept read(Ask.Head head) {
    Ask ask = store.find(head.name());
    if (ask == null) {
      return null;
    }
    Ask.Head found = new Ask.Head(ask.name(), ask.until(), ask.revision());
    try {
      return new Kept(found, AskContent.read(ask.content()));
    } catch (TaperException e) {
      broken.failed(e);
      return new Kept(found, null);
    }
  }

  /**
   * One ask, as the store has it now; null if there is none, it has ended, or it is another
   * service's.
   *
   * @throws TaperException if the store cannot be asked, or too many ask it at once
   */
  public @Nullable Entry entry(String name) {
    Ask ask = store.find(name);
    if (ask == null) {
      return null;
    }
    AskContent content = AskContent.read(ask.content());
    return answers.isOfService(content) ? new Entry(ask.name(), ask.until(), content) : null;
  }

  /**
   * Whether an approval would help: authority is looked at before a human is bothered. What cannot
   * be known now is no.
   */
  public Standing standing(Entry entry) {
    try {
      Verifier verifier = answers.verifiers().get();
      AskedCall asked = call(verifier, entry);
      Denied denied = asked.preview(SentApprovals.NONE).denial();
      if (denied == null) {
        return new Standing("nothing_to_ask", "the call would be allowed without an approval");
      }
      if (!AskedCall.lacksApprovalsOnly(denied)) {
        return new Standing(denied.code().text(), denied.operatorReason());
      }
      ApprovalRequest request = ApprovalRequest.decode(entry.request());
      return asked.isFor(request)
          ? Standing.POSSIBLE
          : new Standing("catalog_changed", "the catalog of today gives the call another meaning");
    } catch (TaperException e) {
      return new Standing(e.code().text(), null);
    }
  }

  /** True if a key is that of an approver of the call, whose approval would count now. */
  public boolean counts(Entry entry, PublicKey key) {
    try {
      Verifier verifier = answers.verifiers().get();
      return call(verifier, entry).preview(SentApprovals.NONE).isApprover(key);
    } catch (TaperException e) {
      return false;
    }
  }

  private static AskedCall call(Verifier verifier, Entry entry) {
    ApprovalRequest request = ApprovalRequest.decode(entry.request());
    return new AskedCall(
        verifier,
        request.token(),
        entry.content.sent(),
        HttpGuard.catalog(verifier).call(entry.content.sent()));
  }

  /**
   * Keeps an approval.
   *
   * @param name the ask
   * @param approval in base64url
   * @return how far the ask is then: {@code answered}, or {@code open} if others have to approve
   * @throws RefusedException as an answer over HTTP: {@code unknown_ask}, {@code
   *     approval_mismatch}, {@code ask_closed}, {@code malformed_approval} and others
   */
  public String approve(String name, String approval) throws RefusedException {
    return answered(() -> answers.approved(answers.find(name), approval));
  }

  /**
   * Refuses.
   *
   * @param name the ask
   * @param reason why, one line for whoever asks
   * @return how far the ask is then: {@code refused}
   * @throws RefusedException as {@link #approve}
   */
  public String refuse(String name, String reason) throws RefusedException {
    return answered(() -> answers.refused(answers.find(name), reason));
  }

  private interface Answer {
    AskContent take() throws RefusedException;
  }

  private static String answered(Answer answer) throws RefusedException {
    try {
      return answer.take().state().text();
    } catch (TaperException e) {
      throw new RefusedException(HttpRefusal.of(e));
    }
  }
}
