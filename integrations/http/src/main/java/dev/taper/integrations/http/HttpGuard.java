package dev.taper.integrations.http;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.Given;
import dev.taper.JsonFields;
import dev.taper.TaperException;
import dev.taper.agent.approval.AskStatus;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentTool;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.Verifier;
import dev.taper.token.Token;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges requests by a verifier: it reads what a request presents and what was sent, lets the
 * catalog say what that means, and gives the call or a refusal. Nobody but a token's holder is told
 * what is wrong with a request that the catalog refuses. Immutable and thread-safe; every method
 * that sets something returns a changed copy.
 */
@CheckReturnValue
public final class HttpGuard {
  /** So many bytes of target and content are not worth looking up a token twice. */
  private static final int SHORT = 2 * 1024;

  /** The most bytes of which something is made for a token that is refused anyway. */
  private static final int LONG = 8 * 1024;

  /** Where a service says publicly what it is. */
  public static final String WELL_KNOWN = "/.well-known/taper";

  private static final byte[] NOTHING = {};
  private static final FailureLog FAILURES =
      FailureLog.of(HttpGuard.class, "judging a request", Clock.systemUTC());

  private final Supplier<Verifier> verifiers;
  private final Dialled dialled;
  private final int maxContent;
  private final @Nullable AskStore asks;
  private final @Nullable BiConsumer<IncomingRequest, Runnable> around;

  private HttpGuard(
      Supplier<Verifier> verifiers,
      Dialled dialled,
      int maxContent,
      @Nullable AskStore asks,
      @Nullable BiConsumer<IncomingRequest, Runnable> around) {
    this.verifiers = verifiers;
    this.dialled = dialled;
    this.maxContent = maxContent;
    this.asks = asks;
    this.around = around;
  }

  /**
   * Guards with one verifier.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it has no catalog
   */
  public static HttpGuard of(Verifier verifier) {
    return of(() -> verifier);
  }

  /**
   * Guards with a verifier that may be another one for each request, such as {@code
   * reloading::verifier}.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the present one has no catalog
   */
  public static HttpGuard of(Supplier<Verifier> verifiers) {
    var unused = catalog(Given.that(verifiers, "what gives the verifier").get());
    return new HttpGuard(verifiers, Dialled.directly(), ToolCall.MAX_BYTES, null, null);
  }

