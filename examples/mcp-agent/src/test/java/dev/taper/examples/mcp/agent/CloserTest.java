package dev.taper.examples.mcp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import dev.taper.examples.mcp.server.IssuesFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent calls the server of the other example, which is another process. */
class CloserTest {
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey closer = PrivateKey.generate(Algorithm.ED25519);

  @TempDir Path folder;

  @Test
  void main_withTokenForOneIssue_closesItAndDeletesNone() throws IOException {
    IssuesFiles files = new IssuesFiles(folder);
    files.writeService(root.publicKey());
    List<String> arguments =
        new ArrayList<>(
            List.of(
                files.writeToken(root, "agent:closer", closer.publicKey()).toString(),
                files.write("closer.key", Pem.writeUnencrypted(closer)).toString(),
                "svc:issues",
                "7"));
    arguments.addAll(files.command());

    String output = run(arguments.toArray(new String[0]));

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
