package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Alice's agents, a list of what is revoked, and commands about them, each as one line. */
abstract class RevokingWorld {
  static final String DB = " --registry sqlite:taper.db";
  static final String LIST = " --revocations revoked.list --key revoker.key";
  static final String LOOK = " --revocations revoked.list --revocation-key revoker.pub";
  static final String AUDIT = " --audit audit.jsonl --audit-key audit.key";

  @TempDir Path folder;
  Cli cli;
  Agents agents;

  @BeforeEach
  void makeWorld() {
    cli = new Cli(folder);
    agents = new Agents(cli);
    agents.signRevocations();
    cli.ok("keygen", "--out", "audit.key");
  }

  final Cli.Result run(String command, String... more) {
    List<String> args = new ArrayList<>(List.of(command.split(" ", -1)));
    args.addAll(List.of(more));
    return cli.run(args.toArray(new String[0]));
  }

  final String ok(String command, String... more) {
    Cli.Result result = run(command, more);
    assertThat(result.exit()).as(result.err()).isZero();
    return result.out();
  }
}
