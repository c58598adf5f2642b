package dev.taper.operations.trail;

import dev.taper.agent.DelegationHop;
import dev.taper.audit.AuditBasis;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditHop;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.LogVerification;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.revocation.Fingerprint;
import dev.taper.store.registry.Endings;
import dev.taper.store.registry.ReviewDecision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an audit log tells of some tasks: which tokens there were, who gave them to whom, and what
 * was done with each. Collects record by record. For one thread.
 */
public final class Trail {
  /** What a record says of a revocation that was taken back. */
  private static final String LIFTED = "lifted";

  private final TrailFilter filter;
  private final Map<String, TaskTrail> tasks = new LinkedHashMap<>();
  private final Map<String, String> granted = new HashMap<>();
  private final Map<String, String> purposes = new HashMap<>();

  /**
   * By subject, and for each by who ended it: what one issuer lifts, another still revokes. What a
   * review ends is an entry of the list that is signed next, and nobody's own.
   */
  private final Map<String, Map<String, Entry>> ends = new HashMap<>();

  private final Map<String, PublicKey> rootKeys = new HashMap<>();
  private final Map<String, String> fingerprints = new HashMap<>();
  private final Endings elsewhere;
  private @Nullable LogVerification verification;

  /**
   * Starts without a record.
   *
   * @param filter which records are wanted
   * @param elsewhere what ended, by other places than the log
   */
  public Trail(TrailFilter filter, Endings elsewhere) {
    this.filter = filter;
    this.elsewhere = elsewhere;
  }

  /**
   * A record.
   *
   * @param sequence its number
   * @param event what happened
   */
  public record Entry(long sequence, AuditEvent event) {
    /** When it happened. */
    public Instant time() {
      return event.time();
    }
  }

  /** All that is known of one task. */
  public static final class TaskTrail {
    private final String id;
    private final Map<String, TokenTrail> tokens = new LinkedHashMap<>();
    private final List<Entry> events = new ArrayList<>();

    TaskTrail(String id) {
      this.id = id;
    }

    /** Its id; empty for what belongs to no task. */
    public String id() {
      return id;
    }

    /**
     * Whose authority it is, several names if several used its id; null if the log has no token.
     */
    public @Nullable String delegator() {
      List<String> names = roots().stream().map(TokenTrail::delegator).distinct().toList();
      return names.isEmpty() ? null : String.join(", ", names);
    }

    /** Its tokens, in the order in which the log names them. */
    public List<TokenTrail> tokens() {
      return List.copyOf(tokens.values());
    }

    /** What happened to the task, and to none of its tokens alone. */
    public List<Entry> events() {
      return Collections.unmodifiableList(events);
    }

    /** The tokens that the delegator granted, which all others come from. */
    public List<TokenTrail> roots() {
      return tokens.values().stream().filter(token -> token.hop.block() == 0).toList();
    }
  }

  /** All that is known of one token: a step of a chain. */
  public static final class TokenTrail {
    private final AuditHop hop;
    private final Entry first;
    private final @Nullable Instant until;
    private final @Nullable TokenTrail parent;
    private final List<TokenTrail> children = new ArrayList<>();
    private final List<Entry> calls = new ArrayList<>();
    private final List<Entry> events = new ArrayList<>();

    TokenTrail(AuditHop hop, Entry first, @Nullable Instant until, @Nullable TokenTrail parent) {
      this.hop = hop;
      this.parent = parent;
      this.first = first;
      this.until = until;
    }

    /** The step of the chain. */
    public AuditHop hop() {
      return hop;
    }

    /** Whose authority it is: the one who granted what it comes from. */
    private String delegator() {
      return parent == null ? hop.by() : parent.delegator();
    }

    /** The first record that names it. */
    public Entry first() {
      return first;
    }

    /** When it ends by itself; null for never. */
    public @Nullable Instant until() {
      return until;
    }

    /** What was handed on from it. */
    public List<TokenTrail> children() {
      return Collections.unmodifiableList(children);
    }

    /** The calls that were made with it. */
    public List<Entry> calls() {
      return Collections.unmodifiableList(calls);
    }

    /** What else happened to it. */
    public List<Entry> events() {
      return Collections.unmodifiableList(events);
    }

    /** How many calls were allowed. */
    public long allowed() {
      return calls.stream().filter(call -> call.event().kind() == AuditKind.ALLOW).count();
    }

