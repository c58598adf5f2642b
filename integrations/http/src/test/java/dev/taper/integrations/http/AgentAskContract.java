package dev.taper.integrations.http;

import static dev.taper.integrations.http.AskWorld.approve;
import static dev.taper.integrations.http.AskWorld.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.client.Refusal;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.http.client.HttpAsker;
import dev.taper.integrations.http.client.HttpAsker.Asked;
import dev.taper.integrations.http.client.HttpSigner;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What an agent gets that asks and waits. */
abstract class AgentAskContract extends AskContract {
  @Test
  void agent_asks_waitsAndIsAllowed() throws Exception {
    HttpRequest comment =
        HttpRequest.newBuilder(URI.create(service().origin() + "/issues/7/comments"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"text\":\"päng\"}"))
            .build();
    String refused = client.send(signer().sign(comment), BodyHandlers.ofString()).body();
    assertThat(refused).contains("\"code\":\"approval_required\"");

    Asked asked = asked(signer(), comment, world.world.boss);
    assertThat(asked).isInstanceOf(Asked.Approved.class);
    HttpRequest again = signer().approvals(((Asked.Approved) asked).approvals()).sign(comment);
    assertThat(client.send(again, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    assertThat(service().reached).hasSize(1);
  }

  @Test
  void agent_asksForACallWithAField_isAllowed() throws Exception {
    HttpRequest search =
        HttpRequest.newBuilder(URI.create(service().origin() + "/projects/ACME/issues"))
            .header("X-Tenant", "acme")
            .build();
    HttpSigner signer = signer().fields("X-Tenant");
    Asked asked = asked(signer, search, world.world.boss);
    HttpRequest again = signer.approvals(((Asked.Approved) asked).approvals()).sign(search);
    assertThat(client.send(again, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    assertThat(service().reached.get(0).call()).contains("\"tenant\":\"acme\"");
  }

  /** Asks, while somebody approves what is asked. */
  private Asked asked(HttpSigner signer, HttpRequest call, PrivateKey approver) throws Exception {
    HttpAsker asker = HttpAsker.of(client, signer);
    Asked first = asker.ask(call, "it has to be", Duration.ZERO);
    URI ask = ((Asked.Unanswered) first).ask();
    CompletableFuture<Asked> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return asker.await(ask, Duration.ofMinutes(1));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    assertDone(approve(service(), ask.getRawPath(), approver));
    return waiting.get();
  }

  @Test
  void agent_refused_readsItAsAValue() throws Exception {
    HttpAsker asker = HttpAsker.of(client, signer());
    URI ask = ((Asked.Unanswered) asker.ask(close(), "done", Duration.ZERO)).ask();
    assertDone(post(service(), ask.getRawPath(), List.of(), "{\"refusal\":\"not now\"}"));

    assertThat(asker.await(ask, Duration.ofSeconds(5))).isEqualTo(new Asked.Refused("not now"));
    URI none = URI.create(service().origin() + "/v1/asks/" + "a".repeat(21) + "A");
    assertThat(asker.await(none, Duration.ZERO)).isEqualTo(new Asked.Ended());
    HttpRequest outside =
        HttpRequest.newBuilder(URI.create(service().origin() + "/forms"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("name=a"))
            .build();
    Asked.NotTaken notTaken = (Asked.NotTaken) asker.ask(outside, "x", Duration.ZERO);
    assertThat(notTaken.status()).isEqualTo(403);
    assertThat(notTaken.code()).isEqualTo("justification_required");
    assertThat(Refusal.parse(Objects.requireNonNull(notTaken.decision())).code())
        .isEqualTo("justification_required");
  }
}
