package dev.taper.server.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.DecodeLimits;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.token.UnverifiedToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The largest token that is written is read wherever one is. */
class LargestTokenTest {
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey holder = PrivateKey.generate(Algorithm.ED25519);
  @TempDir private Path folder;

  /** A token of nearly as many bytes as one may have. */
  private AgentToken largest() {
    Delegation delegation =
        Delegation.by("user:alice@acme.com")
            .to(Agent.of("agent:planner", holder.publicKey()))
            .task("T-1")
            .expiresIn(Duration.ofHours(1));
    for (int i = 0; i < 64; i++) {
      delegation = delegation.grant("jira.search read on jira:" + i + "x".repeat(970));
    }
    AgentToken token = Issuer.of(root).mint(delegation);
    assertThat(token.token().encode().length).isGreaterThan(60_000);
    return token;
  }

  @Test
  void maxBase64_ofAnyLimit_isWhatTheLongestTokenTakes() {
    for (int bytes = 1; bytes < 100; bytes++) {
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[bytes]);
      assertThat(DecodeLimits.DEFAULT.withMaxBytes(bytes).maxBase64()).isEqualTo(text.length());
    }
    assertThat(DecodeLimits.DEFAULT.withMaxBytes(DecodeLimits.HARD_MAX_BYTES).maxBase64())
        .isEqualTo(22_369_622);
  }

  @Test
  void current_largestToken_isReadFromItsFile() throws IOException {
    AgentToken token = largest();
    Path file = Files.writeString(folder.resolve("token"), token.encodeBase64() + "\n");

    TokenFile read = TokenFile.of(file, holder.publicKey(), Clock.systemUTC());

    assertThat(Objects.requireNonNull(read.current()).encodeBase64())
        .isEqualTo(token.encodeBase64());
  }

  @Test
  void decode_requestWithTheLargestTokenAndCall_isReadByItsFolderToo() throws IOException {
    ToolCall call = ToolCall.of("jira.search").arg("text", "\u20ac".repeat(21_000));
    ApprovalRequest request =
        ApprovalRequest.of(
            UnverifiedToken.decode(largest().encodeBase64()), call, "svc:jira", "why");
    OwnFolder.of(folder).put("1.request", request.encode().getBytes(StandardCharsets.UTF_8));

    String read = OwnFolder.read(folder.resolve("1.request"), AskFolder.MAX_REQUEST);

    assertThat(ApprovalRequest.decode(read).call()).isEqualTo(call);
  }
}
