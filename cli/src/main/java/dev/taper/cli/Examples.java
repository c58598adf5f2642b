package dev.taper.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** One example for each command, which stands at the end of its help. */
final class Examples {
  private Examples() {}

  /** Adds the examples of a command and of all below it. */
  static void addTo(String words, CommandSpec spec) {
    String example = of(words);
    if (example != null) {
      List<String> lines = new ArrayList<>(List.of("", "Example:"));
      for (String line : example.strip().split("\n", -1)) {
        lines.add("  " + line);
      }
      spec.usageMessage().footer(lines.toArray(new String[0]));
    }
    for (CommandLine below : spec.subcommands().values()) {
      addTo(words + " " + below.getCommandName(), below.getCommandSpec());
    }
  }

  /**
   * A command line that works where its files are there, with line breaks as a shell has them; null
   * for a command that there is not.
   */
  static @Nullable String of(String words) {
    return switch (words.split(" ", 2)[0]) {
      case "keygen", "names", "enrol", "login", "rotate" -> ofKeys(words);
      case "mint", "attenuate", "delegate", "seal", "inspect", "diff", "third-party" ->
          ofTokens(words);
      case "prove", "justify", "escalate", "approve", "authorize", "query", "snapshot" ->
          ofCalls(words);
      case "policy", "catalog", "findings", "config", "doctor", "conformance" -> ofServices(words);
      case "revoke", "revocations", "offboard", "task" -> ofEndings(words);
      case "registry", "review" -> ofReviews(words);
      case "audit" -> ofTrails(words);
      case "demo" -> "taper demo --lifecycle --dir story";
      case "completion" -> "source <(taper completion bash)";
      case "help" -> "taper help third-party sign";
      default -> null;
    };
  }

  private static @Nullable String ofKeys(String words) {
    return switch (words) {
      case "keygen" -> "taper keygen --out root.key";
      case "names", "names show" -> "taper names show names.json --names-key operator.pub";
      case "names add" ->
          "taper names add names.json --agent agent:planner=new.pub --out names.json";
      case "names remove" ->
          "taper names remove names.json --name user:alice@acme.com --out names.json";
      case "names sign" -> "taper names sign names.json --key operator.key --out names.json";
      case "enrol" -> "taper enrol agent:planner --issuer https://issuer.example --key planner.key";
      case "login" ->
          """
          taper login --issuer https://issuer.example --provider https://login.example \\
              --client-id taper --template triage --task T-4711 --key planner.key \\
              --out planner.token
          """;
      case "rotate", "rotate start" ->
          "taper rotate start --keys keys.json --new-key new.pub --overlap 7d";
      case "rotate status" -> "taper rotate status --keys keys.json";
      case "rotate living" -> "taper rotate living planner.pub --registry sqlite:taper.db";
      case "rotate move" ->
          """
          taper rotate move planner.token --key planner.key --new-key new.pub --out-dir moved \\
              --registry sqlite:taper.db
          """;
      case "rotate finish" ->
          """
          taper rotate finish planner.pub --registry sqlite:taper.db \\
              --revocations revoked.list --key list.key
          """;
      case "rotate audit" ->
          "taper rotate audit audit.jsonl --audit-key audit.key --new-key next.key";
      case "rotate retire" -> "taper rotate retire --keys keys.json --key-id 1";
      default -> null;
    };
  }

  private static @Nullable String ofTokens(String words) {
    return switch (words) {
      case "mint" ->
          """
          taper mint --key root.key --delegator user:alice@acme.com \\
              --holder agent:planner=planner.pub --task T-4711 \\
              --grant 'jira.* read on jira:project/ACME/*' --expires 1h --out planner.token
          """;
      case "attenuate" ->
          "taper attenuate plain.token --block 'check if operation(\"read\")' --ttl 10m";
      case "delegate" ->
          """
          taper delegate planner.token --key planner.key \\
              --holder agent:researcher=researcher.pub --grant jira.search --expires 10m \\
              --out researcher.token
          """;
      case "seal" -> "taper seal planner.token --key planner.key --out sealed.token";
      case "inspect" -> "taper inspect planner.token --public-key root.pub --names names.json";
      case "diff" -> "taper diff researcher.token planner.token";
      case "third-party", "third-party request" ->
          "taper third-party request plain.token --out request";
      case "third-party sign" ->
          "taper third-party sign request --key other.key --block 'member(\"alice\")' --out signed";
      case "third-party append" ->
          "taper third-party append plain.token --contents signed --out vouched.token";
      default -> null;
    };
  }

  private static @Nullable String ofCalls(String words) {
    return switch (words) {
      case "prove" ->
          """
          taper prove planner.token --key planner.key --audience svc:jira \\
              --http GET 'https://jira.example.com/issues?limit=5' --out call.proof
          """;
      case "justify" ->
          """
          taper justify planner.token --key planner.key --tool jira.close \\
              --reason 'fixed in May' --for 10m --out closing.token
          """;
      case "escalate" ->
          """
          taper escalate planner.token --request delete.json --audience svc:jira \\
              --reason 'a duplicate of ACME-11' --out ask.json
          """;
      case "approve" ->
          """
          taper approve ask.json --public-key root.pub --key boss.key --for 15m \\
              --out yes.approval
          """;
      case "authorize" ->
          """
          taper authorize planner.token --public-key root.pub --request search.json \\
              --audience svc:jira --proof call.proof --revocations revoked.list \\
              --revocation-key list.pub
          """;
      case "query" -> "taper query plain.token --public-key root.pub 'who($u) <- user($u)'";
      case "snapshot", "snapshot inspect" -> "taper snapshot inspect decision.snapshot";
      default -> null;
    };
  }

