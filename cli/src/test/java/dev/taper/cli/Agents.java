package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** Alice, her agents and their tokens, as files in a folder. */
final class Agents {
  static final String SEARCH =
      """
      {"tool": "jira.search", "operation": "read", "resource": "jira:project/ACME/Q3/12", \
      "args": {"limit": 50}}\
      """;

  private final Cli cli;

  /** Makes the keys, and the tokens of the planner and the researcher. */
  Agents(Cli cli) {
    this.cli = cli;
    for (String name : List.of("root", "planner", "researcher", "scraper")) {
      cli.ok("keygen", "--out", name + ".key");
    }
    cli.file("search.json", SEARCH);
    mint("planner.token");
    delegate(
        "planner",
        "researcher",
        "--grant",
        "jira.search on jira:project/ACME/Q3/*",
        "--expires",
        "10m");
  }

  /** Makes the key of a revoker, and a list that it signed. */
  void signRevocations() {
    cli.ok("keygen", "--out", "revoker.key");
    cli.ok("revocations", "sign", "--revocations", "revoked.list", "--key", "revoker.key");
  }

  /** Alice's grant to the planner. */
  void mint(String out, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "mint",
                "--key",
                "root.key",
                "--delegator",
                "user:alice@acme.com",
                "--holder",
                "agent:planner=planner.pub",
                "--task",
                "T-4711",
                "--grant",
                "jira.* read, list on jira:project/ACME/*",
                "--expires",
                "1h",
                "--out",
                out));
    args.addAll(List.of(more));
    cli.ok(args.toArray(new String[0]));
  }

  /** Hands on one's token; the warnings. */
  String delegate(String from, String to, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "delegate",
                from + ".token",
                "--key",
                from + ".key",
                "--holder",
                "agent:" + to + "=" + to + ".pub",
                "--out",
                to + ".token"));
    args.addAll(List.of(more));
    Cli.Result result = cli.run(args.toArray(new String[0]));
    assertThat(result.exit()).as(result.err()).isZero();
    return result.err();
  }

  /** Proves a call. */
  void prove(String holder, String request, String audience, String out) {
    cli.ok(
        "prove",
        holder + ".token",
        "--key",
        holder + ".key",
        "--request",
        request,
        "--audience",
        audience,
        "--out",
        out);
  }

  /** Has the Jira service decide, which looks nothing up as revoked. */
  Cli.Result decide(String token, String request, String... more) {
    List<String> args = new ArrayList<>(List.of(more));
    args.add("--without-revocation");
    return authorize(token, request, args);
  }

  /** Has the Jira service decide by a list of what is revoked. */
  Cli.Result decideWithList(String token, String request, String... more) {
    List<String> args = new ArrayList<>(List.of(more));
    args.addAll(List.of("--revocations", "revoked.list", "--revocation-key", "revoker.pub"));
    return authorize(token, request, args);
  }

  /** Has the Jira service decide. */
  Cli.Result authorize(String token, String request, List<String> more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "authorize",
                token + ".token",
                "--public-key",
                "root.pub",
                "--request",
                request,
                "--audience",
                "svc:jira"));
    args.addAll(more);
    return cli.run(args.toArray(new String[0]));
  }
}
