package dev.taper.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.http.client.HttpSigner;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationFile;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.testing.FreePort;
import dev.taper.trust.RootKeySet;
import dev.taper.trust.RootKeySet.RootKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

class IssuesTest {
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey revoker = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  private final HttpClient client = HttpClient.newHttpClient();

  @TempDir Path folder;

  private void prepare(int port) throws IOException {
    write(
        "roots.json",
        RootKeySet.of(Clock.systemUTC(), List.of(RootKey.of(1, root.publicKey()))).write());
    write(
        "names.json",
        NamesFile.builder().agent("agent:planner", planner.publicKey()).build().write());
    write("revoker.pub", revoker.publicKey().toString());
    write(
        "catalog.json",
        """
        {"format": "taper/1 catalog", "audience": "svc:issues", "origins": [{"origin": "http://127.0.0.1:%d"}],
         "tools": {"issues.close": {"operation": "close", "resource": "issue:{id}",
          "http": {"method": "POST", "path": "/issues/{id}/close"}, "arguments": {"id": {"type": "integer"}}}}}
        """
            .formatted(port));
    Path key = folder.resolve("audit.key");
    Files.createFile(
        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(key, Pem.writeUnencrypted(PrivateKey.generate(Algorithm.ED25519)));
    lists().renew(RevocationIssuer.of(revoker), RevocationIssuer.Horizon.KEPT);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private RevocationFile lists() {
    return RevocationFile.of(folder.resolve("revocations"), Clock.systemUTC());
  }

  private HttpResponse<String> close(int port) throws IOException, InterruptedException {
    AgentToken token =
        Issuer.of(root)
            .keyId(1)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", planner.publicKey()))
                    .task("T-4711")
                    .grant("issues.close close on issue:7")
                    .expiresIn(Duration.ofHours(1)));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/issues/7/close"))
            .POST(BodyPublishers.noBody())
            .build();
    return client.send(
        HttpSigner.of(token, planner, "svc:issues").sign(request), BodyHandlers.ofString());
  }

  @Test
  void call_untilItsTaskIsRevoked_isAllowed() throws IOException, InterruptedException {
    int port = FreePort.next();
    prepare(port);
    System.clearProperty(
        "taper.shared"); // the build's own; a service refuses what it does not know
    try (ConfigurableApplicationContext service =
        SpringApplication.run(
            Issues.class,
            "--service.folder=" + folder,
            "--server.port=" + port,
            "--taper.deadline=20s")) {
      assertThat(service.isRunning()).isTrue();
      calls(port);
    }
    assertThat(Files.readString(folder.resolve("audit.jsonl"))).contains("issues.close");
  }

  private void calls(int port) throws IOException, InterruptedException {
    assertThat(close(port).body()).isEqualTo("closed issue:7");
    assertThat(
            client
                .send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/issues/7"))
                        .build(),
                    BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(401);

    lists()
        .revoke(
            RevocationIssuer.of(revoker),
            List.of(
                RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-4711"))),
            RevocationIssuer.Horizon.KEPT);
    HttpResponse<String> refused = close(port);
    for (int i = 0; i < 600 && refused.statusCode() == 200; i++) {
      Thread.sleep(100);
      refused = close(port);
    }
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("\"code\":\"revoked\"");
  }
}
