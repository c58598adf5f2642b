package dev.taper.operations.trail;

import dev.taper.agent.delegation.DelegationHop;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditHop;
import dev.taper.audit.AuditKind;
import dev.taper.audit.LogVerification;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.revocation.Fingerprint;
import dev.taper.store.registry.Endings;
import dev.taper.store.registry.ReviewDecision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an audit log tells of some tasks: which tokens there were, who gave them to whom, and what
 * was done with each. Collects record by record. For one thread.
 */
public final class Trail {
  /** How many calls are kept, other records, tokens told of, and tasks; what is more is counted. */
  static final int MAX_ENTRIES = 20_000;

  private final Predicate<AuditEvent> wanted;
  private final Map<String, TaskTrail> tasks = new LinkedHashMap<>();
  private final LearnedBlocks learned = new LearnedBlocks();
  private final Ends ends = new Ends();
  private final Endings elsewhere;
  private List<LogVerification> verifications = List.of();
  private int keptCalls;
  private int keptOthers;
  private int tokens;
  private long left;

  /**
   * Starts without a record.
   *
   * @param filter which records are wanted
   * @param elsewhere what ended, by other places than the log
   */
  public Trail(TrailFilter filter, Endings elsewhere) {
    this.wanted = filter.reading();
    this.elsewhere = elsewhere;
  }

  /**
   * A record.
   *
   * @param log which log it is in, as it was named; empty if there is one alone
   * @param sequence its number there
   * @param event what happened
   */
  public record Entry(String log, long sequence, AuditEvent event) {
    /** When it happened. */
    public Instant time() {
      return event.time();
    }

    /** Its number, and its log if there are several. */
    public String place() {
      return log.isEmpty() ? String.valueOf(sequence) : sequence + " of " + log;
    }
  }

  /**
   * How often something was called.
   *
   * @param allowed how many calls were allowed
   * @param denied how many were denied, whoever made them
   */
  public record Used(long allowed, long denied) {}

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
    private final CallTally tally = new CallTally();
    private LearnedBlocks.Block known = LearnedBlocks.Block.UNKNOWN;

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

    /** The calls that were made with it, as far as there was room to keep them. */
    public List<Entry> calls() {
      return Collections.unmodifiableList(calls);
    }

    /** What else happened to it. */
    public List<Entry> events() {
      return Collections.unmodifiableList(events);
    }

    /** How many calls were allowed. */
    public long allowed() {
      return tally.allowed;
    }

    /** Denials of calls that the holder proved. */
    public long denied() {
      return tally.denied;
    }

    /** Denials of calls that anybody with a copy of the token may have made. */
    public long unproven() {
      return tally.unproven;
    }

    /** When the last call was made; null if there was none. */
    public @Nullable Instant lastCall() {
      return tally.last;
    }

    /** All calls, counted by tool and operation, in the order in which they were first used. */
    public Map<String, Used> used() {
      return Collections.unmodifiableMap(tally.kinds);
    }