  static ToolCatalog catalog(Verifier verifier) {
    ToolCatalog catalog = verifier.catalog();
    if (catalog == null) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "the verifier needs a catalog, which says what HTTP requests mean");
    }
    return catalog;
  }

  /**
   * Takes one origin as what all clients dial, whatever {@code Host} says: for a service behind a
   * proxy that changes it, or that ends encryption.
   *
   * @param origin such as {@code https://jira.example.com}
   * @throws TaperException as {@link SentHttp#of(String, String, String)}
   */
  public HttpGuard dialledAs(String origin) {
    return new HttpGuard(verifiers, dialled.as(origin), maxContent, asks, around);
  }

  /**
   * Takes the target from a header field that a proxy writes, because it rewrites the target
   * itself. The proxy must overwrite the field, and nobody else may reach the service: a caller who
   * can set it chooses what is judged.
   *
   * @param field such as {@code Taper-Original-Target}; a request has it exactly once
   */
  public HttpGuard targetFrom(String field) {
    return new HttpGuard(
        verifiers, dialled.targetFrom(SentHttp.fieldName(field)), maxContent, asks, around);
  }

  /**
   * Sets the most bytes of a content; 65,536 unless set. More is of use only for tools that take
   * the whole content, as others take no more.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is negative
   */
  public HttpGuard maxContent(int bytes) {
    if (bytes < 0 || bytes == Integer.MAX_VALUE) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a content has no " + bytes + " bytes");
    }
    return new HttpGuard(verifiers, dialled, bytes, asks, around);
  }

  /**
   * Takes asks for approvals at {@code /v1/asks}, and keeps them for those who answer.
   *
   * @param store where, such as {@link Asks#inMemory()}; replicas of a service share one
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the catalog has a tool there
   */
  public HttpGuard keepingAsks(Asks store) {
    return keepingAsks(store, Clock.systemUTC());
  }

  /**
   * Takes asks for approvals, as {@link #keepingAsks(Asks)}, by another clock.
   *
   * @throws TaperException as {@link #keepingAsks(Asks)}
   */
  public HttpGuard keepingAsks(Asks store, Clock clock) {
    AskDesk.requirePath(catalog(verifiers.get()));
    return new HttpGuard(
        verifiers,
        dialled,
        maxContent,
        new AskStore(Given.that(store, "the store"), clock),
        around);
  }

  /**
   * Judges each request within something of the service's own, such as the trace that the request
   * names. What the request says there was judged by nobody.
   *
   * @param surrounding gets the request and the judging, which it runs once, in the same thread; if
   *     it does not, or throws before, the request is refused
   */
  public HttpGuard around(BiConsumer<IncomingRequest, Runnable> surrounding) {
    return new HttpGuard(
        verifiers, dialled, maxContent, asks, Given.that(surrounding, "what is around judging"));
  }

  /**
   * Answers a request that no handler sees: what the service says of itself, and asks if it keeps
   * them. A server gives every request here before it judges it.
   *
   * @return the answer; null if the request is a call, which is to be judged
   */
  public @Nullable HttpAnswer answer(IncomingRequest request) {
    try {
      byte[] description = description(request);
      if (description != null) {
        return HttpAnswer.json(200, description);
      }
      return asks == null ? null : new AskDesk(verifiers, dialled, asks).answer(request);
    } catch (RefusedException e) {
      return HttpAnswer.of(e.refusal());
    } catch (TaperException e) {
      return HttpAnswer.of(HttpRefusal.of(e));
    } catch (RuntimeException e) {
      FAILURES.failed(e);
      return HttpAnswer.of(HttpRefusal.of(503, "unavailable", null));
    }
  }

  /**
   * Judges a request.
   *
   * @return the call, whose proof is used up now
   * @throws RefusedException what to answer instead; no part of the request may reach a handler
   */
  public GuardedCall judge(IncomingRequest request) throws RefusedException {
    return judged(
        request,
        () -> {
          Credentials given = CredentialFields.of(request);
          Verifier verifier = verifiers.get();
          SentHttp sent = dialled.head(request);
          FieldNames.checkUpgrade(request, false);
          byte[] content = BoundedContent.of(request, maxContent);
          requireGood(verifier, given, content.length + request.target().length());
          SentHttp whole = withContent(sent, request, content);
          boolean isShort = BoundedContent.isFew(content, SHORT - request.target().length());
          return decided(verifier, given, call(verifier, whole, request, given, isShort), content);
        });
  }

  /**
   * Judges a request whose content somebody else has, such as a proxy that asks before it lets a
   * request through. The content is never asked for. One that {@code Content-Digest} names is
   * judged by that digest, which is enough for tools that take the content whole; of other tools
   * such a request is {@code content_not_seen}. So is a request without that field that announces
   * content, by a {@code Content-Length} other than 0 or any {@code Transfer-Encoding}. A request
   * with none of these fields has no content.
   *
   * <p>So whoever lets the request through must drop every content without {@code Content-Digest},
   * and refuse one that has another digest: nobody judged those. An upgrade is refused, because a
   * proxy would connect the client with the service.
   *
   * @return the call, whose proof is used up now; its content is empty
   * @throws RefusedException what to answer instead; no part of the request may reach a handler
   */
  public GuardedCall judgeUnseen(IncomingRequest request) throws RefusedException {
    return judged(
        request,
        () -> {
          byte[] digest = ContentDigest.of(request);
          if (digest == null && BoundedContent.isAnnounced(request)) {
            throw BoundedContent.notSeen("nobody here sees content, and no digest covers it");
          }
          Credentials given = CredentialFields.of(request);
          Verifier verifier = verifiers.get();
          SentHttp sent = dialled.head(request);
          FieldNames.checkUpgrade(request, true);
          requireGood(verifier, given, request.target().length());
          SentHttp whole =
              digest == null
                  ? withContent(sent, request, NOTHING)
                  : withEncoding(
                      sent.unseenContent(Fields.single(request, "content-type"), digest), request);
          return decided(verifier, given, call(verifier, whole, request, given, true), NOTHING);
        });
  }

  /**
   * Judges what was sent in another way than as a request of HTTP that this guard receives.
   *
   * @param given what is presented
   * @param sent what was sent
   * @return the decision, whose proof is used up now
   * @throws RefusedException what to answer instead; nothing of it may reach a handler
   */
  public CallDecision.Allowed judge(Credentials given, SentCall sent) throws RefusedException {
    return judged(
            () -> {
              Verifier verifier = verifiers.get();
              ToolCall call;
              if (sent instanceof SentTool tool
                  && !BoundedContent.isFew(
                      tool.arguments().getBytes(StandardCharsets.UTF_8), SHORT)) {
                requireProven(verifier, given, tool);
              }
              try {
                call = catalog(verifier).call(sent);
              } catch (TaperException e) {
                throw toHolder(verifier, given, sent, e);
              }
              return decided(verifier, given, call, NOTHING);
            })
        .decision();
  }

  /** What a request is judged by, step by step. */
  private interface Judging {
    GuardedCall call() throws RefusedException;
  }

  private GuardedCall judged(IncomingRequest request, Judging judging) throws RefusedException {
    if (around == null) {
      return judged(judging);
    }
    Surrounded surrounded = new Surrounded(judging);
    try {
      around.accept(request, surrounded);
    } catch (RuntimeException e) {
      FAILURES.failed(e); // what was judged before stands
    }
    return surrounded.outcome();
  }

  /** Judges once, in whatever it is run. For one thread. */
  private static final class Surrounded implements Runnable {
    private final Judging judging;
    private @Nullable GuardedCall call;
    private @Nullable RefusedException refused;

    Surrounded(Judging judging) {
      this.judging = judging;
    }

    @Override
    public void run() {
      if (call != null || refused != null) {
        return;
      }
      try {
        call = judged(judging);
      } catch (RefusedException e) {
        refused = e;
      }
    }

    GuardedCall outcome() throws RefusedException {
      if (call != null) {
        return call;
      }
      throw refused != null
          ? refused
          : new RefusedException(HttpRefusal.of(503, "unavailable", null));
    }
  }

  private static GuardedCall judged(Judging judging) throws RefusedException {
    try {
      return judging.call();
    } catch (TaperException e) {
      throw new RefusedException(HttpRefusal.of(e));
    } catch (RuntimeException e) {
      // Whatever it is, the call does not go ahead, and the caller reads nothing of it.
      FAILURES.failed(e);
      throw new RefusedException(HttpRefusal.of(503, "unavailable", null));
    }
  }

  /**
   * Refuses a token that is not good before anything is made of a target and content that are not
   * short. If the token's first block refuses it, the decision says so, and is recorded.
   */
  private static void requireGood(Verifier verifier, Credentials given, int length)
      throws RefusedException {
    if (length > SHORT) {
      DenialCode code = verifier.unusable(given.token());
      if (code != null && length > LONG) {
        throw new RefusedException(HttpRefusal.of(code, null));
      }
    }
  }

  private static GuardedCall decided(
      Verifier verifier, Credentials given, ToolCall call, byte[] content) throws RefusedException {
    CallDecision decision = verifier.decide(given, call);
    if (decision instanceof CallDecision.Allowed allowed) {
      return new GuardedCall(allowed, content);
    }
    throw new RefusedException(HttpRefusal.of((CallDecision.Denied) decision));
  }

  static SentHttp withContent(SentHttp sent, IncomingRequest request, byte[] content)
      throws RefusedException {
    return withEncoding(sent.ownContent(Fields.single(request, "content-type"), content), request);
  }

  private static SentHttp withEncoding(SentHttp sent, IncomingRequest request)
      throws RefusedException {
    String encoding = Fields.single(request, "content-encoding");
    return encoding == null ? sent : sent.contentEncoding(encoding);
  }

  /**
   * What a request means; a refusal of it is for its holder alone. What is not short means nothing
   * until its holder has proved it, so that a stranger's copy of a token makes nothing be built.
   */
  private static ToolCall call(
      Verifier verifier, SentHttp sent, IncomingRequest request, Credentials given, boolean isShort)
      throws RefusedException {
    ToolCatalog catalog = catalog(verifier);
    SentHttp whole = sent;
    try {
      Set<String> fields = catalog.hasFields() ? catalog.fields(sent) : Set.of();
      for (String field : fields) {
        List<String> values = request.field(field);
        if (values.size() > 1) { // servers differ in which one they take
          throw new TaperException(
              ErrorCode.INVALID_REQUEST, "the field " + field + " is there twice");
        }
        whole =
            values.isEmpty() || values.get(0).isEmpty() ? whole : whole.field(field, values.get(0));
      }
      for (String field : fields) { // when the proof can be looked at for whoever it is told
        FieldNames.checkArgument(request, field);
      }
      if (!isShort) {
        requireProven(verifier, given, whole);
      }
      return catalog.call(whole);
    } catch (TaperException e) {
      throw toHolder(verifier, given, whole, e);
    }
  }

  /** What is wrong with something that was sent, for its holder; for others, that they are none. */
  private static RefusedException toHolder(
      Verifier verifier, Credentials given, SentCall sent, TaperException wrong) {
    DenialCode unproven = verifier.unproven(given, sent);
    return new RefusedException(
        unproven != null ? HttpRefusal.of(unproven, null) : HttpRefusal.toHolder(wrong));
  }

  private static void requireProven(Verifier verifier, Credentials given, SentCall sent)
      throws RefusedException {
    DenialCode unproven = verifier.unproven(given, sent);
    if (unproven != null) {
      throw new RefusedException(HttpRefusal.of(unproven, null));
    }
  }

  /**
   * What the service says of itself to anybody, as JSON in UTF-8; null if the request does not ask
   * for that. It is a hint: no client takes keys, approvers or an audience from it.
   */
  public byte @Nullable [] description(IncomingRequest request) {
    if (!request.method().equals("GET") || !request.target().equals(WELL_KNOWN)) {
      return null;
    }
    return described(verifiers.get(), asks == null ? null : AskStatus.PATH)
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * What a service that keeps no asks says of itself to anybody, as a JSON object.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the verifier has no catalog
   */
  public static String describe(Verifier verifier) {
    return described(verifier, null);
  }

  private static String described(Verifier verifier, @Nullable String asks) {
    return new JsonFields()
        .put("format", "taper/1 service")
        .put("audience", catalog(verifier).audience())
        .put("kinds", verifier.kinds().stream().map(Token.Kind::text).toList())
        .put("profiles", List.of("taper/1"))
        .put("proofs", List.of(Proof.VERSION))
        .putIfPresent("asks", asks)
        .toJson();
  }
}
