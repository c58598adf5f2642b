package dev.taper.server.console.view;

import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.AskStatus.State;
import dev.taper.crypto.PublicKey;
import dev.taper.integrations.http.AskQueue.Standing;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.OperationException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code asks} and {@code answers}: the queue, and what is answered. Thread-safe. */
public final class AsksView implements View {
  /** How many asks are answered at once. */
  static final int MAX_ANSWERS = 50;

  private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");

  private final AskSource source;
  private final Kept kept;

  /** Is told of an answer before it is given, so that it can leave a record. */
  @FunctionalInterface
  public interface Kept {
    /**
     * Takes note of an approval.
     *
     * @param ask the ask
     * @param approval in base64url
     */
    void approving(AskItem ask, String approval) throws RefusedException;

    /**
     * Takes note of a refusal; it does not unless this is overridden.
     *
     * @param ask the ask
     * @param by who signed in and refuses
     */
    default void refusing(AskItem ask, String by, String reason) throws RefusedException {}
  }

  /**
   * Shows and answers the asks of a source.
   *
   * @param kept is told of answers before they are given
   */
  public AsksView(AskSource source, Kept kept) {
    this.source = source;
    this.kept = kept;
  }

  @Override
  public @Nullable JsonFields answer(ViewRequest request) throws RefusedException {
    if (request.is("GET", "asks")) {
      return page(request);
    }
    if (request.is("GET", "asks", "*")) {
      String name = name(request.part(1));
      PublicKey key = key(request);
      request.requireNothingElse();
      return fields(source.item(name, key));
    }
    return request.is("POST", "answers") ? answers(request.by(), request.content()) : null;
  }

  /** Refuses what is no name of an ask. */
  static String name(String text) throws RefusedException {
    if (!NAME.matcher(text).matches()) {
      throw new RefusedException(404, "unknown_ask", null);
    }
    return text;
  }

  private static @Nullable PublicKey key(ViewRequest request) {
    String key = request.parameter("key");
    return key == null ? null : PublicKey.parse(key);
  }

  private JsonFields page(ViewRequest request) throws RefusedException {
    String asked = request.parameter("state");
    State state = asked == null ? State.OPEN : State.of(asked);
    AskSource.Wanted wanted =
        new AskSource.Wanted(state, key(request), request.after(), request.limit());
    request.requireNothingElse();
    if (state == null && !"all".equals(asked)) {
      throw ViewRequest.invalid("there is no such state");
    }
    AskSource.Page page = source.page(wanted);
    List<JsonFields> items = new ArrayList<>();
    page.items().forEach(item -> items.add(fields(item)));
    for (AskSource.Broken broken : page.broken()) {
      items.add(new JsonFields().put("ask", broken.name()).put("broken", fields(broken.problem())));
    }
    return new JsonFields()
        .put("items", items)
        .putIfPresent("next", page.next())
        .put("open", page.open().count())
        .put("hidden", page.open().hidden())
        .rows("waiting", page.open().waiting(), AsksView::fields);
  }

  private static JsonFields fields(AskSource.Waiting one) {
    return new JsonFields()
        .put("delegator", one.delegator())
        .put("agent", one.agent())
        .put("open", one.open());
  }

  private static JsonFields fields(AskItem item) {
    AskItem.Before before = item.before();
    JsonFields possible = new JsonFields().put("yes", item.standing().isPossible());
    return new JsonFields()
        .put("ask", item.name())
        .put("state", item.status().state().text())
        .put("until_s", item.until())
        .put("audience", item.audience())
        .put("request", item.status().request())
        .putAll(item.status().answers())
        .putIfPresent("counts", item.counts())
        .put("alike", item.alike())
        .put("possible", possible.putAll(fields(item.standing())))
        .putIfPresent("before", before == null ? null : fields(before));
  }

  private static JsonFields fields(Standing standing) {
    return new JsonFields()
        .putIfPresent("code", standing.code())
        .putIfPresent("detail", standing.detail());
  }

  private static JsonFields fields(AskItem.Before before) {
    List<AskItem.Call> calls = before.calls();
    return new JsonFields()
        .put("approved", before.approved())
        .put("used", before.used())
        .put("same_tool", before.sameTool())
        .put("denied", before.denied())
        .putIfPresent("last_at", calls.isEmpty() ? null : View.millis(calls.get(0).time()))
        .rows("items", calls, AsksView::fields);
  }

  private static JsonFields fields(AskItem.Call call) {
    return new JsonFields()
        .put("time", View.millis(call.time()))
        .put("seq", call.sequence())
        .put("kind", call.kind())
        .put("tool", call.tool())
        .putIfPresent("resource", call.resource())
        .putIfPresent("task", call.task());
  }

  /** One answer that somebody sent. */
  private record Sent(String ask, @Nullable String approval, @Nullable String refusal) {}

  private JsonFields answers(@Nullable String by, JsonMembers<RefusedException> content)
      throws RefusedException {
    List<Sent> sent = new ArrayList<>();
    Set<String> named = new HashSet<>();
    for (JsonMembers<RefusedException> one : content.objects("answers")) {
      Sent answer =
          new Sent(name(one.text("ask")), one.textOrNull("approval"), one.textOrNull("refusal"));
      one.end();
      if (!named.add(answer.ask) || (answer.approval == null) == (answer.refusal == null)) {
        throw ViewRequest.invalid("an answer is an approval, or else a refusal, once for each ask");
      }
      sent.add(answer);
    }
    content.end();
    if (sent.isEmpty() || sent.size() > MAX_ANSWERS) {
      throw ViewRequest.invalid("there are 1 to " + MAX_ANSWERS + " answers");
    }
    return new JsonFields().rows("results", sent, answer -> done(by, answer));
  }

  /** What came of an answer. */
  private JsonFields done(@Nullable String by, Sent answer) {
    JsonFields done = new JsonFields().put("ask", answer.ask);
    HttpRefusal refusal;
    try {
      return done.put("state", state(by, answer).text());
    } catch (RefusedException e) {
      refusal = e.refusal();
    } catch (TaperException e) {
      refusal = HttpRefusal.of(503, e.code().text(), null);
    } catch (OperationException e) {
      refusal = HttpRefusal.of(503, e.code(), null);
    }
    return done.put("status", refusal.status())
        .put("code", refusal.code())
        .putIfPresent("detail", refusal.detail());
  }

  private State state(@Nullable String by, Sent answer) throws RefusedException {
    String approval = answer.approval;
    if (approval != null) {
      PublicKey approver = Approval.decode(approval).approver();
      kept.approving(source.item(answer.ask, approver), approval);
      return source.approve(answer.ask, approval);
    }
    String reason = String.valueOf(answer.refusal);
    if (by != null) {
      kept.refusing(source.item(answer.ask, null), by, reason);
    }
    return source.refuse(answer.ask, reason);
  }
}
