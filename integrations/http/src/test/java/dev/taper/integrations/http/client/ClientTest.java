package dev.taper.integrations.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What an agent's client signs, asks and takes, without a service. */
class ClientTest {
  private static final URI ISSUE = URI.create("https://jira.example.com/issues/7");
  private static final PrivateKey PLANNER = PrivateKey.generate(Algorithm.ED25519);
  private static final AgentToken TOKEN =
      Issuer.of(PrivateKey.generate(Algorithm.ED25519))
          .mint(
              Delegation.by("user:alice@acme.com")
                  .to(Agent.of("agent:planner", PLANNER.publicKey()))
                  .task("T-4711")
                  .grant("jira.search read")
                  .expiresIn(Duration.ofHours(1)));
  private static final HttpSigner SIGNER = HttpSigner.of(TOKEN, PLANNER, "svc:jira");

  /** A request that was signed before, or for something else. */
  private static HttpRequest signedBefore() {
    return HttpRequest.newBuilder(ISSUE)
        .header("Authorization", "Basic YTpi")
        .header("Taper-Token", "old")
        .header("Taper-Proof", "old")
        .header("Taper-Approval", "old")
        .header("X-Other", "kept")
        .build();
  }

  @Test
  void sign_whatWasSignedBefore_hasNewCredentialsAlone() {
    HttpRequest signed = SIGNER.sign(signedBefore());

    assertThat(signed.headers().allValues("Authorization"))
        .containsExactly("Taper " + TOKEN.encodeBase64());
    assertThat(signed.headers().allValues("Taper-Token")).isEmpty();
    assertThat(signed.headers().allValues("Taper-Approval")).isEmpty();
    assertThat(signed.headers().allValues("Taper-Proof")).hasSize(1).doesNotContain("old");
    assertThat(signed.headers().allValues("X-Other")).containsExactly("kept");
  }

  @Test
  void sign_inOwnField_leavesOtherAuthorizationAlone() {
    HttpRequest signed = SIGNER.inOwnField().sign(signedBefore());

    assertThat(signed.headers().allValues("Authorization")).containsExactly("Basic YTpi");
    assertThat(signed.headers().allValues("Taper-Token")).containsExactly(TOKEN.encodeBase64());
    assertThat(signed.headers().allValues("Taper-Approval")).isEmpty();
  }

  /** A service refuses it, so nothing is spent on it; a server that folds names would mix both. */
  @Test
  void sign_fieldInAnotherSpelling_isNotSigned() {
    HttpSigner signer = SIGNER.fields("X-Project");
    for (String name : new String[] {"x_project", "Taper_Proof", "CONTENT_TYPE"}) {
      HttpRequest request = HttpRequest.newBuilder(ISSUE).header(name, "a").build();
      assertThatExceptionOfType(TaperException.class)
          .isThrownBy(() -> signer.sign(request))
          .withMessageContaining("another spelling")
          .extracting(TaperException::code)
          .isEqualTo(ErrorCode.INVALID_REQUEST);
    }
  }

  @Test
  void sign_bodyThatFails_isNotSigned() {
    HttpRequest request =
        HttpRequest.newBuilder(ISSUE)
            .POST(
                BodyPublishers.fromPublisher(
                    subscriber -> {
                      subscriber.onSubscribe(new Unwanted(new AtomicBoolean()));
                      subscriber.onError(new IOException("gone"));
                    }))
            .build();

    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(() -> SIGNER.sign(request))
        .withMessageContaining("cannot be read")
        .extracting(TaperException::code)
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void write_ask_saysAllThatIsSentAndNothingElse() {
    SentHttp get = SentHttp.of("GET", "https://jira.example.com", "/issues/7");
    byte[] none = new byte[0];

    assertThat(HttpAsker.content(get, "a"))
        .isEqualTo("{\"method\":\"GET\",\"target\":\"/issues/7\",\"reason\":\"a\"}");
    assertThat(HttpAsker.content(get.content("a/b", none), "a"))
        .contains("\"content_type\":\"a/b\"")
        .doesNotContain("\"content\"");
    assertThat(HttpAsker.content(get.content("a/b", new byte[] {1}).contentEncoding("gzip"), "a"))
        .contains("\"content_encoding\":\"gzip\"", "\"content\":\"AQ\"");
  }

  private record Unwanted(AtomicBoolean isCancelled) implements Flow.Subscription {
    @Override
    public void request(long count) {}

    @Override
    public void cancel() {
      isCancelled.set(true);
    }
  }
}
