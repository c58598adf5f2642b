package dev.taper.server.console.view;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.JsonMembers;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.crypto.PublicKey;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.OperationException;
import java.io.IOException;
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
  private static final Set<String> STATES = Set.of("open", "answered", "refused", "all");

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
  public @Nullable HttpAnswer answer(ViewRequest request) throws RefusedException {
    if (request.is("GET", "asks")) {
      return page(request);
    }
    if (request.is("GET", "asks", "*")) {
      String name = name(request.part(1));
      PublicKey key = key(request);
      request.requireNothingElse();
      AskItem item = source.item(name, key);
      return ViewJson.answer(json -> write(json, item));
    }
    return request.is("POST", "answers") ? answers(request.by(), request.content()) : null;
  }

  /** Refuses what is no name of an ask. */
  static String name(String text) throws RefusedException {
    if (!NAME.matcher(text).matches()) {
      throw ViewRequest.refused(404, "unknown_ask", null);
    }
    return text;
  }

  private static @Nullable PublicKey key(ViewRequest request) {
    String key = request.parameter("key");
    return key == null ? null : PublicKey.parse(key);
  }

  private HttpAnswer page(ViewRequest request) throws RefusedException {
    String state = request.parameter("state");
    AskSource.Wanted wanted =
        new AskSource.Wanted(
            state == null ? "open" : state, key(request), request.after(), request.limit());
    request.requireNothingElse();
    if (!STATES.contains(wanted.state())) {
      throw ViewRequest.invalid("there is no such state");
    }
    AskSource.Page page = source.page(wanted);
    return ViewJson.answer(
        json -> {
          json.writeArrayFieldStart("items");
          for (AskItem item : page.items()) {
            json.writeStartObject();
            write(json, item);
            json.writeEndObject();
          }
          for (AskSource.Broken broken : page.broken()) {
            json.writeStartObject();
            json.writeStringField("ask", broken.name());
            problem(json, "broken", broken.problem());
            json.writeEndObject();
          }
          json.writeEndArray();
          ViewJson.text(json, "next", page.next());
          json.writeNumberField("open", page.open().count());
          json.writeNumberField("hidden", page.open().hidden());
          ViewJson.objects(json, "waiting", page.open().waiting(), AsksView::waiting);
        });
  }

  private static void waiting(JsonGenerator json, AskSource.Waiting one) throws IOException {
    json.writeStringField("delegator", one.delegator());
    json.writeStringField("agent", one.agent());
    json.writeNumberField("open", one.open());
  }

  private static void write(JsonGenerator json, AskItem item) throws IOException {
    json.writeStringField("ask", item.name());
    json.writeStringField("state", item.state());
    json.writeNumberField("until_s", item.until());
    json.writeStringField("audience", item.audience());
    json.writeStringField("request", item.request());
    ViewJson.texts(json, "approvals", item.approvals());
    ViewJson.text(json, "refusal", item.refusal());
    Boolean counts = item.counts();
    if (counts != null) {
      json.writeBooleanField("counts", counts);
    }
    json.writeNumberField("alike", item.alike());
    AskItem.Problem impossible = item.impossible();
    ViewJson.object(
        json,
        "possible",
        possible -> {
          possible.writeBooleanField("yes", impossible == null);
          if (impossible != null) {
            possible.writeStringField("code", impossible.code());
            ViewJson.text(possible, "detail", impossible.detail());
          }
        });
    AskItem.Before before = item.before();
    if (before != null) {
      ViewJson.object(json, "before", members -> before(members, before));
    }
  }

  private static void problem(JsonGenerator json, String name, AskItem.Problem problem)
      throws IOException {
    ViewJson.object(
        json,
        name,
        members -> {
          members.writeStringField("code", problem.code());
          ViewJson.text(members, "detail", problem.detail());
        });
  }

  private static void before(JsonGenerator json, AskItem.Before before) throws IOException {
    json.writeNumberField("approved", before.approved());
    json.writeNumberField("used", before.used());
    json.writeNumberField("same_tool", before.sameTool());
    json.writeNumberField("denied", before.denied());
    if (!before.calls().isEmpty()) {
      ViewJson.moment(json, "last_at", before.calls().get(0).time());
    }
    ViewJson.objects(
        json,
        "items",
        before.calls(),
        (item, call) -> {
          ViewJson.moment(item, "time", call.time());
          item.writeNumberField("seq", call.sequence());
          item.writeStringField("kind", call.kind());
          item.writeStringField("tool", call.tool());
          ViewJson.text(item, "resource", call.resource());
          ViewJson.text(item, "task", call.task());
        });
  }

  /** One answer that somebody sent. */
  private record Sent(String ask, @Nullable String approval, @Nullable String refusal) {}

  /** What came of an answer. */
  private record Done(String ask, @Nullable String state, @Nullable HttpRefusal refusal) {}

  private HttpAnswer answers(@Nullable String by, JsonMembers<RefusedException> content)
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
    List<Done> done = new ArrayList<>();
    for (Sent answer : sent) {
      done.add(done(by, answer));
    }
    return ViewJson.answer(json -> ViewJson.objects(json, "results", done, AsksView::result));
  }

  private Done done(@Nullable String by, Sent answer) {
    String approval = answer.approval;
    String refusal = answer.refusal;
    try {
      if (approval != null) {
        PublicKey approver = Approval.decode(approval).approver();
        kept.approving(source.item(answer.ask, approver), approval);
        return new Done(answer.ask, source.approve(answer.ask, approval), null);
      }
      String reason = String.valueOf(refusal);
      if (by != null) {
        kept.refusing(source.item(answer.ask, null), by, reason);
      }
      return new Done(answer.ask, source.refuse(answer.ask, reason), null);
    } catch (RefusedException e) {
      return new Done(answer.ask, null, e.refusal());
    } catch (TaperException e) {
      return new Done(answer.ask, null, HttpRefusal.of(503, e.code().text(), null));
    } catch (OperationException e) {
      return new Done(answer.ask, null, HttpRefusal.of(503, e.code(), null));
    }
  }

  private static void result(JsonGenerator json, Done done) throws IOException {
    json.writeStringField("ask", done.ask());
    ViewJson.text(json, "state", done.state());
    HttpRefusal refusal = done.refusal();
    if (refusal != null) {
      json.writeNumberField("status", refusal.status());
      json.writeStringField("code", refusal.code());
      ViewJson.text(json, "detail", refusal.detail());
    }
  }
}
