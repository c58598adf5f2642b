package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.TaperException;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.names.AgentDirectory;
import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large company's files are ordinary ones: what is written is read, looked up and reloaded. */
class LargeFilesTest {
  private static final int AGENTS = 100_000;
  private static final int TOOLS = 5_000;

  private final Story story = new Story();
  private int next;
  @TempDir private Path folder;

  /** The next key, of which nobody has the private half: every second number is one. */
  private PublicKey key() {
    while (true) {
      byte[] bytes = Digests.sha256(("key " + next++).getBytes(StandardCharsets.US_ASCII));
      try {
        return PublicKey.parse("ed25519/" + HexFormat.of().formatHex(bytes));
      } catch (TaperException e) {
        // It is no point of the curve.
      }
    }
  }

  @Test
  void names_of100000Agents_areWrittenReadLookedUpAndReloaded() throws IOException {
    NamesFile.Builder builder = NamesFile.builder().number(1);
    List<PublicKey> keys = new ArrayList<>();
    for (int i = 0; i < AGENTS; i++) {
      keys.add(key());
      builder.agent("agent:department-" + i % 100 + "/worker-" + i, keys.get(i));
    }
    NamesFile names = builder.build();
    Path file = folder.resolve("names.json");
    Files.writeString(file, names.sign(story.root));

    NamesFile read = NamesFile.loadSigned(file, story.root.publicKey());
    assertThat(read.agents()).isEqualTo(names.agents());
    AgentDirectory directory = read.directory();
    assertThat(directory.knows("agent:department-99/worker-99999", keys.get(99_999))).isTrue();
    assertThat(directory.knows("agent:department-99/worker-99999", keys.get(99_998))).isFalse();
    assertThat(read.name(keys.get(50_000))).isEqualTo("agent:department-0/worker-50000");

    try (ReloadingVerifier verifier =
        ReloadingVerifier.of(story.verifier().build()).names(file, NamesFile::parse).build()) {
      builder.number(2).agent("agent:new", key());
      Files.writeString(file, builder.build().sign(story.root));

      assertThat(verifier.check()).isTrue();
      assertThat(verifier.health().files()).allSatisfy(each -> assertThat(each.error()).isNull());
    }
  }

  @Test
  void catalog_of5000Tools_isWrittenReadLookedUpAndReloaded() throws IOException {
    ToolCatalog.Builder builder = ToolCatalog.of("svc:jira").origin("https://jira.example.com");
    for (int i = 0; i < TOOLS; i++) {
      builder.tool(
          CatalogTool.of("jira.tool" + i)
              .operation("read")
              .resource("jira:part" + i + "/{id}")
              .http(new CatalogTool.HttpRoute("POST", "/part" + i + "/{id}/do"))
              .argument(
                  "id",
                  new CatalogTool.Argument(
                      ArgumentType.of(ArgumentType.Kind.STRING), true, false, false, null, null)));
    }
    ToolCatalog catalog = builder.build();
    Path file = Files.writeString(folder.resolve("catalog.json"), catalog.toJson());

    ToolCatalog read = ToolCatalog.parse(Files.readString(file));
    assertThat(read.digest()).isEqualTo(catalog.digest());
    ToolCall call = read.call(SentHttp.of("POST", "https://jira.example.com", "/part4999/ACME/do"));
    assertThat(call.tool()).isEqualTo("jira.tool4999");
    assertThat(call.resource()).isEqualTo("jira:part4999/ACME");

    try (ReloadingVerifier verifier =
        ReloadingVerifier.of(story.verifier().catalog(read).build())
            .catalog(file, ToolCatalog::parse)
            .build()) {
      builder.tool(CatalogTool.of("jira.more").operation("read"));
      Files.writeString(file, builder.build().toJson());

      assertThat(verifier.check()).isTrue();
      assertThat(Objects.requireNonNull(verifier.verifier().catalog()).tools()).hasSize(TOOLS + 1);
    }
  }
}
