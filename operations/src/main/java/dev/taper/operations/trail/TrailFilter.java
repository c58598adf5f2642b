package dev.taper.operations.trail;

import dev.taper.audit.AuditBasis;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditHop;
import dev.taper.audit.AuditKind;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which records are wanted; all conditions must fit. Immutable and thread-safe: every method that
 * adds a condition returns a changed copy.
 *
 * <p>A person or an agent is meant by several texts: its name and its keys. The start of a key,
 * with 8 hex digits or more and perhaps an ellipsis behind it, means every key that begins so.
 */
public final class TrailFilter {
  private static final TrailFilter ALL = new TrailFilter(List.of(), event -> true, false);
  private static final Pattern KEY = Pattern.compile("(?:ed25519|secp256r1)/");
  private static final Pattern KEY_START = Pattern.compile(KEY.pattern() + "[0-9a-f]{8,66}…?");

  private final List<String> words;
  private final Predicate<AuditEvent> fits;
  private final boolean unminted;

  private TrailFilter(List<String> words, Predicate<AuditEvent> fits, boolean unminted) {
    this.words = List.copyOf(words);
    this.fits = fits;
    this.unminted = unminted;
  }

  /** Wants every record. */
  public static TrailFilter all() {
    return ALL;
  }

  private TrailFilter and(String condition, Predicate<AuditEvent> more) {
    List<String> all = new ArrayList<>(words);
    all.add(condition);
    return new TrailFilter(all, fits.and(more), unminted);
  }

  /**
   * Wants what was done with tokens of which no record before says that they were minted: whoever
   * has a root key makes them without telling the issuer's log, which has to be among those read.
   */
  public TrailFilter unminted() {
    List<String> all = new ArrayList<>(words);
    all.add("of tokens without a record of their minting");
    return new TrailFilter(all, fits, true);
  }

  /** Wants what concerns a task. */
  public TrailFilter task(String id) {
    return and("of task " + id, event -> id.equals(event.task()) || isSubject(event, "task", id));
  }

  /**
   * Wants what concerns a holder, who granted, or who did something.
   *
   * @param shown what to call it
   * @param texts its name and its keys
   */
  public TrailFilter agent(String shown, Set<String> texts) {
    Who who = Who.of(texts);
    return and("about " + shown, event -> concerns(event, who));
  }

  /**
   * Wants what concerns a token and what came of it.
   *
   * @param digest the token's digest, or its first digits
   */
  public TrailFilter token(String digest) {
    return and(
        "of token " + RecordWords.shortened(digest) + " and what came of it",
        event -> isOf(event, digest));
  }

  /** Wants what happened then or later. */
  public TrailFilter since(Instant start) {
    return and("since " + start, event -> !event.time().isBefore(start));
  }

  /** Wants what happened before then. */
  public TrailFilter until(Instant end) {
    return and("until " + end, event -> event.time().isBefore(end));
  }

  /**
   * Wants what concerns calls of a tool.
   *
   * @param tools a tool's name, or the start of several and {@code .*}
   * @throws OperationException {@code usage} if it is empty
   */
  public TrailFilter tool(String tools) {
    if (tools.isEmpty() || tools.equals("*")) {
      throw OperationException.usage(
          "a tool is named, or several by the start of their names: jira.*");
    }
    String start = tools.endsWith(".*") ? tools.substring(0, tools.length() - 1) : null;
    return and(
        "about the tool " + tools,
        event -> {
          AuditEvent.Call call = event.call();
          return call != null
              && (start == null ? call.tool().equals(tools) : call.tool().startsWith(start));
        });
  }

  /** Wants calls that were denied, or would have been if the service did not only observe. */
  public TrailFilter denied() {
    return and(
        "about denied calls",
        event -> event.kind().ofACall() && event.basis() != null && event.basis().code() != null);
  }

  /**
   * Wants what an approver approved or refused, and the calls that rest on that.
   *
   * @param shown what to call the approver
   * @param texts its name and its keys
   */
  public TrailFilter approver(String shown, Set<String> texts) {
    Who who = Who.of(texts);
    return and("approved by " + shown, event -> isApprovedBy(event, who));
  }

  /**
   * Says of each event whether it is wanted. It must be asked about all events of one reading, in
   * their order; for one thread.
   */
  public Predicate<AuditEvent> reading() {
    return unminted ? new Unminted().and(fits) : fits;
  }

  /** The conditions in words, such as {@code of task T-1}; empty if every record is wanted. */
  public List<String> words() {
    return words;
  }

  /** Remembers what was minted, by the digests of first blocks; only issuers make these. */
  private static final class Unminted implements Predicate<AuditEvent> {
    private final Set<String> minted = new HashSet<>();

    @Override
    public boolean test(AuditEvent event) {
      if (event.hops().isEmpty()) {
        return false;
      }
      String first = event.hops().get(0).digest();
      if (event.kind() == AuditKind.MINT) {
        minted.add(first);
        return false;
      }
      return !minted.contains(first);
    }
  }

  /**
   * A person or an agent. What a text means is found out once: logs have millions of records.
   *
   * @param texts its name and its keys
   * @param starts with what its keys begin, as far as only that is known
   * @param hasKey whether a key is among all these
   */
  private record Who(Set<String> texts, List<String> starts, boolean hasKey) {
    static Who of(Set<String> texts) {
      List<String> starts = new ArrayList<>();
      boolean hasKey = false;
      for (String text : texts) {
        if (KEY_START.matcher(text).matches()) {
          starts.add(text.replace("…", ""));
        }
        hasKey |= KEY.matcher(text).lookingAt();
      }
      return new Who(Set.copyOf(texts), List.copyOf(starts), hasKey);
    }

    boolean is(@Nullable String text) {
      if (text == null) {
        return false;
      }
      if (texts.contains(text)) {
        return true;
      }
      for (String start : starts) {
        if (text.startsWith(start)) {
          return true;
        }
      }
      return false;
    }

    boolean is(PublicKey key) {
      return hasKey && is(key.toString());
    }
  }

  private static boolean isSubject(AuditEvent event, String type, String id) {
    AuditEvent.Subject subject = event.subject();
    return subject != null && subject.type().equals(type) && subject.id().equals(id);
  }

  private static boolean concerns(AuditEvent event, Who who) {
    for (AuditHop hop : event.hops()) {
      if (who.is(hop.holder()) || who.is(hop.key())) {
        return true;
      }
    }
    AuditEvent.Subject subject = event.subject();
    return who.is(event.by())
        || who.is(event.delegator())
        || (subject != null && who.is(subject.id()));
  }

  private static boolean isApprovedBy(AuditEvent event, Who who) {
    boolean answered = event.kind() == AuditKind.APPROVE || event.kind() == AuditKind.REFUSE;
    if (answered && who.is(event.by())) {
      return true;
    }
    AuditBasis basis = event.basis();
    if (basis != null) {
      for (String approval : basis.approvals()) {
        if (who.is(approval.substring(0, Math.max(0, approval.indexOf(' '))))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isOf(AuditEvent event, String digest) {
    for (AuditHop hop : event.hops()) {
      if (hop.digest().startsWith(digest)) {
        return true;
      }
    }
    if (event.token() != null && event.token().startsWith(digest)) {
      return true;
    }
    AuditEvent.Subject subject = event.subject();
    return subject != null && subject.type().equals("block") && subject.id().startsWith(digest);
  }
}
