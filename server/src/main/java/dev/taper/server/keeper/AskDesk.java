package dev.taper.server.keeper;

import dev.taper.SafeJson;
import dev.taper.TaperException;
import dev.taper.agent.AgentToken;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.SentHttp;
import dev.taper.crypto.Signer;
import dev.taper.integrations.http.client.HttpAsker;
import dev.taper.integrations.http.client.HttpAsker.Asked;
import dev.taper.integrations.http.client.HttpSigner;
import dev.taper.server.keeper.KeeperRequest.Ask;
import dev.taper.server.keeper.KeeperRequest.AwaitAsk;
import dev.taper.server.keeper.KeeperRequest.RenewAt;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.Semaphore;

/**
 * Asks services for approvals, and issuers for later ends. What is signed is the request that the
 * keeper sends itself, to the origin that it signs for. Thread-safe.
 */
final class AskDesk {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int MAX_ANSWER = 64 * 1024;
  private static final int MAX_OPEN = 16;
  private static final int MAX_MADE = 256;

  private final HeldTokens tokens;
  private final KeyUse use;
  private final Clock clock;
  private final HttpClient client;
  private final Semaphore open = new Semaphore(MAX_OPEN);
  private final Map<URI, HttpAsker> made = new LinkedHashMap<>(); // guarded by itself

  AskDesk(HeldTokens tokens, KeyUse use, Clock clock) {
    this.tokens = tokens;
    this.use = use;
    this.clock = clock;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();
  }

  /** Does something at another server. */
  private interface Exchange<T> {
    T exchange() throws IOException, InterruptedException;
  }

