package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.server.mcp.RpcMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guard before servers of MCP from npm, over standard input and output. */
class RealServersTest {
  @TempDir Path folder;

  @BeforeEach
  void demand() {
    Node.demand();
  }

  /** Runs {@code taper mcp catalog} and gives what it printed. */
  private String taper(int exit, String... arguments) throws Exception {
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(GuardWorld.taper(arguments))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(output)).isEqualTo(exit);
    return Files.readString(output);
  }

  @Test
  void filesystemServer_isDraftedThenGuardedByPaths() throws Exception {
    GuardWorld world = new GuardWorld(folder);
    Path files = Files.createDirectory(folder.resolve("files"));
    Files.createDirectory(files.resolve("open"));
    Files.writeString(files.resolve("open/a.txt"), "hello");
    Files.writeString(files.resolve("secret.txt"), "secret");
    List<String> server = List.of("node", Node.main("server-filesystem"), files.toString());
    Path catalog = folder.resolve("catalog.json");

    List<String> draft =
        new ArrayList<>(
            List.of(
                "mcp",
                "catalog",
                "--audience",
                GuardWorld.AUDIENCE,
                "--out",
                catalog.toString(),
                "--"));
    draft.addAll(server);
    assertThat(taper(0, draft.toArray(new String[0]))).contains("drafted");
    ToolCatalog drafted = ToolCatalog.parse(Files.readString(catalog));
    assertThat(GuardWorld.tool(drafted, "read_text_file").operation()).isEqualTo("read");
    assertThat(GuardWorld.tool(drafted, "write_file").operation()).isEqualTo("write");
    assertThat(GuardWorld.tool(drafted, "write_file").definition()).isNotNull();

    AgentClient agent =
        world.agent(
            "read_text_file read where path under " + files + "/open",
            "list_directory read where path under " + files + "/open");
    List<String> command = GuardWorld.guard(world.configOf("catalog.json"), "--");
    command.addAll(server);
    try (LineClient client = LineClient.start(command, folder.resolve("err.txt"))) {
      RpcMessage begun = client.initialize("2025-11-25");
      assertThat(String.valueOf(Answered.result(begun).get("capabilities")))
          .contains("dev.taper", GuardWorld.AUDIENCE);
      assertThat(Answered.names(client.ask(agent, "tools/list", Map.of()), "tools"))
          .containsExactly("list_directory", "read_text_file");
      assertThat(
              Answered.text(
                  client.call(agent, "read_text_file", Map.of("path", files + "/open/a.txt"))))
          .isEqualTo("hello");
      assertThat(
              Answered.refusal(
                  client.call(agent, "read_text_file", Map.of("path", files + "/secret.txt"))))
          .isEqualTo("out_of_scope");
      assertThat(
              Answered.refusal(
                  client.call(
                      agent, "read_text_file", Map.of("path", files + "/open/../secret.txt"))))
          .isEqualTo("ambiguous_path");
      assertThat(
              Answered.refusal(
                  client.call(
                      agent, "write_file", Map.of("path", files + "/open/b.txt", "content", "x"))))
          .isEqualTo("out_of_scope");
      assertThat(
              Answered.refusal(
                  client.ask(
                      "tools/call",
                      Map.of("name", "read_text_file", "arguments", Map.of("path", "/")))))
          .isEqualTo("token_required");
    }
    assertThat(files.resolve("open/b.txt")).doesNotExist();
  }
}
