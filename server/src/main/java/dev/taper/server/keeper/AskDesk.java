package dev.taper.server.keeper;

import dev.taper.JsonFields;
import dev.taper.SafeJson;
import dev.taper.agent.approval.AskStatus;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.catalog.ShownCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.Signer;
import dev.taper.integrations.http.client.HttpAsker;
import dev.taper.integrations.http.client.HttpAsker.Asked;
import dev.taper.integrations.http.client.HttpSigner;
import dev.taper.server.keeper.KeeperRequest.Ask;
import dev.taper.server.keeper.KeeperRequest.AwaitAsk;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Asks services for approvals. What is signed is the request that the keeper sends itself, to the
 * origin that it signs for. Thread-safe.
 */
final class AskDesk {
  private static final int MAX_MADE = 256;

  private final TokenShelf tokens;
  private final KeyUse use;
  private final Clock clock;
  private final OtherServers servers;
  private final Map<URI, HttpAsker> made = new LinkedHashMap<>(); // guarded by itself

  AskDesk(TokenShelf tokens, KeyUse use, OtherServers servers, Clock clock) {
    this.tokens = tokens;
    this.use = use;
    this.servers = servers;
    this.clock = clock;
  }

  /**
   * Asks for an approval: the service that keeps asks, or with a request that the user gives to an
   * approver.
   */
  JsonFields ask(Ask request) {
    TokenShelf.Use used = tokens.use(request.token(), request.audience());
    AgentToken token = used.token();
    if (request.call() != null) {
      String made =
          token.requestApproval(request.call(), used.audience(), request.reason()).encode();
      return new JsonFields().json("request", SafeJson.escaped(made));
    }
    SentHttp sent = Objects.requireNonNull(request.http());
    String what = "ask for the approval of " + sent + " at " + used.audience();
    ShownCall shown = ProvableText.ofAsk(what, sent, request.reason());
    Signer signer = use.of(token.token().holderKey(), shown, what);
    HttpSigner signing =
        HttpSigner.of(token, signer, used.audience())
            .fields(sent.fields().keySet().toArray(new String[0]))
            .clock(clock);
    HttpRequest call = request(sent);
    HttpAsker asker = HttpAsker.of(servers.client(), signing);
    Asked asked = servers.bounded(() -> asker.ask(call, request.reason(), request.patience()));
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
  JsonFields await(AwaitAsk request) {
    HttpAsker asker;
    synchronized (made) {
      asker = made.get(request.ask());
    }
    if (asker == null) {
      throw KeeperRefusal.of(404, "unknown_ask", "the keeper made no such ask, or long ago");
    }
    return words(servers.bounded(() -> asker.await(request.ask(), request.patience())));
  }

  private static JsonFields words(Asked asked) {
    JsonFields fields = new JsonFields();
    if (asked instanceof Asked.Approved approved) {
      Base64.Encoder text = Base64.getUrlEncoder().withoutPadding();
      return fields
          .put("state", AskStatus.State.ANSWERED.text())
          .put(
              "approvals",
              approved.approvals().encoded().stream().map(text::encodeToString).toList());
    } else if (asked instanceof Asked.Refused refused) {
      return fields.put("state", AskStatus.State.REFUSED.text()).put("refusal", refused.reason());
    } else if (asked instanceof Asked.Unanswered unanswered) {
      return fields.put("state", AskStatus.State.OPEN.text()).put("ask", unanswered.ask());
    } else if (asked instanceof Asked.NotTaken not) {
      fields.put("state", "not_taken").put("answer", not.status()).put("reason", not.code());
      String decision = not.decision();
      return decision == null ? fields : fields.json("decision", SafeJson.escaped(decision));
    }
    return fields.put("state", "ended");
  }
}
