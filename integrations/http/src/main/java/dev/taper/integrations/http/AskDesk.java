package dev.taper.integrations.http;

import dev.taper.ErrorCode;
import dev.taper.JsonMembers;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.Ask;
import dev.taper.agent.approval.AskStatus;
import dev.taper.agent.approval.Asks.Kept;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.decision.CallPreview;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.Verifier;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes asks for approvals, tells of them, and takes the answers, as docs/binding.md says. It
 * believes nothing of an ask but the reason: the request for approval is what the service's own
 * catalog makes of the call. Immutable, and thread-safe if the store is.
 */
final class AskDesk {
  private static final String PATH = AskStatus.PATH;

  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int MAX_REQUEST = 1 << 20;

  private final Supplier<Verifier> verifiers;
  private final Dialled dialled;
  private final AskStore store;
  private final AskAnswers answers;

  AskDesk(Supplier<Verifier> verifiers, Dialled dialled, AskStore store) {
    this.verifiers = verifiers;
    this.dialled = dialled;
    this.store = store;
    this.answers = new AskAnswers(verifiers, store);
  }

  /**
   * Refuses a catalog that has a tool where asks are made: nobody could call it.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT}
   */
  static void requirePath(ToolCatalog catalog) {
    for (ToolCatalog.Origin origin : catalog.origins()) {
      String dialled = origin.origin().replaceAll("[{].*[}]", "x");
      for (String path : List.of(PATH, PATH + "/" + AskId.random())) {
        for (String method : List.of("GET", "POST")) {
          try {
            var unused = catalog.fields(SentHttp.of(method, dialled, origin.prefix() + path));
          } catch (TaperException e) {
            continue; // no tool is called like that
          }
          throw new TaperException(
              ErrorCode.INVALID_ARGUMENT, "the catalog has a tool at " + PATH + ", where asks are");
        }
      }
    }
  }

  /** Answers a request that is about asks; null for another one. */
  @Nullable HttpAnswer answer(IncomingRequest request) throws RefusedException {
    String target = request.target();
    if (target.equals(PATH) && request.method().equals("POST")) {
      return ask(request);
    }
    if (!target.equals(PATH) && !target.startsWith(PATH + "/")) {
      return null;
    }
    AskId id = target.equals(PATH) ? null : AskId.parse(target.substring(PATH.length() + 1));
    if (id == null) {
      throw AskAnswers.unknown();
    }
    return switch (request.method()) {
      case "GET" -> told(id);
      case "POST" -> answered(id, request);
      default -> throw AskAnswers.unknown();
    };
  }

  private static RefusedException refused(int status, String code, @Nullable String detail) {
    return new RefusedException(HttpRefusal.of(status, code, detail));
  }

  private HttpAnswer ask(IncomingRequest request) throws RefusedException {
    Credentials given = CredentialFields.of(request);
    Verifier verifier = verifiers.get();
    SentHttp head = dialled.head(request);
    FieldNames.checkUpgrade(request, false);
    if (!head.target().endsWith(PATH)) {
      throw Fields.invalid("the request was sent to another path");
    }
    byte[] content = BoundedContent.of(request, AskBody.MAX_ASK);
    DenialCode unproven = verifier.useProof(given, HttpGuard.withContent(head, request, content));
    if (unproven != null) {
      throw refused(Statuses.of(unproven), unproven.text(), null);
    }
    AskBody body = AskBody.read(request, content, head.origin());
    AskedCall asked = asked(verifier, UnverifiedToken.decode(given.token()), body);
    SentApprovals approvals = SentApprovals.of(given.approvals());
    AskId id = AskId.random();
    Ask kept = open(id, asked, approvals, body.reason());
    if (store.add(kept) != Kept.YES) {
      throw refused(503, "asks_full", null);
    }
    store.before().made(asked.token().holderKey(), asked.call(), kept.name());
    return HttpAnswer.json(201, KeptAsk.read(kept).told())
        .with("Location", head.target() + "/" + id);
  }

  /** What a call means, with the header fields that the catalog declares. */
  private static AskedCall asked(Verifier verifier, UnverifiedToken token, AskBody body)
      throws RefusedException {
    SentHttp whole = body.sent();
    try {
      for (String field : HttpGuard.catalog(verifier).fields(body.sent())) {
        FieldNames.requireSpelling(body.fields().keySet(), field);
        String value = body.fields().get(field);
        whole = value == null ? whole : whole.field(field, value);
      }
      return new AskedCall(verifier, token, whole, HttpGuard.catalog(verifier).call(whole));
    } catch (TaperException e) {
      throw new RefusedException(HttpRefusal.toHolder(e));
    }
  }

  /** Makes the ask of a call that lacks nothing but approvals. */
  private Ask open(AskId id, AskedCall asked, SentApprovals sent, String reason)
      throws RefusedException {
    boolean afterNo = store.before().isRefused(asked.token().holderKey(), asked.call());
    CallPreview preview = asked.asked(sent, afterNo);
    Denied denied = preview.denial();
    if (denied == null) {
      throw refused(409, "nothing_to_ask", null);
    }
    if (asked.token().kind() != Token.Kind.HELD || !AskedCall.lacksApprovalsOnly(denied)) {
      throw new RefusedException(HttpRefusal.of(denied));
    }
    String request = denied.approvalRequest(asked.token(), reason).encode();
    if (request.length() > MAX_REQUEST) {
      throw refused(413, "content_too_large", "the request for approval is too long");
    }
    List<String> counting = new ArrayList<>();
    for (Approval approval : Approval.decode(sent)) {
      if (asked.counts(approval)) {
        counting.add(approval.encodeBase64());
      }
    }
    AskStatus status = AskStatus.open(request, counting);
    KeptAsk ask = new KeptAsk(id.name(), end(preview), denied.audience(), asked.sent(), status);
    return new Ask(ask.name(), preview.memoryShare(), ask.until(), ask.content(), 0);
  }

  private Instant end(CallPreview preview) {
    Instant longest = store.now().plus(LONGEST);
    Instant end = preview.chain().effectiveAuthority().expiry();
    return end == null || longest.isBefore(end) ? longest : end;
  }

  private HttpAnswer told(AskId id) throws RefusedException {
    Ask ask = answers.find(id.name());
    return HttpAnswer.json(200, KeptAsk.read(ask).told());
  }

  private HttpAnswer answered(AskId id, IncomingRequest request) throws RefusedException {
    byte[] content = BoundedContent.of(request, AskBody.MAX_ANSWER);
    Ask ask = answers.find(id.name());
    JsonMembers<RefusedException> members = AskBody.members(request, content);
    String approval = members.textOrNull("approval");
    String refusal = members.textOrNull("refusal");
    members.end();
    if ((approval == null) == (refusal == null)) {
      throw Fields.invalid("the content has an approval, or else a refusal");
    }
    AskStatus unused =
        refusal != null ? answers.refused(ask, refusal) : answers.approved(ask, approval);
    return HttpAnswer.done();
  }
}
