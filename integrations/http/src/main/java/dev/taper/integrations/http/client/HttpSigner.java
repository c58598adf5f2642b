package dev.taper.integrations.http.client;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.Signer;
import dev.taper.integrations.http.CredentialFields;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Signs the requests of an agent to one service. Each signed request is good once, for a minute; a
 * client sends it as it is, and follows no redirect with it. Immutable and thread-safe; every
 * method that sets something returns a changed copy.
 */
@CheckReturnValue
public final class HttpSigner {
  private static final Set<String> OURS =
      Set.of("authorization", "taper-token", "taper-proof", "taper-approval");

  private static final Set<String> OF_CONTENT = Set.of("content-type", "content-encoding");

  private final AgentClient agent;
  private final Set<String> fields;
  private final SentApprovals approvals;
  private final boolean ownField;

  private HttpSigner(
      AgentClient agent, Set<String> fields, SentApprovals approvals, boolean ownField) {
    this.agent = agent;
    this.fields = fields;
    this.approvals = approvals;
    this.ownField = ownField;
  }

  /** Signs as an agent, by its own clock. */
  public static HttpSigner of(AgentClient agent) {
    return new HttpSigner(Given.that(agent, "the agent"), Set.of(), SentApprovals.NONE, false);
  }

  /**
   * Signs with a holder's key and the system's clock.
   *
   * @param token the token, held by the signer
   * @param holder the holder's key
   * @param audience the service, from the agent's own configuration: never from what a server says
   * @throws TaperException as {@link AgentClient#of}
   */
  public static HttpSigner of(AgentToken token, Signer holder, String audience) {
    return of(AgentClient.of(token, holder, audience));
  }

  /** Covers header fields that are arguments at the service, in requests that have them. */
  public HttpSigner fields(String... names) {
    Set<String> more = new TreeSet<>(fields);
    for (String name : names) {
      more.add(SentHttp.fieldName(name));
    }
    return new HttpSigner(agent, more, approvals, ownField);
  }

  /** Sends other approvals beside the token. */
  public HttpSigner approvals(SentApprovals sent) {
    return new HttpSigner(agent, fields, Given.that(sent, "the approvals"), ownField);
  }

  /**
   * Sends the token in the field {@code Taper-Token}, for services that have another use for {@code
   * Authorization}.
   */
  public HttpSigner inOwnField() {
    return new HttpSigner(agent, fields, approvals, true);
  }

  /** Dates proofs by another clock. */
  public HttpSigner clock(Clock other) {
    return new HttpSigner(agent.clock(other), fields, approvals, ownField);
  }

  /**
   * Signs a request.
   *
   * @param request whose body publisher can be asked more than once and does not wait for anything,
   *     as those of texts, arrays and files; what it publishes is sent as an array
   * @return the request with the token, a proof and approvals
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it cannot be sent as an HTTP
   *     request that a service takes; {@link ErrorCode#SIGNING_FAILED}; {@link
   *     ErrorCode#INVALID_ARGUMENT} if the body is not there yet
   */
  public HttpRequest sign(HttpRequest request) {
    byte[] content = request.bodyPublisher().map(HttpSigner::content).orElse(null);
    SentHttp sent = sent(request, content);
    var signed =
        HttpRequest.newBuilder(request, (name, value) -> isKept(name.toLowerCase(Locale.ROOT)));
    if (content != null) {
      signed.method(request.method(), BodyPublishers.ofByteArray(content));
    }
    Credentials proved = agent.prove(sent, approvals);
    String proof = proved.proof();
    if (proof != null) {
      signed.setHeader(CredentialFields.PROOF_FIELD, proof);
    }
    if (ownField) {
      signed.setHeader(CredentialFields.TOKEN_FIELD, proved.token());
    } else {
      signed.setHeader("Authorization", CredentialFields.SCHEME + " " + proved.token());
    }
    proved.approvals().forEach(one -> signed.header(CredentialFields.APPROVAL_FIELD, one));
    return signed.build();
  }

  /**
   * A request as the service receives it.
   *
   * @throws TaperException as {@link #sign}
   */
  SentHttp sent(HttpRequest request) {
    return sent(request, request.bodyPublisher().map(HttpSigner::content).orElse(null));
  }

  private SentHttp sent(HttpRequest request, byte @Nullable [] content) {
    request.headers().map().keySet().forEach(this::requireSpelling);
    SentHttp sent =
        SentHttp.of(request.method(), request.uri())
            .content(single(request, "content-type"), content == null ? new byte[0] : content);
    String encoding = single(request, "content-encoding");
    sent = encoding == null ? sent : sent.contentEncoding(encoding);
    for (String field : fields) {
      String value = single(request, field);
      sent = value == null ? sent : sent.field(field, value);
    }
    return sent;
  }

  /** Refuses a field that servers could take for one that is signed or presented. */
  private void requireSpelling(String name) {
    String folded = SentHttp.foldedName(name);
    for (Set<String> names : List.of(OURS, OF_CONTENT, fields)) {
      for (String signed : names) {
        if (folded.equals(SentHttp.foldedName(signed)) && !name.equalsIgnoreCase(signed)) {
          throw new TaperException(
              ErrorCode.INVALID_REQUEST, "the field " + signed + " is there in another spelling");
        }
      }
    }
  }

  private boolean isKept(String name) {
    return !OURS.contains(name) || (ownField && name.equals("authorization"));
  }

  private static @Nullable String single(HttpRequest request, String field) {
    List<String> values = request.headers().allValues(field);
    if (values.size() > 1) {
      throw new TaperException(ErrorCode.INVALID_REQUEST, "the field " + field + " is there twice");
    }
    return values.isEmpty() ? null : values.get(0);
  }

  /** What a publisher publishes. */
  private static byte[] content(BodyPublisher publisher) {
    BodySubscriber<byte[]> collector = BodySubscribers.ofByteArray();
    publisher.subscribe(new Forwarding(collector));
    var whole = collector.getBody().toCompletableFuture();
    if (!whole.isDone()) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "the request's body is not there yet, so nobody can sign it");
    }
    try {
      return whole.join();
    } catch (CompletionException e) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "the request's body cannot be read", e.getCause());
    }
  }

  /** Hands single buffers to a subscriber of lists of them. */
  private record Forwarding(Flow.Subscriber<List<ByteBuffer>> collector)
      implements Flow.Subscriber<ByteBuffer> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      collector.onSubscribe(subscription);
    }

    @Override
    public void onNext(ByteBuffer item) {
      collector.onNext(List.of(item));
    }

    @Override
    public void onError(Throwable problem) {
      collector.onError(problem);
    }

    @Override
    public void onComplete() {
      collector.onComplete();
    }
  }
}
