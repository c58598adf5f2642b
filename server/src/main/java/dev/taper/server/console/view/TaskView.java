package dev.taper.server.console.view;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.audit.AuditHop;
import dev.taper.integrations.http.HttpAnswer;
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
import java.io.IOException;
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
  public @Nullable HttpAnswer answer(ViewRequest request) throws RefusedException {
    if (!request.is("GET", "tasks", "*")) {
      return null;
    }
    request.requireNothingElse();
    if (!turn.tryAcquire()) {
      throw ViewRequest.refused(503, "busy", "another task is being traced");
    }
    try {
      return tree(request.part(1));
    } finally {
      turn.release();
    }
  }

  private HttpAnswer tree(String id) throws RefusedException {
    Instant now = clock.instant();
    Endings elsewhere =
        registry == null ? Endings.of((Revocations) null, now) : Endings.of(registry, null, now);
    Trail trail = new Trail(TrailFilter.all().task(id), elsewhere);
    try {
      var unused = trail.read(new AuditLogs(List.of(audit.reader())));
    } catch (OperationException e) {
      if (e.code().equals("nothing_found")) {
        throw ViewRequest.refused(404, "unknown_task", null);
      }
      throw e;
    }
    for (Trail.TaskTrail task : trail.tasks()) {
      if (task.id().equals(id)) {
        return ViewJson.answer(json -> new Tree(trail, task, now).write(json));
      }
    }
    throw ViewRequest.refused(404, "unknown_task", null);
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

    void write(JsonGenerator json) throws IOException {
      json.writeStringField("task", task.id());
      ViewJson.text(json, "delegator", task.delegator());
      ViewJson.text(json, "purpose", trail.purpose(task));
      ViewJson.objects(json, "tokens", tokens, this::write);
      entries(json, "events", task.events(), others);
      json.writeBooleanField("cut", isCut || trail.left() > 0);
      TimelineView.write(json, audit.now());
    }

    private void write(JsonGenerator json, Visited one) throws IOException {
      AuditHop hop = one.token().hop();
      json.writeStringField("token", hop.digest());
      if (one.parent() != null) {
        json.writeStringField("parent", one.parent().hop().digest());
      }
      json.writeNumberField("depth", one.depth());
      json.writeStringField("by", hop.by());
      ViewJson.text(json, "holder", hop.holder());
      json.writeStringField("key", hop.key().toString());
      ViewJson.text(json, "granted", trail.granted(one.token()));
      ViewJson.moment(json, "until", one.token().until());
      json.writeStringField("state", trail.state(task, one.token(), now));
      json.writeNumberField("allowed", one.token().allowed());
      json.writeNumberField("denied", one.token().denied());
      json.writeNumberField("unproven", one.token().unproven());
      entries(json, "calls", one.token().calls(), calls);
      entries(json, "events", one.token().events(), others);
    }

    private void entries(JsonGenerator json, String name, List<Trail.Entry> entries, int most)
        throws IOException {
      int some = Math.min(most, entries.size());
      isCut |= some < entries.size();
      ViewJson.objects(
          json,
          name,
          entries.subList(0, some),
          (members, entry) -> {
            members.writeNumberField("seq", entry.sequence());
            ViewJson.moment(members, "time", entry.time());
            members.writeStringField("kind", entry.event().kind().text());
            members.writeStringField("words", TimelineView.words(entry.event()));
            ViewJson.text(members, "code", RecordWords.code(entry.event()));
          });
    }
  }
}
