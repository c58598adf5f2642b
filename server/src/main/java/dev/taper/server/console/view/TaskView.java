package dev.taper.server.console.view;

import dev.taper.JsonFields;
import dev.taper.audit.AuditHop;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.OperationException;
import dev.taper.operations.trail.AuditLogs;
import dev.taper.operations.trail.RecordWords;
import dev.taper.operations.trail.Trail;
import dev.taper.operations.trail.TrailFilter;
import dev.taper.revocation.Revocations;
import dev.taper.server.console.view.TaskTokens.Visited;
import dev.taper.store.registry.Endings;
import dev.taper.store.registry.Registry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** {@code tasks}: the tree of a task, of the whole log. One is made at a time. Thread-safe. */
final class TaskView implements View {
  private static final int MAX_TOKENS = 500;
  private static final int MAX_CALLS = 1_500;
  private static final int MAX_OTHERS = 1_000; // more than there are lists

  private final AuditIndex audit;
  private final @Nullable Registry registry;
  private final Clock clock;
  private final Semaphore turn = new Semaphore(1);

  TaskView(AuditIndex audit, @Nullable Registry registry, Clock clock) {
    this.audit = audit;
    this.registry = registry;
    this.clock = clock;
  }

  @Override
  public @Nullable JsonFields answer(ViewRequest request) throws RefusedException {
    if (!request.is("GET", "tasks", "*")) {
      return null;
    }
    request.requireNothingElse();
    if (!turn.tryAcquire()) {
      throw new RefusedException(503, "busy", "another task is being traced");
    }
    try {
      return tree(request.part(1));
    } finally {
      turn.release();
    }
  }

  private JsonFields tree(String id) throws RefusedException {
    Instant now = clock.instant();
    Endings elsewhere =
        registry == null ? Endings.of((Revocations) null, now) : Endings.of(registry, null, now);
    Trail trail = new Trail(TrailFilter.all().task(id), elsewhere);
    try {
      var unused = trail.read(new AuditLogs(List.of(audit.reader())));
    } catch (OperationException e) {
      if (e.code().equals("nothing_found")) {
        throw new RefusedException(404, "unknown_task", null);
      }
      throw e;
    }
    for (Trail.TaskTrail task : trail.tasks()) {
      if (task.id().equals(id)) {
        return new Tree(trail, task, now).fields();
      }
    }
    throw new RefusedException(404, "unknown_task", null);
  }

  /**
   * How many each may show of some lists so that all of them show no more than the most. Lists that
   * are short leave the rest to others, and none that is long hides another.
   */
  static int part(int most, IntStream sizes) {
    int[] sorted = sizes.sorted().toArray();
    int left = most;
    for (int i = 0; i < sorted.length; i++) {
      int part = left / (sorted.length - i);
      if (sorted[i] > part) {
        return part;
      }
      left -= sorted[i];
    }
    return most;
  }

  /** One task on its way to JSON. For one thread. */
  private final class Tree {
    private final Trail trail;
    private final Trail.TaskTrail task;
    private final Instant now;
    private final List<Visited> tokens;
    private final int calls; // of each token
    private final int others; // of each token, and of the task itself
    private boolean isCut;

    Tree(Trail trail, Trail.TaskTrail task, Instant now) {
      this.trail = trail;
      this.task = task;
      this.now = now;
      this.tokens = TaskTokens.of(task, MAX_TOKENS);
      this.isCut = tokens.size() < task.tokens().size();
      this.calls = part(MAX_CALLS, tokens.stream().mapToInt(one -> one.token().calls().size()));
      this.others =
          part(
              MAX_OTHERS,
              IntStream.concat(
                  IntStream.of(task.events().size()),
                  tokens.stream().mapToInt(one -> one.token().events().size())));
    }

    JsonFields fields() {
      return new JsonFields()
          .put("task", task.id())
          .putIfPresent("delegator", task.delegator())
          .putIfPresent("purpose", trail.purpose(task))
          .rows("tokens", tokens, this::fields)
          .put("events", entries(task.events(), others))
          .put("cut", isCut || trail.left() > 0)
          .put("log", TimelineView.fields(audit.now()));
    }

    private JsonFields fields(Visited one) {
      AuditHop hop = one.token().hop();
      return new JsonFields()
          .put("token", hop.digest())
          .putIfPresent("parent", one.parent() == null ? null : one.parent().hop().digest())
          .put("depth", one.depth())
          .put("by", hop.by())
          .putIfPresent("holder", hop.holder())
          .put("key", hop.key())
          .putIfPresent("granted", trail.granted(one.token()))
          .putIfPresent("until", View.millis(one.token().until()))
          .put("state", trail.state(task, one.token(), now))
          .put("allowed", one.token().allowed())
          .put("denied", one.token().denied())
          .put("unproven", one.token().unproven())
          .put("calls", entries(one.token().calls(), calls))
          .put("events", entries(one.token().events(), others));
    }

    private List<JsonFields> entries(List<Trail.Entry> entries, int most) {
      int some = Math.min(most, entries.size());
      isCut |= some < entries.size();
      return entries.subList(0, some).stream().map(Tree::fields).toList();
    }

    private static JsonFields fields(Trail.Entry entry) {
      return new JsonFields()
          .put("seq", entry.sequence())
          .putIfPresent("time", View.millis(entry.time()))
          .put("kind", entry.event().kind().text())
          .put("words", TimelineView.words(entry.event()))
          .putIfPresent("code", RecordWords.code(entry.event()));
    }
  }
}