  private static @Nullable String ofServices(String words) {
    return switch (words) {
      case "policy", "policy test" -> "taper policy test policies --require-coverage";
      case "policy check" -> "taper policy check read-only own.datalog";
      case "policy fmt" -> "taper policy fmt --check policies";
      case "policy explain" ->
          "taper policy explain read-only --request search.json --token planner.token -p root.pub";
      case "policy suggest" ->
          """
          taper policy suggest --from-audit audit.jsonl --audit-public-key audit.pub \\
              --agent agent:planner
          """;
      case "catalog", "catalog draft" ->
          "taper catalog draft --audience svc:files --from tools.json --out catalog.json";
      case "catalog check" -> "taper catalog check catalog.json --against tools.json";
      case "catalog show" -> "taper catalog show catalog.json";
      case "catalog digest" -> "taper catalog digest catalog.json";
      case "findings", "findings held-back" -> "taper findings held-back held-back.keys";
      case "findings let-go" ->
          "taper findings let-go held-back.keys planner.pub --reason 'a new phase of its work'";
      case "config", "config check" -> "taper config check service.yaml";
      case "config show" -> "taper --profile acme config show";
      case "doctor" -> "taper doctor --config service.yaml";
      case "conformance" -> "taper conformance samples.json";
      default -> null;
    };
  }

  private static @Nullable String ofEndings(String words) {
    return switch (words) {
      case "revoke" ->
          """
          taper revoke block planner.token --public-key root.pub --revocations revoked.list \\
              --key list.key --reason 'the key leaked'
          """;
      case "revocations", "revocations sign" ->
          "taper revocations sign --revocations revoked.list --key list.key --next-update 1d";
      case "revocations check" ->
          """
          taper revocations check token planner.token --revocations revoked.list \\
              --revocation-key list.pub
          """;
      case "revocations lift" ->
          """
          taper revocations lift task T-4711 --reason 'the wrong task' \\
              --revocations revoked.list --key list.key
          """;
      case "revocations handover" ->
          """
          taper revocations handover --from revoked.list --revocation-key list.pub \\
              --revocations next.list --key next.key
          """;
      case "offboard" ->
          """
          taper offboard user:alice@acme.com --registry sqlite:taper.db --names names.json \\
              --names-key operator.pub --revocations revoked.list --key list.key
          """;
      case "revocations show" ->
          "taper revocations show --revocations revoked.list --revocation-key list.pub";
      case "revocations verify" ->
          "taper revocations verify --revocations revoked.list --revocation-key list.pub";
      case "task", "task end" -> "taper task end T-4711 --revocations revoked.list --key list.key";
      default -> null;
    };
  }

  private static @Nullable String ofReviews(String words) {
    return switch (words) {
      case "registry", "registry list" ->
          "taper registry list --registry sqlite:taper.db --unused --by agent";
      case "registry publish" ->
          "taper registry publish --registry sqlite:taper.db --key list.key --out revoked.list";
      case "registry forget" ->
          "taper registry forget --registry sqlite:taper.db --ended-before 90d";
      case "review", "review start" ->
          """
          taper review start --title Q4 --reviewer user:erin@acme.com --due 7d \\
              --registry sqlite:taper.db
          """;
      case "review show" -> "taper review show 1 --registry sqlite:taper.db";
      case "review certify" ->
          """
          taper review certify 1 2 3 --reviewer user:erin@acme.com --reason 'still needed' \\
              --registry sqlite:taper.db
          """;
      case "review revoke" ->
          """
          taper review revoke 1 --agent agent:scraper --reviewer user:erin@acme.com \\
              --registry sqlite:taper.db
          """;
      case "review report" ->
          "taper review report 1 --registry sqlite:taper.db --html --out review.html";
      default -> null;
    };
  }

  private static @Nullable String ofTrails(String words) {
    return switch (words) {
      case "audit", "audit trace" ->
          "taper audit trace audit.jsonl --audit-public-key audit.pub --task T-4711";
      case "audit show" -> "taper audit show 17 audit.jsonl --audit-public-key audit.pub";
      case "audit rotate" -> "taper audit rotate audit.jsonl --audit-key audit.key";
      case "audit verify" -> "taper audit verify audit.jsonl --audit-public-key audit.pub";
      case "audit report" ->
          """
          taper audit report audit.jsonl --audit-public-key audit.pub --task T-4711 \\
              --html report.html
          """;
      case "audit export" ->
          "taper audit export audit.jsonl --audit-public-key audit.pub --format ocsf";
      default -> null;
    };
  }
}
