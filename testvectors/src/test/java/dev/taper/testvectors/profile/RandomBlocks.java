package dev.taper.testvectors.profile;

import dev.taper.agent.grant.Grants;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.parser.Datalog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What blocks of a delegation say. Grants of a later block are as likely wider as narrower. */
final class RandomBlocks {
  static final String STORE = "acme";

  private final Luck luck;
  private final RandomDatalog datalog;

  /** In so many of a hundred blocks something breaks a rule of the profile. */
  private final int wrong;

  /** Whether most of what is said lets most calls through. */
  private final boolean calm;

  RandomBlocks(Luck luck, int wrong) {
    this.luck = luck;
    this.datalog = new RandomDatalog(luck);
    this.wrong = wrong;
    this.calm = luck.percent(55);
  }

  Block authority(String holder) {
    List<String> facts =
        new ArrayList<>(
            List.of(
                "delegator(\"" + Cast.DELEGATOR + "\")",
                "holder(\"" + holder + "\")",
                "task(\"" + Cast.TASK + "\")"));
    if (luck.percent(40)) {
      facts.add("purpose(\"triage\")");
    }
    @Nullable String context = Story.CONTEXT;
    if (luck.percent(wrong)) {
      switch (luck.below(6)) {
        case 0 -> facts.remove(luck.below(3));
        case 1 ->
            facts.add(
                luck.of(
                    "holder(\"agent:other\")",
                    "task(\"T-2\")",
                    "purpose(\"a\"); purpose(\"b\")",
                    "delegator(1)"));
        case 2 -> context = luck.percent(25) ? null : luck.of("taper/2", "", "taper/1 ");
        case 3 ->
            facts.set(
                2,
                luck.of(
                    "task(\"\")",
                    "task(\" a\")",
                    "task(\"a\u202e\")",
                    "task(1)",
                    "task(\"a\", \"b\")"));
        case 4 -> facts.set(1, "holder($x) <- task($x)");
        default -> facts.add(breaking());
      }
    }
    return block(context, String.join(";\n", facts) + ";\n", 90, true);
  }

  /** A block by which a holder hands on. */
  Block hop(String holder) {
    String said = "holder(\"" + holder + "\");\n";
    if (luck.percent(wrong)) {
      said += luck.of("holder(\"agent:other\");\n", breaking() + ";\n", "task(\"T-2\");\n");
    }
    return block(null, said, 60, true);
  }

  /** A block with no holder. */
  Block own(boolean tail) {
    String said =
        luck.percent(wrong)
            ? luck.of(breaking(), "holder(\"agent:other\")", "purpose(\"x\")") + ";\n"
            : "";
    return block(
        luck.percent(98) ? null : luck.of("note", "taper/1", Statements.JUSTIFICATION),
        said,
        40,
        !tail || luck.percent(wrong));
  }

  private String breaking() {
    return luck.of(
        "tool(\"jira.search\")",
        "arg(1)",
        "taper_new(1)",
        "time($t) <- depth($t)",
        "approvers({\"a\"})",
        "reject if tool(\"x\")",
        "justified(\"a\", \"b\")",
        "budget_store(\"acme\")",
        "budget(\"a\", \"acme\", {\"*\"}, null, null, 1, null)",
        "check if budget_store(\"acme\")",
        "depth(1)",
        "holder_verified(\"agent:planner\")");
  }

  private Block block(@Nullable String context, String said, int granting, boolean bounds) {
    Block.Builder block = Block.builder().context(context);
    StringBuilder text = new StringBuilder(said);
    if (bounds && luck.percent(calm ? 20 : 12)) {
      String store = luck.percent(92) ? STORE : "group";
      text.append(budget(luck.of("trip", "day"), store));
      text.append("check if budget_store(\"" + store + "\");\n");
    }
    if (luck.percent(granting)) {
      Check grants = Grants.parse(grants()).check();
      block.check(luck.percent(12) ? new NearGrants(luck).of(grants) : grants);
    }
    for (int i = luck.below(3); i > 0; i--) {
      text.append(condition()).append(";\n");
    }
    block.merge(Datalog.block(text.toString()));
    if (luck.percent(calm ? 6 : 25)) {
      block.merge(Datalog.block(datalog.statements()));
    }
    return block.context(context).build();
  }

