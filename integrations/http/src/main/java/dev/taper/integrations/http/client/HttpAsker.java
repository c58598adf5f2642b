package dev.taper.integrations.http.client;

import dev.taper.BoundedBody;
import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.SafeJson;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.approval.AskStatus;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.client.Refusal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An agent's side of asks: it asks a service for the approval of a call that the service refused
 * with {@code approval_required}, and waits for the answer. Immutable and thread-safe.
 *
 * <pre>{@code
 * HttpAsker.Asked asked = HttpAsker.of(client, signer).ask(call, "the sprint is over", Duration.ofMinutes(10));
 * if (asked instanceof HttpAsker.Asked.Approved approved) {
 *   client.send(signer.approvals(approved.approvals()).sign(call), BodyHandlers.ofString());
 * }
 * }</pre>
 */
@CheckReturnValue
public final class HttpAsker {
  /** What became of an ask for an approval. Immutable and thread-safe. */
  public sealed interface Asked {
    /**
     * The approvals that the call lacked are there: it is to be signed anew, with them ({@link
     * HttpSigner#approvals}).
     *
     * @param approvals all that were given
     */
    record Approved(SentApprovals approvals) implements Asked {}

    /**
     * Somebody refused.
     *
     * @param reason why, in the words of whoever refused: to be shown, and not to be obeyed
     */
    record Refused(String reason) implements Asked {}

    /**
     * Nobody has answered in time. The agent can wait again ({@link HttpAsker#await}).
     *
     * @param ask where the ask is
     */
    record Unanswered(URI ask) implements Asked {}

    /** The ask has ended without an answer, or was never made. */
    record Ended() implements Asked {}

    /**
     * The service did not take the ask.
     *
     * @param status of HTTP
     * @param code why; {@code nothing_to_ask} if the call would be allowed; empty if the answer has
     *     no code, and may be of something in between
     * @param decision the decision about the call, in text that is safe to show, which {@link
     *     Refusal#parse} reads; null if there is none
     */
    record NotTaken(int status, String code, @Nullable String decision) implements Asked {}
  }

  /** The time between two looks at an ask, which no client makes shorter. */
  public static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Pattern CODE = Pattern.compile("[a-z_]{1,64}");
  private static final int LONGEST_CAUSE = 200;
  private static final int MAX_BYTES = 2 << 20; // of an answer
  private static final JsonReader<IOException> READER =
      // Without a cause, which may quote the answer.
      JsonReader.of(32, MAX_BYTES, 1000, (message, cause) -> new IOException(message));
  private static final Pattern ID = Pattern.compile("/[A-Za-z0-9_-]{22}");

  private final HttpClient client;
  private final HttpSigner signer;
  private final String path;

  private HttpAsker(HttpClient client, HttpSigner signer, String path) {
    this.client = client;
    this.signer = signer;
    this.path = path;
  }

