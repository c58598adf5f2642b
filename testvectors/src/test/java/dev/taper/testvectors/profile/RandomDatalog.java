package dev.taper.testvectors.profile;

import java.util.List;

/**
 * Datalog as text: facts, rules and checks with every operation, about as often satisfied as not,
 * and now and then with an error that ends the evaluation.
 */
final class RandomDatalog {
  private static final List<String> INTEGERS =
      List.of(
          "0",
          "1",
          "2",
          "3",
          "50",
          "-1",
          "7",
          "9223372036854775807",
          "-9223372036854775808",
          "4611686018427387904");
  private static final List<String> STRINGS =
      List.of(
          "\"\"",
          "\"a\"",
          "\"abc\"",
          "\"jira.search\"",
          "\"svc:jira\"",
          "\"é\"",
          "\"e\u0301\"",
          "\"\\\"\\\\\"",
          "\"\ud83d\ude00\"",
          "\"jira:project/ACME/Q3/12\"");

  /** What both dialects of patterns read alike. */
  private static final List<String> PATTERNS =
      List.of(
          "\"^a\"",
          "\"c$\"",
          "\"^jira\\\\.(search|list)$\"",
          "\"[a-c]+\"",
          "\"^.{1,3}$\"",
          "\"\"",
          "\"b|x\"",
          "\"^(a|b)*c\"",
          "\"(\"",
          "\"[\"");

  /** What the verifier states, with the types of what is bound. */
  private static final List<String> STATED =
      List.of(
          "tool($s)",
          "audience($s)",
          "operation($s)",
          "resource($s)",
          "depth($i)",
          "delegation($i, $s, $s2)",
          "presented($s)",
          "arg(\"limit\", $i)",
          "arg_names($m)",
          "time($d)",
          "right($s, $i)",
          "seen($s)");

  private final Luck luck;

  RandomDatalog(Luck luck) {
    this.luck = luck;
  }

  /** A few statements, perhaps behind a scope of the block. */
  String statements() {
    StringBuilder text = new StringBuilder();
    if (luck.percent(8)) {
      text.append("trusting ").append(scopes()).append(";\n");
    }
    for (int i = luck.between(0, 2); i > 0; i--) {
      text.append(fact()).append(";\n");
    }
    if (luck.percent(35)) {
      text.append("seen($s) <- ").append(query("tool($s)")).append(";\n");
    }
    for (int i = luck.between(0, 2); i > 0; i--) {
      text.append(check()).append(";\n");
    }
    return text.toString();
  }

  private String scopes() {
    return luck.of(
        "previous",
        "authority",
        "previous, " + Cast.AUDITOR.publicKey(),
        Cast.AUDITOR.publicKey().toString(),
        "authority, " + Cast.LAWYER.publicKey());
  }

  String fact() {
    return luck.of(
        "right(" + luck.of(STRINGS) + ", " + luck.of(INTEGERS) + ")",
        "right(\"jira.search\", 7)",
        "note(" + term() + ")",
        "note(" + term() + ", " + term() + ")");
  }

  private String term() {
    return luck.of(
        luck.of(INTEGERS),
        luck.of(STRINGS),
        "true",
        "null",
        "hex:00ff",
        "2030-01-01T12:00:00Z",
        "[1, [2, \"a\"], null]",
        "{\"a\": 1, 2: null}",
        "{1, 2, 3}",
        "{\"a\", \"b\"}",
        "{,}",
        "[]",
        "{}");
  }

  String check() {
    String kind = luck.percent(88) ? "check if " : "check all ";
    String checked = kind + query(luck.of(STATED));
    return luck.percent(15) ? checked + " or " + query(luck.of(STATED)) : checked;
  }

  private String query(String predicate) {
    String query = luck.percent(10) ? predicate + ", " + "right($s9, $i9)" : predicate;
    for (int i = luck.between(0, 2); i > 0; i--) {
      query += ", " + (luck.percent(40) ? holding(predicate) : bool(3, predicate));
    }
    return luck.percent(6) ? query + " trusting " + scopes() : query;
  }

  /** A condition that mostly holds. */
  private String holding(String predicate) {
    if (predicate.contains("$s")) {
      return luck.of(
          "$s.length() > 0",
          "$s === $s",
          "$s != \"no\"",
          "$s.type() == \"string\"",
          "!$s.starts_with(\"no\")",
          "$s.contains(\"\")");
    }
    if (predicate.contains("$i")) {
      return luck.of(
          "$i < 100",
          "$i >= 0",
          "$i != -5",
          "[0, 1, 2, 3, 5, 7, 50, 51].contains($i)",
          "$i.type() == \"integer\"");
    }
    return luck.of("true", "1 < 2", "!false", "2 + 2 === 4");
  }

