package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Decision.allowed;
import static dev.taper.testvectors.profile.Decision.denied;
import static dev.taper.testvectors.profile.DecisionCases.PLANNER;
import static dev.taper.testvectors.profile.Story.SEARCH;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** How a check in a token is evaluated, and when it is taken for a grant. */
final class DatalogCases {
  private final Cases cases;

  DatalogCases(Cases cases) {
    this.cases = cases;
  }

  void addAll() {
    addShapes();
    addRepetitions();
    addScopes();
    addExpressions();
    addLimits();
  }

  private void planner(String name, @Nullable String attack, Chain chain, ObjectNode expect) {
    new Decision(name, attack).call(chain, Cast.PLANNER, SEARCH, expect).addTo(cases);
  }

  private static Chain conditioned(String check) {
    return Story.own(Story.planner(), check);
  }

  /** What says something twice is no grant: a writer says it once. */
  private void addRepetitions() {
    String[][] shapes = {
      {"check if arg(\"a\", $v), [1].contains($v);", "check_failed"},
      {"check if arg(\"a\", $v), [1, 2].contains($v);", "out_of_scope"},
      {"check if arg(\"a\", $v), [1, 2, 1].contains($v);", "check_failed"},
      {"check if arg(\"a\", $v), ![1].contains($v);", "out_of_scope"},
      {"check if arg(\"a\", $v), ![1, 1].contains($v);", "check_failed"},
      {each("[1].contains($e)"), "out_of_scope"},
      {each("[1, 1].contains($e)"), "check_failed"},
      {"check if tool($t), $t.starts_with(\"b.\") || $t.starts_with(\"a.\");", "out_of_scope"},
      {"check if tool($t), $t.starts_with(\"a.\") || $t.starts_with(\"a.\");", "check_failed"},
      {"check if tool($t), $t.starts_with(\"a.\") || $t.starts_with(\"a.b.\");", "out_of_scope"},
      {"check if tool($t), {\"a.b\"}.contains($t) || $t.starts_with(\"a.\");", "out_of_scope"},
      {"check if arg(\"a\", 1), arg(\"a\", 2);", "check_failed"},
      {
        "check if arg(\"a\", $v), arg(\"a\", $w), ![1].contains($v), ![2].contains($w);",
        "check_failed"
      },
      {twice("integer", "$%s > 1"), "check_failed"},
      {twice("string", "$%s.starts_with(\"b\")"), "check_failed"},
      {twice("string", "$%s.matches(\"^(?:b)$\")"), "check_failed"},
      {"check if justified_for($j), justified_for($j), $j <= 300;", "check_failed"},
      {approved("a", 1, "b", 2), "approval_required"},
      {approved("a", 2, "a", 1), "check_failed"},
      {approved("b", 1, "a", 1), "check_failed"}
    };
    for (String[] shape : shapes) {
      Chain chain = conditioned(shape[0]);
      planner("shape of a check: " + shape[0], null, chain, denied(shape[1], 1, PLANNER));
    }
  }

  private static String approved(String group, int count, String other, int more) {
    return "check if approved_by(\"%s\", $a), approved_by(\"%s\", $b), $a.length() >= %d, $b.length() >= %d;"
        .formatted(group, other, count, more);
  }

  private static String each(String condition) {
    return "check if arg(\"a\", $v), $v.type() === \"array\", $v.all($e -> " + condition + ");";
  }

  private static String twice(String type, String condition) {
    String typed = "$%s.type() === \"" + type + "\", " + condition;
    return "check if arg(\"a\", $v), arg(\"a\", $w), "
        + typed.replace("%s", "v")
        + ", "
        + typed.replace("%s", "w")
        + ";";
  }

  /** What is a grant to whoever says which code a refusal has. */
  private void addShapes() {
    String[][] shapes = {
      {"check if true; check if tool(\"jira.get\");", "out_of_scope"},
      {"check if tool(\"jira.get\"), operation(\"read\");", "out_of_scope"},
      {"check if operation(\"read\"), tool(\"jira.get\");", "check_failed"},
      {"check if arg(\"a\", 1), arg(\"b\", 1);", "out_of_scope"},
      {"check if arg(\"b\", 1), arg(\"a\", 1);", "check_failed"},
      {"check if arg(\"a\", 1), tool(\"jira.get\");", "check_failed"},
      {"check all tool(\"jira.get\");", "check_failed"},
      {"check if tool(\"jira.get\") trusting authority;", "check_failed"},
      {"check if tool(\"no name\");", "check_failed"},
      {
        "check if arg_path(\"a\", $arg), $arg === \"/x\" || $arg.starts_with(\"/x/\");",
        "out_of_scope"
      },
      {
        "check if arg_path(\"a\", $arg), $arg === \"/\" || $arg.starts_with(\"//\");",
        "check_failed"
      },
      {
        "check if arg(\"a\", $v), $v.type() === \"array\","
            + " $v.all($e -> $e.type() === \"string\" && $e.ends_with(\"x\"));",
        "out_of_scope"
      },
      {
        "check if arg(\"a\", $v), $v.type() === \"array\", $v.all($e -> $e.ends_with(\"x\"));",
        "check_failed"
      },
      {
        "check if arg_each_host(\"a\", true, $v), $v.all($e -> {\"a.b\"}.contains($e));",
        "out_of_scope"
      },
      {
        "check if arg_each_host(\"a\", $w, $v), $v.all($e -> {\"a.b\"}.contains($e));",
        "check_failed"
      },
      {"check if arg_url(\"a\", $s, $h, 65535, $q);", "out_of_scope"},
      {"check if arg_url(\"a\", $s, $h, 65536, $q);", "check_failed"},
      {"check if arg_url(\"a\", $s, $h, $p, $q), $p >= 1, $p <= 80;", "out_of_scope"},
      {"check if arg_url(\"a\", $s, $h, $p, $q), $p >= 0, $p <= 80;", "check_failed"},
      {"check if arg_ip(\"a\", $b), $b.starts_with(\"4:0\");", "out_of_scope"},
      {"check if arg_ip(\"a\", $b), $b.starts_with(\"4\");", "check_failed"}
    };
    for (String[] shape : shapes) {
      planner("shape: " + shape[0], null, conditioned(shape[0]), denied(shape[1], 1, PLANNER));
    }
  }