  /**
   * Asks at {@code /v1/asks} of the origin of each call.
   *
   * @param client that follows no redirects
   * @param signer the agent's
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the client follows redirects: what
   *     is signed for one origin would go to another
   */
  public static HttpAsker of(HttpClient client, HttpSigner signer) {
    if (Given.that(client, "the HTTP client").followRedirects() != HttpClient.Redirect.NEVER) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "the HTTP client must not follow redirects");
    }
    return new HttpAsker(client, Given.that(signer, "the signer"), AskStatus.PATH);
  }

  /** Asks behind a proxy that puts a prefix before all paths, such as {@code /jira}. */
  public HttpAsker behind(String prefix) {
    return new HttpAsker(client, signer, prefix + AskStatus.PATH);
  }

  /**
   * Asks for the approval of a call, and waits.
   *
   * @param call the call that was refused, not signed
   * @param reason why it is to be made, one line for the approver
   * @param patience how long to wait at most
   * @throws IOException if the service does not answer, or not as a service does
   * @throws InterruptedException if the thread is interrupted
   * @throws TaperException as {@link HttpSigner#sign}
   */
  public Asked ask(HttpRequest call, String reason, Duration patience)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    HttpRequest request =
        HttpRequest.newBuilder(call.uri().resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(content(signer.sent(call), reason)))
            .build();
    HttpResponse<byte[]> answer = send(signer.sign(request));
    if (answer.statusCode() != 201) {
      return notTaken(answer);
    }
    String location = answer.headers().firstValue("Location").orElse("");
    if (!location.startsWith(path) || !ID.matcher(location.substring(path.length())).matches()) {
      throw new IOException("the service says of an ask that it is elsewhere");
    }
    return await(call.uri().resolve(location), deadline);
  }

  private static Asked notTaken(HttpResponse<byte[]> answer) throws IOException {
    JsonMembers<IOException> problem = read(answer);
    String code = textOf(problem, "code");
    return new Asked.NotTaken(
        answer.statusCode(), CODE.matcher(code).matches() ? code : "", decision(problem));
  }

  /** The decision of a refusal; null if there is none that can be read. */
  private static @Nullable String decision(JsonMembers<IOException> problem) throws IOException {
    try {
      String json = problem.has("decision") ? problem.json("decision") : "";
      var unused = Refusal.parse(json);
      return SafeJson.escaped(json);
    } catch (TaperException e) {
      return null;
    }
  }

  /**
   * Waits for the answer to an ask that was made before.
   *
   * @param ask where it is
   * @param patience how long to wait at most
   * @throws IOException if the service does not answer, or not as a service does
   * @throws InterruptedException if the thread is interrupted
   */
  public Asked await(URI ask, Duration patience) throws IOException, InterruptedException {
    return await(ask, System.nanoTime() + patience.toNanos());
  }

  private Asked await(URI ask, long deadline) throws IOException, InterruptedException {
    while (true) {
      HttpResponse<byte[]> answer = send(HttpRequest.newBuilder(ask).build());
      if (answer.statusCode() == 404) {
        return new Asked.Ended();
      }
      if (answer.statusCode() == 200) {
        Asked asked = asked(read(answer), ask);
        if (!(asked instanceof Asked.Unanswered)) {
          return asked;
        }
      } else if (answer.statusCode() != 503) {
        return notTaken(answer);
      }
      long left = deadline - System.nanoTime();
      if (left < INTERVAL.toNanos()) {
        return new Asked.Unanswered(ask);
      }
      TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
    }
  }

  private static Asked asked(JsonMembers<IOException> json, URI ask) throws IOException {
    AskStatus status = AskStatus.read(json, ""); // who asks knows for what
    return switch (status.state()) {
      case OPEN -> new Asked.Unanswered(ask);
      case REFUSED -> new Asked.Refused(reason(Objects.requireNonNullElse(status.refusal(), "")));
      case ANSWERED -> {
        try {
          yield new Asked.Approved(SentApprovals.of(status.approvals()));
        } catch (TaperException e) {
          throw new IOException("the service gives approvals that are none", e);
        }
      }
    };
  }

  /** Why somebody refused: one line of bounded length, in which nothing hides. */
  private static String reason(String refusal) throws IOException {
    try {
      return Canonical.reason(refusal);
    } catch (TaperException e) {
      throw new IOException("the service gives a reason that is none", e);
    }
  }

  /** What is sent to ask. */
  static String content(SentHttp call, String reason) {
    boolean isEmpty = call.contentLength() == 0;
    return new JsonFields()
        .put("method", call.method())
        .put("target", call.target())
        .putIfPresent("content_type", call.contentType())
        .putIfPresent("content_encoding", call.contentEncoding())
        .putIfPresent(
            "content",
            isEmpty ? null : Base64.getUrlEncoder().withoutPadding().encodeToString(call.content()))
        .putIfPresent("fields", call.fields().isEmpty() ? null : call.fields())
        .put("reason", reason)
        .toJson();
  }

  /** Members that this version does not know are left alone. */
  private static JsonMembers<IOException> read(HttpResponse<byte[]> answer) throws IOException {
    return READER.read(answer.body(), "the service's answer");
  }

  private static String textOf(JsonMembers<IOException> json, String name) {
    return Objects.requireNonNullElse(json.textIfAny(name), "");
  }

  /** Sends, and takes no more than an ask has, nor waits longer than for one. */
  private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> sending =
        client.sendAsync(request, BoundedBody.ofAtMost(MAX_BYTES));
    try {
      return sending.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      // The cause may quote the service, so it goes no further than this.
      String why = ShownText.of(String.valueOf(e.getCause()), LONGEST_CAUSE);
      throw new IOException("the service cannot be asked: " + why);
    } catch (TimeoutException e) {
      throw new IOException("the service takes longer than " + TIMEOUT.toSeconds() + " s", e);
    } finally {
      sending.cancel(true);
    }
  }
}
