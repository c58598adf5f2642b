package dev.taper.server.keeper;

import dev.taper.JsonMembers;
import dev.taper.ShownText;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.Signer;
import dev.taper.integrations.http.client.HttpSigner;
import dev.taper.server.keeper.KeeperRequest.RenewAt;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Has tokens renewed by their issuers (docs/binding.md, renewals). What is signed is the request
 * that the keeper sends itself. Thread-safe.
 */
final class RenewalDesk {
  private static final int MAX_ANSWER = 64 * 1024;
  private static final int LONGEST_DETAIL = 300;
  private static final Pattern CODE = Pattern.compile("[a-z_]{1,64}");

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Answer(int status, HttpHeaders fields, byte[] content) {}

  private final KeyUse use;
  private final OtherServers servers;
  private final Clock clock;

  RenewalDesk(KeyUse use, OtherServers servers, Clock clock) {
    this.use = use;
    this.servers = servers;
    this.clock = clock;
  }

  /**
   * Gets a token with a later end from its issuer.
   *
   * @param token the present one
   * @param at where
   * @throws KeeperRefusal {@code not_renewed} if the issuer refuses; {@code no_renewal} if its
   *     answer is none; {@code other_token} if it gives one of another holder, delegator or task;
   *     {@code no_answer}
   */
  AgentToken renew(AgentToken token, RenewAt at) {
    String what = "renew the token of the task " + token.chain().task().id() + " at " + at.url();
    Signer signer = use.of(token.token().holderKey(), Question.shown(what), what);
    HttpRequest request =
        HttpSigner.of(token, signer, at.audience())
            .clock(clock)
            .sign(
                HttpRequest.newBuilder(at.url())
                    .timeout(OtherServers.TIMEOUT)
                    .POST(BodyPublishers.noBody())
                    .build());
    Answer answer =
        servers.bounded(
            () -> {
              HttpResponse<InputStream> got =
                  servers.client().send(request, HttpResponse.BodyHandlers.ofInputStream());
              try (InputStream in = got.body()) {
                return new Answer(got.statusCode(), got.headers(), in.readNBytes(MAX_ANSWER));
              }
            });
    if (answer.status() >= 400) {
      throw KeeperRefusal.of(
          403, "not_renewed", "the issuer does not renew the token: " + reason(answer));
    }
    AgentToken later =
        RenewalAnswer.read(
            answer.status(),
            answer.fields().allValues("content-type"),
            answer.fields().allValues("content-encoding"),
            answer.content());
    requireSame(token, later);
    return later;
  }

  /** What the issuer says, if it is a refusal of ours. */
  private static String reason(Answer answer) {
    String status = "status " + answer.status();
    try {
      JsonMembers<KeeperRefusal> members = KeeperJson.JSON.read(answer.content(), "the answer");
      String code = members.textIfAny("code");
      if (code == null || !CODE.matcher(code).matches()) {
        return status;
      }
      String detail = members.textIfAny("detail");
      return detail == null ? code : code + ", " + ShownText.of(detail, LONGEST_DETAIL);
    } catch (KeeperRefusal e) {
      return status;
    }
  }

  private static void requireSame(AgentToken token, AgentToken later) {
    boolean same =
        later.token().holderKey().equals(token.token().holderKey())
            && Objects.equals(holder(later), holder(token))
            && later.chain().delegator().equals(token.chain().delegator())
            && later.chain().task().id().equals(token.chain().task().id());
    if (!same) {
      throw KeeperRefusal.of(
          502, "other_token", "the issuer gave a token of another holder, delegator or task");
    }
  }

  private static @Nullable String holder(AgentToken token) {
    Agent holder = token.chain().holder();
    return holder == null ? null : holder.name();
  }
}