    /** Denials of calls that the holder proved. */
    public long denied() {
      return denials(true);
    }

    /** Denials of calls that anybody with a copy of the token may have made. */
    public long unproven() {
      return denials(false);
    }

    private long denials(boolean proven) {
      long denials = 0;
      for (Entry call : calls) {
        AuditBasis grounds = call.event().basis();
        if (call.event().kind() == AuditKind.DENY
            && grounds != null
            && grounds.isProven() == proven) {
          denials += 1 + RecordWords.omitted(call.event());
        }
      }
      return denials;
    }

    /** Who holds it, in words. */
    public String holder() {
      String name = hop.holder();
      return name == null ? "whoever bears the token" : name;
    }
  }

  /**
   * Reads a log in which nothing may be wrong.
   *
   * @param log the log
   * @return what is to be said about the log itself, a sentence each
   * @throws OperationException as {@link AuditReader#read}; {@code nothing_found} if the log says
   *     nothing of what is wanted
   */
  public List<String> read(AuditReader log) {
    AuditReader.Reading reading = log.read(this::add);
    verification = reading.verification();
    if (tasks.isEmpty()) {
      throw OperationException.nothing("the audit log says nothing of that");
    }
    return reading.notes();
  }

  /** What was found when the log was verified; null before it was read. */
  public @Nullable LogVerification verification() {
    return verification;
  }

  /** Adds a record. */
  void add(AuditRecord record) {
    if (!(record.content() instanceof AuditEvent event)) {
      return;
    }
    learn(record.sequence(), event);
    if (!filter.fits(event)) {
      return;
    }
    Entry entry = new Entry(record.sequence(), event);
    String id = taskOf(event);
    TaskTrail task = tasks.computeIfAbsent(id, TaskTrail::new);
    TokenTrail token = token(task, entry);
    if (token == null) {
      task.events.add(entry);
    } else if (event.basis() != null) {
      token.calls.add(entry);
    } else {
      token.events.add(entry);
    }
  }

  /** Keeps what a record says: other records need it. */
  private void learn(long sequence, AuditEvent event) {
    for (AuditHop hop : event.hops()) {
      if (hop.granted() != null) {
        granted.put(hop.digest(), hop.granted());
      }
      if (hop.fingerprint() != null) {
        fingerprints.put(hop.digest(), hop.fingerprint());
      }
      if (event.basis() != null) {
        rootKeys.put(hop.digest(), event.basis().rootKey());
      }
    }
    if (event.task() != null && event.purpose() != null) {
      purposes.put(event.task(), event.purpose());
    }
    AuditEvent.Subject subject = event.subject();
    String by = event.by() == null ? "" : event.by();
    if (event.kind() == AuditKind.REVOKE && subject != null && LIFTED.equals(subject.decision())) {
      Map<String, Entry> ended = ends.getOrDefault(named(subject), new HashMap<>());
      ended.remove(by);
      ended.values().removeIf(end -> end.event().kind() == AuditKind.REVIEW);
    } else if (event.kind() == AuditKind.TASK_END && event.task() != null) {
      end("task " + event.task(), by, new Entry(sequence, event));
    } else if (subject != null && isEnd(event, subject)) {
      end(named(subject), by, new Entry(sequence, event));
    }
  }

  private void end(String what, String by, Entry entry) {
    ends.computeIfAbsent(what, key -> new LinkedHashMap<>()).putIfAbsent(by, entry);
  }

  private static boolean isEnd(AuditEvent event, AuditEvent.Subject subject) {
    return event.kind() == AuditKind.REVOKE
        || (event.kind() == AuditKind.REVIEW
            && (ReviewDecision.REVOKED.text().equals(subject.decision()) || isLapse(subject)));
  }

  private static boolean isLapse(AuditEvent.Subject subject) {
    return ReviewDecision.LAPSED.text().equals(subject.decision());
  }

  private static String named(AuditEvent.Subject subject) {
    return subject.type() + " " + subject.id();
  }

  private static String taskOf(AuditEvent event) {
    AuditEvent.Subject subject = event.subject();
    if (event.task() != null) {
      return event.task();
    }
    return subject != null && subject.type().equals("task") ? subject.id() : "";
  }

