package dev.taper.examples.mcp.server;

import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/**
 * The files of the server, for the tests of agents that call it. It knows two tools: {@code
 * issues.close} and {@code issues.delete}.
 *
 * @param folder where they are; only their owner can read them
 */
public record IssuesFiles(Path folder) {
  /** Writes a file. */
  public Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, text);
  }

  /** Writes the catalog of the server. */
  public void writeCatalog() throws IOException {
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

  /** Writes what a server needs that trusts one key, and revokes and records nothing. */
  public void writeService(PublicKey root) throws IOException {
    write("root.pub", root.toString());
    write(
        "service.yaml",
        """
        audience: svc:issues
        root-keys: root.pub
        catalog: catalog.json
        revocations: none
        """);
    writeCatalog();
  }

  /** Writes the token of an agent that may close issue 7. */
  public Path writeToken(PrivateKey root, String agent, PublicKey key) throws IOException {
    return write(
        "token",
        Issuer.of(root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of(agent, key))
                    .task("T-4711")
                    .grant("issues.close close on issue:7")
                    .expiresIn(Duration.ofHours(1)))
            .encodeBase64());
  }

  /** The command line that starts the server as another process, on standard input and output. */
  public List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        Issues.class.getName(),
        folder.resolve("service.yaml").toString());
  }
}
