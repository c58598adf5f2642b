package dev.taper.cli.demo;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Outputs;
import dev.taper.testvectors.Vector;
import dev.taper.testvectors.Vectors;
import dev.taper.testvectors.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells the whole story: mint, narrow, verify, allow, deny, and a token made elsewhere. */
public final class DemoService {
  private static final String AUTHORITY =
      """
      user("alice");
      right("project/atlas/", "read");
      right("project/atlas/", "write");
      """;

  private static final String POLICY =
      """
      allow if
        operation($op), resource($r), right($prefix, $op), $r.starts_with($prefix);
      """;

  private static final String FOREIGN_TOKEN = "research_agents.bc";

  private final Console console;
  private final CommandRunner runner;

  /**
   * Tells it in the given console.
   *
   * @param console where
   * @param runner runs the commands
   */
  public DemoService(Console console, CommandRunner runner) {
    this.console = console;
    this.runner = runner;
  }

  /**
   * Runs the demonstration.
   *
   * @param directory a folder that is empty or does not exist, or null for a temporary one
   * @return {@link ExitCode#OK} if everything went as it must
   */
  public ExitCode run(@Nullable String directory) {
    Path folder = folder(directory);
    console.out().println("Taper, offline, in " + folder);
    console
        .out()
        .println("Repeat any step by hand: cd " + ShellWords.join(List.of(folder.toString())));
    Stage stage = new Stage(console, runner, folder);
    Outputs files = new Outputs(console.at(folder));
    own(stage, files);
    foreign(stage, files);
    stage.say(stage.asExpected() ? "Everything went as it must." : "Something went wrong.");
    return stage.asExpected() ? ExitCode.OK : ExitCode.DENIED;
  }

  private static void own(Stage stage, Outputs files) {
    write(files, "authority.datalog", AUTHORITY);
    write(files, "policy.datalog", POLICY);
    stage.say("1. Alice's service makes a root key and mints her a token for one hour.");
    stage.run(ExitCode.OK, "root.pub", "keygen", "--out", "root.key");
    stage.run(
        ExitCode.OK,
        "",
        "mint",
        "--key",
        "root.key",
        "--ttl",
        "1h",
        "--out",
        "alice.token",
        "authority.datalog");

    stage.say("2. Alice lets a planner agent work on the notes, for half an hour.");
    stage.run(
        ExitCode.OK,
        "",
        "attenuate",
        "alice.token",
        "--ttl",
        "30m",
        "--block",
        "agent(\"planner\"); check if resource($r), $r.starts_with(\"project/atlas/notes/\")",
        "--out",
        "planner.token");

    stage.say("3. The planner lets a researcher agent read there, for ten minutes. No key needed.");
    stage.run(
        ExitCode.OK,
        "",
        "attenuate",
        "planner.token",
        "--ttl",
        "10m",
        "--block",
        "agent(\"researcher\"); check if operation(\"read\")",
        "--out",
        "researcher.token");
    stage.run(ExitCode.OK, "verified", "inspect", "researcher.token", "--public-key", "root.pub");

    stage.say("4. The notes service verifies the chain offline and decides.");
    stage.run(ExitCode.OK, "ALLOWED", request("researcher.token", "read", "notes/plan.md"));
    stage.run(
        ExitCode.DENIED,
        "DENIED",
        request("researcher.token", "write", "notes/plan.md", "--explain"));
    stage.run(
        ExitCode.DENIED,
        "\"allowed\" : false",
        request("researcher.token", "read", "budget.csv", "--json"));
    stage.run(ExitCode.OK, "ALLOWED", request("alice.token", "write", "budget.csv"));

    stage.say("5. A token that somebody else signed is refused before anything is evaluated.");
    stage.run(ExitCode.OK, "other.pub", "keygen", "--out", "other.key");
    stage.run(
        ExitCode.INVALID_TOKEN,
        "signature",
        "inspect",
        "researcher.token",
        "--public-key",
        "other.pub");
  }

  private static String[] request(String token, String operation, String path, String... more) {
    return Stream.concat(
            Stream.of(
                "authorize",
                token,
                "--public-key",
                "root.pub",
                "--policy",
                "policy.datalog",
                "--fact",
                "operation(\"" + operation + "\")",
                "--fact",
                "resource(\"project/atlas/" + path + "\")"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  private static void foreign(Stage stage, Outputs files) {
    stage.say("6. A token made by biscuit-java, with the verdicts that biscuit-java gave.");
    Vectors vectors = Vectors.biscuitJava();
    Vector vector = vectors.get(FOREIGN_TOKEN);
    files.file(FOREIGN_TOKEN, vectors.token(FOREIGN_TOKEN), true, true);
    write(files, "biscuit-java.pub", vectors.rootPublicKey() + "\n");
    String[] names = {"read a note", "write a note"};
    for (String name : names) {
      Vector.Validation validation = vector.validation(name);
      String policy = name.replace(' ', '-') + ".datalog";
      write(files, policy, validation.authorizerCode());
      Verdict.Outcome outcome = validation.verdict().outcome();
      boolean allowed = outcome == Verdict.Outcome.ALLOWED;
      stage.run(
          allowed ? ExitCode.OK : ExitCode.DENIED,
          allowed ? "ALLOWED" : outcome.name().toLowerCase(Locale.ROOT),
          "authorize",
          "--raw-input",
          FOREIGN_TOKEN,
          "--public-key",
          "biscuit-java.pub",
          "--time",
          "none",
          "--policy",
          policy);
    }
    stage.say("7. The same token, narrowed by Taper.");
    stage.run(
        ExitCode.OK,
        "",
        "attenuate",
        "--raw-input",
        FOREIGN_TOKEN,
        "--block",
        "check if operation(\"list\")",
        "--out",
        "narrower.token");
    stage.run(
        ExitCode.DENIED,
        "block 3",
        "authorize",
        "narrower.token",
        "--public-key",
        "biscuit-java.pub",
        "--time",
        "none",
        "--policy",
        "read-a-note.datalog");
  }

  private static void write(Outputs files, String name, String content) {
    files.file(name, content.getBytes(StandardCharsets.UTF_8), false, true);
  }

  private Path folder(@Nullable String directory) {
    try {
      if (directory == null) {
        return Files.createTempDirectory("taper-demo-");
      }
      Path folder = console.resolve(directory);
      Outputs.privateFolder(folder);
      try (Stream<Path> content = Files.list(folder)) {
        if (content.findAny().isPresent()) {
          throw CliException.usage("the folder for the demonstration is not empty: " + directory);
        }
      }
      return folder.toAbsolutePath();
    } catch (IOException e) {
      throw CliException.io("cannot make the folder: " + e.getMessage(), e);
    }
  }
}