  private String bool(int depth, String in) {
    if (depth == 0) {
      return luck.of("true", "false", "true");
    }
    int next = depth - 1;
    return switch (luck.below(24)) {
      case 0 -> "!" + parens(bool(next, in));
      case 1 -> parens(bool(next, in)) + " && " + parens(bool(next, in));
      case 2 -> parens(bool(next, in)) + " || " + parens(bool(next, in));
      case 3, 4, 5 ->
          integer(next, in)
              + luck.of(" < ", " > ", " <= ", " >= ", " === ", " !== ", " == ", " != ")
              + integer(next, in);
      case 6, 7 -> string(next, in) + luck.of(" === ", " !== ", " == ", " != ") + string(next, in);
      case 8 ->
          string(next, in)
              + luck.of(".starts_with(", ".ends_with(", ".contains(")
              + string(next, in)
              + ")";
      case 9 -> string(next, in) + ".matches(" + luck.of(PATTERNS) + ")";
      case 10 ->
          set(next) + ".contains(" + luck.of(integer(next, in), string(next, in), set(0)) + ")";
      case 11 -> array(next) + ".contains(" + integer(next, in) + ")";
      case 12 ->
          array(next)
              + luck.of(".any(", ".all(")
              + "$x"
              + depth
              + " -> $x"
              + depth
              + luck.of(" > ", " == ", " < ")
              + integer(next, in)
              + ")";
      case 13 -> set(next) + luck.of(" === ", " == ", " !== ", " != ") + set(next);
      case 14 -> "(" + bool(next, in) + ").try_or(" + luck.of("true", "false") + ")";
      case 15 -> term() + luck.of(" == ", " != ") + term();
      case 16 -> array(next) + luck.of(".starts_with(", ".ends_with(") + array(0) + ")";
      case 17 ->
          "{\"a\": 1, 2: null}.get("
              + luck.of("\"a\"", "2", "\"b\"", "true")
              + ") == "
              + luck.of("1", "null");
      case 18 ->
          luck.of("2030-01-01T12:00:00Z", "2030-01-01T12:00:01Z")
              + luck.of(" < ", " >= ", " == ")
              + "2030-01-01T12:00:00Z";
      case 19 ->
          parens(term())
              + ".type() == "
              + luck.of("\"integer\"", "\"set\"", "\"map\"", "\"null\"", "\"string\"");
      case 20 ->
          luck.of(
              "hex:00ff === hex:00ff",
              "hex:00.length() == 1",
              "null == null",
              "1 == \"1\"",
              "[1] == [1]",
              "null != 1");
      case 21 ->
          luck.percent(25)
              ? luck.of(
                  "1 === \"1\"",
                  "1 + \"a\" == 2",
                  "true < false",
                  "1 / 0 == 1",
                  "\"a\".extern::f()",
                  "[1].any($x -> 1)")
              : "true";
      default -> holding(in);
    };
  }

  private String integer(int depth, String in) {
    if (depth <= 0 || luck.percent(40)) {
      return in.contains("$i") && luck.percent(60)
          ? "$i"
          : luck.of(INTEGERS.subList(0, luck.percent(90) ? 7 : INTEGERS.size()));
    }
    int next = depth - 1;
    return switch (luck.below(6)) {
      case 0 -> string(next, in) + ".length()";
      case 1 -> set(next) + ".length()";
      case 2 -> array(next) + ".length()";
      case 3 ->
          "(" + integer(next, in) + " / " + luck.of("2", "3", "-1", "7", integer(0, in)) + ")";
      default ->
          "("
              + integer(next, in)
              + luck.of(" + ", " - ", " * ", " & ", " | ", " ^ ")
              + integer(next, in)
              + ")";
    };
  }

  private String string(int depth, String in) {
    if (depth <= 0 || luck.percent(60)) {
      return in.contains("$s") && luck.percent(65) ? "$s" : luck.of(STRINGS);
    }
    return "(" + string(depth - 1, in) + " + " + string(depth - 1, in) + ")";
  }

  private String set(int depth) {
    String one =
        luck.of(
            "{1, 2, 3}",
            "{2, 3}",
            "{\"a\", \"abc\"}",
            "{\"jira.search\", \"jira.list\"}",
            "{,}",
            "{1}");
    return depth > 0 && luck.percent(30)
        ? one + luck.of(".union(", ".intersection(") + set(depth - 1) + ")"
        : one;
  }

  private String array(int depth) {
    return luck.of(
        "[1, 2, 3]", "[]", "[0]", "[1, 2]", depth > 0 ? "[" + luck.of(INTEGERS) + ", 1]" : "[3]");
  }

  private static String parens(String expression) {
    return "(" + expression + ")";
  }
}