  /** A window may be counted in 60 parts, so no call comes as late as that makes a difference. */
  private String budget(String id, String store) {
    String tools =
        luck.of("{\"*\"}", "{\"*\"}", "{\"jira.*\"}", "{\"pay.transfer\", \"jira.search\"}");
    boolean amount = luck.percent(25);
    String counted =
        amount
            ? "{\"pay.*\"}, \"amount\", \""
                + luck.of("EUR", "EUR", "CHF")
                + "\", "
                + luck.of("100000000", "1500500000")
            : tools + ", null, null, " + luck.of("0", "1", "2", "3");
    return "budget(\""
        + id
        + "\", \""
        + store
        + "\", "
        + counted
        + ", "
        + luck.of("null", "null", "10", "86400")
        + ");\n";
  }

  private String condition() {
    int edge = calm ? luck.of(1, 600, 3600, 7200) : luck.of(-1, 0, 1, 60, 600, 3600, 7200);
    return switch (calm ? luck.below(8) : luck.below(12)) {
      case 0, 1, 2, 3, 4 -> "check if time($t), $t < " + Cast.NOON.plusSeconds(edge);
      case 5 -> "check if time($time), $time >= " + Cast.NOON.minusSeconds(edge);
      case 6 ->
          "check if audience(\"" + (luck.percent(calm ? 97 : 66) ? Cast.JIRA : "svc:wiki") + "\")";
      case 7 -> "check if audience($a), {\"svc:jira\", \"svc:crm\"}.contains($a)";
      case 8 -> "check if task(\"" + (luck.percent(80) ? Cast.TASK : "T-1") + "\")";
      case 9 -> "check if depth($d), $d <= " + luck.between(0, 4);
      case 10 -> "check if invoker($i), holder_verified($i)";
      default ->
          luck.of(
              "check if time($t), " + Cast.NOON + " >= $t",
              "check if time($t), $t <= " + Cast.NOON.plusSeconds(edge),
              "check if true");
    };
  }

  /** Grants as people write them. */
  String grants() {
    String grants = grant();
    for (int i = luck.below(3); i > 0; i--) {
      grants += " or " + grant();
    }
    return grants;
  }

  private String grant() {
    int which = calm ? luck.of(0, 0, 1, 2, 2, 12, 12, 14) : luck.below(15);
    return switch (which) {
      case 0, 1 -> "*";
      case 2 -> "jira.*, http.get, files.read, pay.transfer, tickets.label";
      case 3 -> "jira.* " + luck.of("read, list", "read") + " on jira:project/ACME/*";
      case 4 -> "jira.search where limit >= 1 and limit <= " + luck.of("50", "51", "5");
      case 5 -> "jira.search on jira:project/ACME/Q3/* where only limit";
      case 6 ->
          "http.get where url scheme in https and url host in acme.com, *.acme.com"
              + (luck.percent(40) ? " and url host class in public" : "");
      case 7 ->
          "http.get where url ip in 10.0.0.0/8, 2001:db8::/32 or http.get where url port in 443, 8443";
      case 8 -> "files.read where file under /data/reports";
      case 9 ->
          "pay.transfer where amount > 0.0 and amount <= "
              + luck.of("100.0", "1500.5")
              + " and currency in CHF, EUR";
      case 10 -> "tickets.label where labels length <= 3 and labels each in bug, triage";
      case 11 ->
          "http.get where url matches \"https://docs\\\\..*\" or jira.search where limit != 50";
      case 12, 13 -> "jira.*, pay.* if approved by " + approvers();
      default -> "jira.* if justified within " + luck.of("5m", "15m");
    };
  }

  private String approvers() {
    return switch (luck.below(4)) {
      case 0, 1 -> Cast.BOSS.publicKey().toString();
      case 2 -> "2 of " + ActivationCases.threeKeys();
      default -> luck.of("group \"finance\"", "2 of group \"finance\"");
    };
  }
}
