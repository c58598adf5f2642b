package dev.taper.integrations.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.PastedJava;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the module's page shows, as if it was pasted, with a server that does as AWS KMS. */
class KmsDocumentTest {
  private static final int PATIENCE = 120; // seconds

  @TempDir Path folder;

  @Test
  void page_pasted_runs() throws Exception {
    PastedJava.compile(
        Path.of("README.md"),
        "java-kms",
        """
        var call = dev.taper.agent.call.ToolCall.of("jira.search");
        if (!dev.taper.agent.decision.Verifier.trusting(dev.taper.crypto.RootKeys.of(root.publicKey())).callerStatesMeaning()
            .audience("svc:jira").withoutRevocation().build()
            .decide(token.token(), call, token.prove(root, call, "svc:jira"),
                dev.taper.agent.call.SentApprovals.NONE).allowed()) {
          throw new AssertionError(token);
        }
        System.out.println("minted by " + root.publicKey());
        """,
        folder);
    try (Moto moto = Moto.start(folder)) {
      String key = moto.key();
      moto.client().createAlias(r -> r.aliasName("alias/taper-root").targetKeyId(key));
      String expected = "minted by " + KmsSigner.of(moto.client(), key).publicKey();

      assertThat(run(moto)).contains(expected);
    }
  }

  /** Runs it in a process of its own, which finds the server as the SDK finds AWS. */
  private String run(Moto moto) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Map.of(
            "aws.endpointUrl",
            moto.uri().toString(),
            "aws.region",
            "eu-central-1",
            "aws.accessKeyId",
            "test",
            "aws.secretAccessKey",
            Clients.NOT_TO_BE_SAID)
        .forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-cp",
            folder + ":" + System.getProperty("java.class.path"),
            PastedJava.NAME));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String written = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(PATIENCE, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(written).isZero();
    return written;
  }
}
