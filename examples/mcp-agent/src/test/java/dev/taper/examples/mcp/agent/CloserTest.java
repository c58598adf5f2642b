package dev.taper.examples.mcp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.Agent;
import dev.taper.agent.Delegation;
import dev.taper.agent.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent calls the server of the other example, which is another process. */
class CloserTest {
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey closer = PrivateKey.generate(Algorithm.ED25519);

  @TempDir Path folder;

  private String write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, text).toString();
  }

  private void prepare() throws IOException {
    write("root.pub", root.publicKey().toString());
    write(
        "service.yaml",
        """
        audience: svc:issues
        root-keys: root.pub
        catalog: catalog.json
        revocations: none
        """);
    write(
        "catalog.json",
        """
        {"format": "taper/1 catalog", "audience": "svc:issues", "tools": {
         "issues.close": {"operation": "close", "resource": "issue:{id}",
          "mcp": {"method": "tools/call", "name": "close"},
          "arguments": {"id": {"type": "integer", "required": true}}},
         "issues.delete": {"operation": "delete", "resource": "issue:{id}",
          "mcp": {"method": "tools/call", "name": "delete"},
          "arguments": {"id": {"type": "integer", "required": true}}}}}
        """);
  }

  @Test
  void main_withTokenForOneIssue_closesItAndDeletesNone() throws IOException {
    prepare();
    String token =
        write(
            "token",
            Issuer.of(root)
                .mint(
                    Delegation.by("user:alice@acme.com")
                        .to(Agent.of("agent:closer", closer.publicKey()))
                        .task("T-4711")
                        .grant("issues.close close on issue:7")
                        .expiresIn(Duration.ofHours(1)))
                .encodeBase64());
    String key = write("closer.key", Pem.writeUnencrypted(closer));

    String output =
        run(
            token,
            key,
            "svc:issues",
            "7",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "dev.taper.examples.mcp.server.Issues",
            folder.resolve("service.yaml").toString());

    assertThat(output.lines())
        .containsExactly("[close]", "closed issue 7", "refused: out_of_scope");
  }

  private static String run(String... arguments) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      Closer.main(arguments);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
