package dev.taper.cli.audit;

import dev.taper.agent.DelegationHop;
import dev.taper.audit.AuditBasis;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditHop;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.AuditSubject;
import dev.taper.audit.LogVerification;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.store.registry.Endings;
import dev.taper.store.registry.ReviewDecision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an audit log tells of some tasks: which tokens there were, who gave them to whom, and what
 * was done with each. Collects record by record. For one thread.
 */
final class Trail {
  /** The verdict of a record about a revocation that was taken back. */
  private static final String LIFTED = "lifted";

  private final Selection selection;
  private final Map<String, TaskTrail> tasks = new LinkedHashMap<>();
  private final Map<String, String> granted = new HashMap<>();
  private final Map<String, String> purposes = new HashMap<>();
  private final Map<String, Entry> ends = new HashMap<>();
  private final Map<String, PublicKey> rootKeys = new HashMap<>();
  private final Map<String, String> fingerprints = new HashMap<>();
  private final Endings elsewhere;
  private @Nullable String warning;

  /**
   * Starts without a record.
   *
   * @param selection which records are wanted
   * @param elsewhere what ended, by other places than the log
   */
  Trail(Selection selection, Endings elsewhere) {
    this.selection = selection;
    this.elsewhere = elsewhere;
  }

  /**
   * A record.
   *
   * @param sequence its number
   * @param event what happened
   */
  record Entry(long sequence, AuditEvent event) {
    Instant time() {
      return event.time();
    }
  }

  /** All that is known of one task. */
  static final class TaskTrail {
    final String id;
    final @Nullable String delegator;
    final Map<String, TokenTrail> tokens = new LinkedHashMap<>();
    final List<Entry> events = new ArrayList<>();

    TaskTrail(String id, @Nullable String delegator) {
      this.id = id;
      this.delegator = delegator;
    }

    /** The tokens that the delegator granted, which all others come from. */
    List<TokenTrail> roots() {
      return tokens.values().stream().filter(token -> token.hop.block() == 0).toList();
    }
  }

  /** All that is known of one token: a step of a chain. */
  static final class TokenTrail {
    final AuditHop hop;
    final Entry first;
    final @Nullable Instant until;
    final @Nullable TokenTrail parent;
    final List<TokenTrail> children = new ArrayList<>();
    final List<Entry> calls = new ArrayList<>();
    final List<Entry> events = new ArrayList<>();

    TokenTrail(AuditHop hop, Entry first, @Nullable Instant until, @Nullable TokenTrail parent) {
      this.hop = hop;
      this.parent = parent;
      this.first = first;
      this.until = until;
    }

    long allowed() {
      return calls.stream().filter(call -> call.event().kind() == AuditKind.ALLOW).count();
    }

    /** Denials of calls that the holder proved to make. */
    long denied() {
      return denials(true);
    }

    /** Denials of calls that anybody may have made who has a copy of the token. */
    long unproven() {
      return denials(false);
    }

    private long denials(boolean proven) {
      long denials = 0;
      for (Entry call : calls) {
        AuditBasis grounds = call.event().basis();
        if (call.event().kind() == AuditKind.DENY
            && grounds != null
            && grounds.isProven() == proven) {
          denials += 1 + Words.omitted(call.event());
        }
      }
      return denials;
    }

    String holder() {
      String name = hop.holder();
      return name == null ? "whoever bears the token" : name;
    }
  }

  /** Notes what was found when the log was verified. */
  void verified(LogVerification verdict) {
    warning = verdict.trusted() ? null : Words.untrusted(verdict);
  }

  /** Why nothing of this is proven; null if a key that was named has signed it. */
  @Nullable String warning() {
    return warning;
  }

  void add(AuditRecord record) {
    if (!(record.content() instanceof AuditEvent event)) {
      return;
    }
    learn(record.sequence(), event);
    if (!selection.fits(event)) {
      return;
    }
    Entry entry = new Entry(record.sequence(), event);
    String id = taskOf(event);
    TaskTrail task = tasks.computeIfAbsent(id, key -> new TaskTrail(key, event.delegator()));
    TokenTrail token = token(task, entry);
    if (token == null) {
      task.events.add(entry);
    } else if (event.basis() != null) {
      token.calls.add(entry);
    } else {
      token.events.add(entry);
    }
  }

  /** What a record says is needed to understand others too. */
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
    AuditSubject subject = event.subject();
    Entry entry = new Entry(sequence, event);
    if (event.kind() == AuditKind.REVOKE && subject != null && LIFTED.equals(subject.decision())) {
      ends.remove(subject.type() + " " + subject.id());
    } else if (event.kind() == AuditKind.TASK_END && event.task() != null) {
      ends.putIfAbsent("task " + event.task(), entry);
    } else if (subject != null
        && (event.kind() == AuditKind.REVOKE
            || (event.kind() == AuditKind.REVIEW
                && (ReviewDecision.REVOKED.text().equals(subject.decision())
                    || ReviewDecision.LAPSED.text().equals(subject.decision()))))) {
      ends.putIfAbsent(subject.type() + " " + subject.id(), entry);
    }
  }

  private static String taskOf(AuditEvent event) {
    AuditSubject subject = event.subject();
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

  List<TaskTrail> tasks() {
    return List.copyOf(tasks.values());
  }

  /** What a token's last block grants, in words; null if the log does not say. */
  @Nullable String granted(TokenTrail token) {
    return granted.get(token.hop.digest());
  }

  /** A task in words; null if the log does not say. */
  @Nullable String purpose(TaskTrail task) {
    return purposes.get(task.id);
  }

  /**
   * What ended a token before its time: itself, a holder or what it comes from revoked, or the task
   * ended.
   */
  @Nullable Entry end(TaskTrail task, TokenTrail token) {
    for (String what :
        List.of(
            "task " + task.id,
            "block " + token.hop.digest(),
            "holder " + token.hop.key(),
            "holder " + token.hop.by(), // of a third party's block, its key
            "delegator " + task.delegator,
            "root_key " + rootKeys.get(token.hop.digest()))) {
      Entry end = ends.get(what);
      if (end != null) {
        return end;
      }
    }
    return token.parent == null ? null : end(task, token.parent);
  }

  /** What ended a token, or what it comes from, by other places than the log; or null. */
  private @Nullable ReviewDecision elsewhere(TaskTrail task, TokenTrail token) {
    List<Fingerprint> standsOn = new ArrayList<>();
    standsOn.add(Fingerprint.ofTask(task.id));
    standsOn.add(Fingerprint.ofHolder(token.hop.key()));
    if (task.delegator != null) {
      standsOn.add(Fingerprint.ofDelegator(task.delegator));
    }
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
    return ended != null || token.parent == null ? ended : elsewhere(task, token.parent);
  }

  /** A token's state in a word, and the style class for it. */
  String state(TaskTrail task, TokenTrail token, Instant now) {
    Entry end = end(task, token);
    if (end != null) {
      AuditSubject subject = end.event().subject();
      boolean lapsed = subject != null && ReviewDecision.LAPSED.text().equals(subject.decision());
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