    /** Who holds it, in words. */
    public String holder() {
      String name = hop.holder();
      return name == null ? "whoever bears the token" : name;
    }
  }

  /**
   * Reads logs in which nothing may be wrong.
   *
   * @param logs the logs
   * @return what is to be said about the logs themselves, a sentence each
   * @throws OperationException as {@link AuditLogs#read}; {@code nothing_found} if the logs say
   *     nothing of what is wanted
   */
  public List<String> read(AuditLogs logs) {
    return read(logs, () -> {});
  }

  /**
   * Reads logs in which nothing may be wrong.
   *
   * @param logs the logs
   * @param each is told of every record
   * @return as {@link #read(AuditLogs)}
   * @throws OperationException as {@link #read(AuditLogs)}
   */
  public List<String> read(AuditLogs logs, Runnable each) {
    AuditReader.Reading reading =
        logs.read(
            found -> {
              each.run();
              add(found);
            });
    verifications = reading.verifications();
    if (tasks.isEmpty()) {
      throw OperationException.nothing(
          logs.size() == 1
              ? "the audit log says nothing of that"
              : "the audit logs say nothing of that");
    }
    List<String> notes = new ArrayList<>(reading.notes());
    if (left > 0) {
      notes.add(
          left
              + " records more fit; they are not listed one by one. Ask for less, such as a time or"
              + " a tool, to see them");
    }
    return notes;
  }

  /** What was found when the logs were verified, in their order; empty before they were read. */
  public List<LogVerification> verifications() {
    return verifications;
  }

  /** How many records fit and are not kept one by one; the calls among them are counted. */
  public long left() {
    return left;
  }

  /** Adds a record. */
  void add(AuditLogs.Found found) {
    if (!(found.record().content() instanceof AuditEvent event)) {
      return;
    }
    Entry entry = new Entry(found.log(), found.record().sequence(), event);
    learned.add(event);
    ends.add(entry);
    if (!wanted.test(event)) {
      return;
    }
    String id = taskOf(event);
    TaskTrail task = tasks.get(id);
    if (task == null && tasks.size() < MAX_ENTRIES) {
      task = new TaskTrail(id);
      tasks.put(id, task);
    }
    TokenTrail token = task == null ? null : token(task, entry);
    boolean isCall = event.kind().ofACall();
    if (token != null && isCall) {
      token.tally.add(event);
    }
    if (task == null || !isKept(event)) {
      left++;
      return;
    }
    if (token == null) {
      task.events.add(entry);
    } else if (isCall) {
      token.calls.add(entry);
    } else {
      token.events.add(entry);
    }
  }

  /** Whether there is room; calls and asks leave some to who approved and what was revoked. */
  private boolean isKept(AuditEvent event) {
    boolean isCall = event.basis() != null;
    boolean isKept = (isCall ? keptCalls : keptOthers) < MAX_ENTRIES;
    if (isKept && isCall) {
      keptCalls++;
    } else if (isKept) {
      keptOthers++;
    }
    return isKept;
  }

  private static String taskOf(AuditEvent event) {
    AuditEvent.Subject subject = event.subject();
    if (event.task() != null) {
      return event.task();
    }
    return subject != null && subject.type().equals("task") ? subject.id() : "";
  }

  /** The token that the record is about, with all it comes from; null if it is about none. */
  private @Nullable TokenTrail token(TaskTrail task, Entry entry) {
    TokenTrail parent = null;
    Instant until = null;
    for (AuditHop hop : entry.event().hops()) {
      Instant own = hop.until();
      until = until == null || (own != null && own.isBefore(until)) ? own : until;
      TokenTrail token = task.tokens.get(hop.digest());
      if (token == null) {
        if (tokens == MAX_ENTRIES) {
          return null;
        }
        tokens++;
        token = new TokenTrail(hop, entry, until, parent);
        task.tokens.put(hop.digest(), token);
        if (parent != null) {
          parent.children.add(token);
        }
      }
      // Others may be described between now and the end: what is known of this one stays.
      token.known = token.known.with(learned.of(hop.digest()));
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
    return known(token).granted();
  }

  private LearnedBlocks.Block known(TokenTrail token) {
    return token.known.with(learned.of(token.hop.digest()));
  }

  /** A task in words; null if the log does not say. */
  public @Nullable String purpose(TaskTrail task) {
    return learned.purpose(task.id);
  }

  /**
   * What ended a token before its time: itself, a holder or what it comes from revoked, or the task
   * ended.
   */
  public @Nullable Entry end(TaskTrail task, TokenTrail token) {
    Entry end = endWithAllBelow(task, token);
    return end != null || token.hop.holder() == null
        ? end
        : ends.first("last_holder " + token.hop.key());
  }

  private @Nullable Entry endWithAllBelow(TaskTrail task, TokenTrail token) {
    for (String what :
        List.of(
            "task " + task.id,
            "block " + token.hop.digest(),
            "holder " + token.hop.key(),
            "holder " + token.hop.by(), // of a third party's block, its key
            "delegator " + token.delegator(),
            "root_key " + known(token).rootKey())) {
      Entry end = ends.first(what);
      if (end != null) {
        return end;
      }
    }
    return token.parent == null ? null : endWithAllBelow(task, token.parent);
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
    PublicKey rootKey = known(token).rootKey();
    if (rootKey != null) {
      standsOn.add(Fingerprint.ofRoot(rootKey));
    }
    String block = known(token).fingerprint();
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
      boolean lapsed = subject != null && Ends.isLapse(subject);
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
