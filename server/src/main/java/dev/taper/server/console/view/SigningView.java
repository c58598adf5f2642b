package dev.taper.server.console.view;

import dev.taper.ErrorCode;
import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.approval.AskStatus.State;
import dev.taper.agent.grant.CallPattern;
import dev.taper.crypto.Signer;
import dev.taper.integrations.http.AskQueue;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.OperationException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code drafts} and {@code keeper-approvals}: what would be signed, and signing it with a key that
 * the person's keeper has. A key of the browser signs in the browser. Thread-safe.
 */
public final class SigningView implements View {
  private static final int LOOKED_AT = 200;

  private final AskSource source;
  private final @Nullable Supplier<Signer> keeper;
  private final Clock clock;

  /**
   * Drafts approvals of a source's asks.
   *
   * @param keeper gives the keeper's key; null if none may sign
   */
  public SigningView(AskSource source, @Nullable Supplier<Signer> keeper, Clock clock) {
    this.source = source;
    this.keeper = keeper;
    this.clock = clock;
  }

  @Override
  public @Nullable JsonFields answer(ViewRequest request) throws RefusedException {
    if (request.is("POST", "drafts")) {
      return draft(request.content());
    }
    return request.is("POST", "keeper-approvals") ? signed(request.content()) : null;
  }

  private JsonFields draft(JsonMembers<RefusedException> content) throws RefusedException {
    String name = AsksView.name(content.text("ask"));
    Approval.Terms terms = terms(content);
    content.end();
    ApprovalRequest asked = open(name);
    ApprovalStatement statement = asked.statement(terms, clock);
    int covers = statement.patterns().isEmpty() ? 1 : covers(statement);
    return new JsonFields()
        .put("statement", base64(statement.toJson()))
        .put("words", statement.words())
        .put("covers", covers);
  }

  private static Approval.Terms terms(JsonMembers<RefusedException> content)
      throws RefusedException {
    Integer window = content.integerOrNull("window_s");
    if (window == null || window == 0) {
      throw ViewRequest.invalid("window_s is missing");
    }
    Approval.Terms terms = Approval.Terms.lasting(Duration.ofSeconds(window));
    Integer uses = content.integerOrNull("uses");
    terms = uses == null ? terms : terms.uses(uses);
    String reason = content.textOrNull("reason");
    terms = reason == null ? terms : terms.because(reason);
    List<CallPattern> patterns = new ArrayList<>();
    for (JsonMembers<RefusedException> one : content.objects("calls")) {
      patterns.add(
          new CallPattern(
              new TreeSet<>(one.texts("tools")),
              new TreeSet<>(one.texts("operations")),
              new TreeSet<>(one.texts("resources"))));
      one.end();
    }
    terms = patterns.isEmpty() ? terms : terms.calls(patterns);
    Integer onward = content.integerOrNull("onward_from");
    terms = onward == null ? terms : terms.onwardFrom(onward);
    List<String> audiences = content.texts("audiences");
    return audiences.isEmpty() ? terms : terms.at(audiences);
  }

  private ApprovalRequest open(String name) throws RefusedException {
    AskItem item = source.item(name, null);
    if (item.status().state() != State.OPEN) {
      throw new RefusedException(409, "ask_closed", null);
    }
    AskQueue.Standing standing = item.standing();
    if (standing.code() != null) {
      throw new RefusedException(409, standing.code(), standing.detail());
    }
    return ApprovalRequest.decode(item.status().request());
  }

  /** How many of the open asks a statement would cover, the first of them at least. */
  private int covers(ApprovalStatement statement) throws RefusedException {
    int covers = 0;
    for (AskItem item :
        source.page(new AskSource.Wanted(State.OPEN, null, null, LOOKED_AT)).items()) {
      ApprovalRequest other = ApprovalRequest.decode(item.status().request());
      List<ApprovalStatement.State> states = ApprovalStatement.State.of(other.token());
      List<ApprovalStatement.State> good =
          statement.isOnward() ? states : states.subList(states.size() - 1, states.size());
      boolean isOfState = good.stream().anyMatch(one -> one.digest().equals(statement.state()));
      boolean isAt = statement.audiences().contains(other.audience());
      covers += isOfState && isAt && statement.covers(other.call()) ? 1 : 0;
    }
    return covers;
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private JsonFields signed(JsonMembers<RefusedException> content) throws RefusedException {
    String name = AsksView.name(content.text("ask"));
    String text = content.text("statement");
    content.end();
    if (keeper == null) {
      throw new RefusedException(403, "no_keeper_key", "no key of a keeper may sign here");
    }
    ApprovalStatement statement = statement(text);
    requireFor(open(name), statement);
    Approval approval;
    try {
      approval = statement.sign(keeper.get());
    } catch (TaperException e) {
      if (e.code() == ErrorCode.SIGNING_FAILED) {
        throw refusedByKeeper(e);
      }
      throw e;
    } catch (OperationException e) {
      throw new RefusedException(503, e.code(), e.getMessage());
    }
    return new JsonFields().put("approval", approval.encodeBase64());
  }

  private static RefusedException refusedByKeeper(TaperException e) {
    String code = e.getCause() instanceof OperationException said ? said.code() : e.code().text();
    return new RefusedException(code.equals("no_keeper") ? 503 : 403, code, e.getMessage());
  }

  private static ApprovalStatement statement(String text) throws RefusedException {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      return ApprovalStatement.parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw ViewRequest.invalid("the statement is no base64url");
    }
  }

  /** A keeper signs nothing here but an approval of what is asked. */
  private static void requireFor(ApprovalRequest asked, ApprovalStatement statement)
      throws RefusedException {
    boolean isOfToken =
        ApprovalStatement.State.of(asked.token()).stream()
            .anyMatch(state -> state.digest().equals(statement.state()));
    if (!isOfToken
        || !statement.covers(asked.call())
        || !statement.audiences().contains(asked.audience())) {
      throw new RefusedException(
          403, "approval_mismatch", "the statement is not about what is asked");
    }
  }
}