  private void addScopes() {
    Chain noted = Story.third(Story.planner(), Cast.AUDITOR, "note(\"seen\");", null);
    String auditor = Cast.AUDITOR.publicKey().toString();
    String[][] scopes = {
      {"trusting " + auditor + "; check if note(\"seen\");", ""},
      {"check if note(\"seen\") trusting " + auditor + ";", ""},
      {"check if note(\"seen\") trusting previous;", ""},
      {"check if note(\"seen\");", "check_failed"},
      {"trusting " + auditor + "; check if note(\"seen\") trusting authority;", "check_failed"},
      {"trusting " + auditor + "; check if delegator($x);", "check_failed"},
      {"trusting authority; check if delegator($x);", ""},
      {"trusting " + auditor + "; own(1); check if own(1), audience(\"svc:jira\");", ""},
      {"trusting " + auditor + "; r($x) <- note($x); check if r(\"seen\");", ""},
      {"r($x) <- note($x) trusting previous; check if r(\"seen\");", "check_failed"},
      {"trusting " + Cast.BOSS.publicKey() + "; check if note(\"seen\");", "check_failed"}
    };
    for (String[] scope : scopes) {
      planner(
          "scope: " + scope[0],
          null,
          Story.own(noted, scope[0]),
          scope[1].isEmpty() ? allowed() : denied(scope[1], 2, PLANNER));
    }
    new Decision("a service that trusts what is previous", "pretended_grant")
        .with("policies", "allow if note(\"seen\") trusting previous;")
        .call(noted, Cast.PLANNER, SEARCH, denied("no_matching_policy"))
        .addTo(cases);
  }

  private void addExpressions() {
    String[][] checks = {
      {"check if \"abc\".matches(\"b\");", ""},
      {"check if \"abc\".matches(\"^b\");", "check_failed"},
      {"check if \"a\\nb\".matches(\"^b\");", "check_failed"},
      {"check if \"a\".matches(\"(\");", "check_failed"},
      {"check if \"aa\".matches(\"(a)\\\\1\");", "check_failed"},
      {"check if \"ab\".matches(\"a(?=b)\");", "check_failed"},
      {"check if [1].any($x -> [2].any($y -> $x < $y));", ""},
      {"check if [1].any($x -> [1].any($x -> $x > 0));", "evaluation_failed"},
      {"check if tool($x), [\"a\"].any($x -> true);", "evaluation_failed"},
      {"check if {\"a\": 1}.get(\"b\") == null;", ""},
      {"check if {\"a\": 1}.get(true) == null;", "evaluation_failed"}
    };
    for (String[] check : checks) {
      ObjectNode denied =
          check[1].equals("check_failed") ? denied(check[1], 1, PLANNER) : denied(check[1]);
      planner(
          "expression: " + check[0],
          check[1].equals("evaluation_failed") ? "error_in_check" : null,
          conditioned(check[0]),
          check[1].isEmpty() ? allowed() : denied);
    }
  }

  private void addLimits() {
    limited("facts", 20, 40, DatalogCases::pairs);
    limited("rounds", 90, 110, DatalogCases::steps);
  }

  /** As many facts of pairs as there are pairs of numbers. */
  private static String pairs(int count) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < count; i++) {
      all.append("a(").append(i).append("); ");
    }
    return all + "b($x, $y) <- a($x), a($y);";
  }

  /** As many rounds as there are steps. */
  private static String steps(int count) {
    StringBuilder all = new StringBuilder("at(0); ");
    for (int i = 0; i < count; i++) {
      all.append("step(").append(i).append(", ").append(i + 1).append("); ");
    }
    return all + "at($y) <- at($x), step($x, $y);";
  }

  private void limited(String what, int few, int many, IntFunction<String> datalog) {
    planner("as many " + what + " as are usual", null, conditioned(datalog.apply(few)), allowed());
    planner(
        "more " + what + " than are usual",
        "error_in_check",
        conditioned(datalog.apply(many)),
        denied("evaluation_failed"));
  }
}
