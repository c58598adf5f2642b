package dev.taper.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A token with grants that wait, a call that needs one of them, and the ask for its approval. */
final class Escalations {
  static final String DELETE =
      """
      {"tool": "jira.delete", "resource": "jira:project/ACME/Q3/12", "args": {"note": "// bye"}}\
      """;

  final Cli cli;
  final Agents agents;
  final String boss;

  /** Mints the token, and asks for an approval of the call. */
  Escalations(Path folder) {
    cli = new Cli(folder);
    agents = new Agents(cli);
    cli.ok("keygen", "--algorithm", "secp256r1", "--out", "boss.key");
    cli.ok("keygen", "--out", "stranger.key");
    boss = cli.read("boss.pub").strip();
    cli.file("delete.json", DELETE);
    agents.mint(
        "planner.token",
        "--grant",
        "jira.delete on jira:project/ACME/* if approved by " + boss,
        "--grant",
        "jira.close if justified within 15m");
    cli.ok(ask("planner"));
  }

  static String[] ask(String holder) {
    return new String[] {
      "escalate",
      holder + ".token",
      "--request",
      "delete.json",
      "--free-text",
      "note",
      "--audience",
      "svc:jira",
      "--reason",
      "a \"duplicate\"",
      "--out",
      "ask.json"
    };
  }

  Cli.Result approve(String key, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("approve", "ask.json", "--public-key", "root.pub", "--key", key + ".key"));
    args.addAll(List.of(more));
    return cli.run(args.toArray(new String[0]));
  }

  Cli.Result decide(String token, String... more) {
    return decide(token, List.of(), more);
  }

  /** Proves the call with approvals, and decides it. */
  Cli.Result decide(String token, List<String> approvals, String... more) {
    List<String> given = new ArrayList<>();
    approvals.forEach(file -> given.addAll(List.of("--approval", file)));
    List<String> prove =
        new ArrayList<>(
            List.of(
                "prove",
                token + ".token",
                "--key",
                "planner.key",
                "--request",
                "delete.json",
                "--free-text",
                "note",
                "--audience",
                "svc:jira",
                "--out",
                "call.proof"));
    prove.addAll(given);
    cli.ok(prove.toArray(new String[0]));
    given.addAll(List.of("--free-text", "note", "--proof", "call.proof"));
    given.addAll(List.of(more));
    return agents.decide(token, "delete.json", given.toArray(new String[0]));
  }

  Cli.Result decideSigned(String... more) {
    return decide("planner", List.of("signed"), more);
  }
}