  /** The token that the record is about, with all it comes from; null if it is about none. */
  private static @Nullable TokenTrail token(TaskTrail task, Entry entry) {
    TokenTrail parent = null;
    Instant until = null;
    for (AuditHop hop : entry.event().hops()) {
      Instant own = hop.until();
      until = until == null || (own != null && own.isBefore(until)) ? own : until;
      TokenTrail token = task.tokens.get(hop.digest());
      if (token == null) {
        token = new TokenTrail(hop, entry, until, parent);
        task.tokens.put(hop.digest(), token);
        if (parent != null) {
          parent.children.add(token);
        }
      }
      parent = token;
    }
    String named = entry.event().token();
    return parent == null && named != null ? task.tokens.get(named) : parent;
  }

  /** The tasks, in the order in which the log names them. */
  public List<TaskTrail> tasks() {
    return List.copyOf(tasks.values());
  }

  /** What a token's last block grants, in words; null if the log does not say. */
  public @Nullable String granted(TokenTrail token) {
    return granted.get(token.hop.digest());
  }

  /** A task in words; null if the log does not say. */
  public @Nullable String purpose(TaskTrail task) {
    return purposes.get(task.id);
  }

  /**
   * What ended a token before its time: itself, a holder or what it comes from revoked, or the task
   * ended.
   */
  public @Nullable Entry end(TaskTrail task, TokenTrail token) {
    Entry end = endWithAllBelow(task, token);
    return end != null || token.hop.holder() == null
        ? end
        : firstEnd("last_holder " + token.hop.key());
  }

  private @Nullable Entry endWithAllBelow(TaskTrail task, TokenTrail token) {
    for (String what :
        List.of(
            "task " + task.id,
            "block " + token.hop.digest(),
            "holder " + token.hop.key(),
            "holder " + token.hop.by(), // of a third party's block, its key
            "delegator " + token.delegator(),
            "root_key " + rootKeys.get(token.hop.digest()))) {
      Entry end = firstEnd(what);
      if (end != null) {
        return end;
      }
    }
    return token.parent == null ? null : endWithAllBelow(task, token.parent);
  }

  private @Nullable Entry firstEnd(String what) {
    Map<String, Entry> found = ends.getOrDefault(what, Map.of());
    return found.isEmpty() ? null : found.values().iterator().next();
  }

  /** What other places than the log say ended a token, or what it comes from; or null. */
  private @Nullable ReviewDecision elsewhere(TaskTrail task, TokenTrail token) {
    ReviewDecision ended = elsewhereWithAllBelow(task, token);
    return ended != null || token.hop.holder() == null
        ? ended
        : elsewhere.of(token.hop.digest(), List.of(Fingerprint.ofLastHolder(token.hop.key())));
  }

  private @Nullable ReviewDecision elsewhereWithAllBelow(TaskTrail task, TokenTrail token) {
    List<Fingerprint> standsOn = new ArrayList<>();
    standsOn.add(Fingerprint.ofTask(task.id));
    standsOn.add(Fingerprint.ofHolder(token.hop.key()));
    standsOn.add(Fingerprint.ofDelegator(token.delegator()));
    if (token.hop.mode() == DelegationHop.Mode.THIRD_PARTY) {
      standsOn.add(Fingerprint.ofHolder(PublicKey.parse(token.hop.by())));
    }
    PublicKey rootKey = rootKeys.get(token.hop.digest());
    if (rootKey != null) {
      standsOn.add(Fingerprint.ofRoot(rootKey));
    }
    String block = fingerprints.get(token.hop.digest());
    if (block != null) {
      standsOn.add(Fingerprint.parse(block));
    }
    ReviewDecision ended = elsewhere.of(token.hop.digest(), standsOn);
    return ended != null || token.parent == null
        ? ended
        : elsewhereWithAllBelow(task, token.parent);
  }

  /** A token's state in a word: living, expired, revoked, lapsed or task ended. */
  public String state(TaskTrail task, TokenTrail token, Instant now) {
    Entry end = end(task, token);
    if (end != null) {
      AuditEvent.Subject subject = end.event().subject();
      boolean lapsed = subject != null && isLapse(subject);
      return end.event().kind() == AuditKind.TASK_END
          ? "task ended"
          : lapsed ? "lapsed" : "revoked";
    }
    ReviewDecision ended = elsewhere(task, token);
    if (ended != null) {
      return ended.text();
    }
    return token.until != null && !now.isBefore(token.until) ? "expired" : "living";
  }
}