  private <T> T bounded(Exchange<T> exchange) {
    if (!open.tryAcquire()) {
      throw KeeperRefusal.of(503, "busy", "the keeper is asking too many services at once");
    }
    try {
      return exchange.exchange();
    } catch (IOException e) {
      throw KeeperRefusal.unavailable(
          502, "no_answer", "the service does not answer: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw KeeperRefusal.of(503, "busy", "the keeper is stopping");
    } finally {
      open.release();
    }
  }

  /**
   * Asks for an approval: the service that keeps asks, or with a request that the user gives to an
   * approver.
   */
  String ask(Ask request) {
    HeldTokens.Use used = tokens.use(request.token(), request.audience());
    AgentToken token = used.token();
    if (request.call() != null) {
      String made =
          token.requestApproval(request.call(), used.audience(), request.reason()).encode();
      return AnswerJson.object(
          json -> {
            json.writeFieldName("request");
            json.writeRawValue(SafeJson.escaped(made));
          });
    }
    SentHttp sent = Objects.requireNonNull(request.http());
    String what = "ask for the approval of " + sent + " at " + used.audience();
    Signer signer = use.of(token.token().holderKey(), what, what);
    HttpSigner signing =
        HttpSigner.of(token, signer, used.audience())
            .fields(sent.fields().keySet().toArray(new String[0]))
            .clock(clock);
    HttpRequest call = request(sent);
    HttpAsker asker = HttpAsker.of(client, signing);
    Asked asked = bounded(() -> asker.ask(call, request.reason(), request.patience()));
    if (asked instanceof Asked.Unanswered unanswered) {
      remember(unanswered.ask(), asker);
    }
    return words(asked);
  }

  private static HttpRequest request(SentHttp sent) {
    try {
      HttpRequest.Builder builder =
          HttpRequest.newBuilder(URI.create(sent.origin() + sent.target()))
              .method(
                  sent.method(),
                  sent.contentLength() == 0
                      ? BodyPublishers.noBody()
                      : BodyPublishers.ofByteArray(sent.content()));
      if (sent.contentType() != null) {
        builder.header("Content-Type", sent.contentType());
      }
      if (sent.contentEncoding() != null) {
        builder.header("Content-Encoding", sent.contentEncoding());
      }
      for (Map.Entry<String, String> field : sent.fields().entrySet()) {
        builder.header(field.getKey(), field.getValue());
      }
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw KeeperRefusal.invalid("this request cannot be asked about: " + e.getMessage());
    }
  }

  private void remember(URI ask, HttpAsker asker) {
    synchronized (made) {
      made.put(ask, asker);
      if (made.size() > MAX_MADE) {
        made.remove(made.keySet().iterator().next());
      }
    }
  }

  /**
   * Waits for the answer to an ask that was made here before, the last of which are remembered.
   *
   * @throws KeeperRefusal {@code unknown_ask}; {@code no_answer}
   */
  String await(AwaitAsk request) {
    HttpAsker asker;
    synchronized (made) {
      asker = made.get(request.ask());
    }
    if (asker == null) {
      throw KeeperRefusal.of(404, "unknown_ask", "the keeper made no such ask, or long ago");
    }
    return words(bounded(() -> asker.await(request.ask(), request.patience())));
  }

  private static String words(Asked asked) {
    return AnswerJson.object(
        json -> {
          if (asked instanceof Asked.Approved approved) {
            json.writeStringField("state", "answered");
            Base64.Encoder text = Base64.getUrlEncoder().withoutPadding();
            AnswerJson.texts(
                json,
                "approvals",
                approved.approvals().encoded().stream().map(text::encodeToString).toList());
          } else if (asked instanceof Asked.Refused refused) {
            json.writeStringField("state", "refused");
            json.writeStringField("refusal", refused.reason());
          } else if (asked instanceof Asked.Unanswered unanswered) {
            json.writeStringField("state", "open");
            json.writeStringField("ask", unanswered.ask().toString());
          } else if (asked instanceof Asked.NotTaken not) {
            json.writeStringField("state", "not_taken");
            json.writeNumberField("answer", not.status());
            json.writeStringField("reason", not.code());
            String decision = not.decision();
            if (decision != null) {
              json.writeFieldName("decision");
              json.writeRawValue(SafeJson.escaped(decision));
            }
          } else {
            json.writeStringField("state", "ended");
          }
        });
  }

  /**
   * Gets a token with a later end from its issuer.
   *
   * @param token the present one
   * @param at where
   * @throws KeeperRefusal {@code not_renewed} if the issuer refuses; {@code other_token} if it
   *     gives one of another holder, delegator or task; {@code no_answer}
   */
  AgentToken renew(AgentToken token, RenewAt at) {
    String what = "renew the token of the task " + token.chain().task().id() + " at " + at.url();
    Signer signer = use.of(token.token().holderKey(), what, what);
    HttpRequest request =
        HttpSigner.of(token, signer, at.audience())
            .clock(clock)
            .sign(
                HttpRequest.newBuilder(at.url())
                    .timeout(TIMEOUT)
                    .POST(BodyPublishers.noBody())
                    .build());
    byte[] content =
        bounded(
            () -> {
              HttpResponse<InputStream> answer =
                  client.send(request, HttpResponse.BodyHandlers.ofInputStream());
              try (InputStream in = answer.body()) {
                byte[] bytes = in.readNBytes(MAX_ANSWER + 1);
                return renewed(answer.statusCode(), bytes);
              }
            });
    Members members =
        Members.of(new String(content, StandardCharsets.UTF_8), "the issuer's answer");
    AgentToken later = HeldTokens.read(members.text("token"));
    requireSame(token, later);
    return later;
  }

  private static byte[] renewed(int status, byte[] bytes) {
    if (bytes.length > MAX_ANSWER) {
      throw KeeperRefusal.of(502, "no_answer", "the issuer's answer does not end");
    }
    if (status != 200) {
      throw KeeperRefusal.of(
          403, "not_renewed", "the issuer does not renew the token: " + code(status, bytes));
    }
    return bytes;
  }

  private static String code(int status, byte[] bytes) {
    try {
      SortedMap<String, String> members =
          CanonicalJson.membersOfDocument(new String(bytes, StandardCharsets.UTF_8));
      String code = members.getOrDefault("code", "");
      if (code.matches("\"[a-z_]{1,64}\"")) {
        return code.substring(1, code.length() - 1);
      }
    } catch (TaperException e) {
      // It is no refusal of ours.
    }
    return "status " + status;
  }

  private static void requireSame(AgentToken token, AgentToken later) {
    boolean same =
        later.token().holderKey().equals(token.token().holderKey())
            && later.chain().delegator().equals(token.chain().delegator())
            && later.chain().task().id().equals(token.chain().task().id());
    if (!same) {
      throw KeeperRefusal.of(
          502, "other_token", "the issuer gave a token of another holder, delegator or task");
    }
  }
}
