package dev.taper.agent.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Query;
import dev.taper.datalog.parser.Datalog;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecogniserTest {
  private static final String KEY = "11".repeat(32);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "check if true | any tool",
        "check if tool(\"jira.search\") | jira.search",
        "check if tool($t), $t.starts_with(\"jira.\") | jira.*",
        "check if tool(\"a\") or tool(\"b\"), operation(\"read\") | a; or b, read",
        "check if resource($r), $r.starts_with(\"x/\") | any tool, x/*",
        "check if arg(\"n\", $x), $x.type() === \"integer\", $x >= 1 | any tool, n >= 1",
        "check if arg(\"n\", $x), $x.type() === \"integer\", $x > 1 | any tool, n > 1",
        "check if arg_decimal(\"n\", $x), $x < 1500000 | any tool, n < 1.5",
        "check if arg(\"n\", $v), $v.type() === \"array\", $v.all($e -> [1].contains($e)) | any"
            + " tool, n each in 1",
        "check if arg(\"n\", $v), $v.type() === \"array\", $v.all($e -> $e.type() === \"string\" &&"
            + " $e.starts_with(\"a\")) | any tool, n each starts with a",
        "check if arg(\"n\", $v), $v.type() === \"array\", $v.all($e -> $e.type() === \"string\" &&"
            + " $e.ends_with(\"a\")) | any tool, n each ends with a",
        "check if arg(\"n\", $v), $v.type() === \"array\", $v.all($e -> $e.type() === \"string\" &&"
            + " $e.matches(\"^(?:a+)$\")) | any tool, n each matches a+",
        "`check if arg_each_host(\"n\", true, $v), $v.all($e -> {\"a.b\"}.contains($e) ||"
            + " $e.ends_with(\".a.b\"))` | any tool, n each host in a.b, *.a.b",
        "check if arg_url(\"u\", $a, $b, 443, $c) | any tool, u port in 443",
        "check if arg_url(\"u\", $a, $b, $p, $c), {80, 443}.contains($p) | any tool, u port in 80, 443",
        "check if arg_url(\"u\", $a, $b, $p, $c), $p >= 1, $p <= 65535 | any tool, u port in 1-65535",
        "check if arg_ip(\"u\", $v), $v.starts_with(\"4:00001010\") | any tool, u ip in 10.0.0.0/8",
        "`check if arg_ip(\"u\", $v), $v.starts_with(\"4:\") || $v.starts_with(\"6:\")` | any tool,"
            + " u ip in 0.0.0.0/0, ::/0",
        "check if tool(\"a\"), justified_for($s) | a, if justified",
        "check if justified_for($s), $s <= 900 | any tool, if justified within 15m",
        "check if tool(\"a\"), approvers($x), {\"ed25519/KEY\"}.intersection($x).length() >= 1 | a,"
            + " if approved by ed25519/KEY",
        "check if tool(\"a\"), approved_by(\"g\", $p), $p.length() >= 2 | a, if approved by 2 of group"
            + " \"g\"",
        "check if time($t), $t < 2026-11-24T12:10:00Z | until 2026-11-24T12:10:00Z",
        "check if time($t), $t >= 2026-11-24T12:10:00Z | from 2026-11-24T12:10:00Z",
        "check if audience(\"svc:jira\") | at svc:jira",
        "check if audience($a), {\"svc:a\", \"svc:b\"}.contains($a) | at svc:a or svc:b",
        "check if task(\"T-1\") | for task T-1",
        "check if depth($d), $d <= 1 | at most 1 hop",
        "check if invoker($h), holder_verified($h) | verified holders only",
      })
  void of_canonicalShapes_readsThem(String check, String words) {
    Caveat caveat = Caveat.of(Datalog.check(check.replace("KEY", KEY)));
    assertThat(caveat).isNotInstanceOf(OpaqueCheck.class);
    assertThat(caveat.words()).isEqualTo(words.replace("KEY", KEY));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check all tool(\"jira.search\")",
        "reject if tool(\"jira.search\")",
        "check if false",
        // no window, a window of nothing, and approvals that nobody or not enough people can give
        "check if justified_for($s), $s <= 0",
        "check if justified_for($s), $s < 900",
        "check if justified_for(900)",
        "check if justified(\"a\", $reason)",
        "check if approvers($x)",
        "check if approvers($x), {\"ed25519/11\"}.intersection($x).length() >= 1",
        "check if approvers($x), {\"x\"}.contains($x)",
        "check if approvers($x), {,}.intersection($x).length() >= 1",
        "check if approvers($x), {\"a\"}.intersection($x).length() >= 0",
        "check if approvers($x), {\"a\"}.intersection($x).length() >= 4294967297",
        "check if approvers($x), $x.intersection({\"a\"}).length() >= 1",
        "check if approved_by(\"g\", $p)",
        "check if approved_by($g, $p), $p.length() >= 1",
        "check if approved_by(\"g\", $p), $p.length() >= 0",
        "check if approved_by(\"g\", $p), $p.length() >= 33",
        "check if approved_by(\"g\", $p), $p.length() > 1",
        "check if approved_by(\"g\", $p), 1 <= $p.length()",
        "check if approved_by(\"g\", $p), $p.contains(\"user:boss\")",
        "check if approved_by(\" \", $p), $p.length() >= 1",
        "check if approved_by(\"h\", $p), approved_by(\"g\", $q), $p.length() >= 1, $q.length() >= 1",
        "check if true, true",
        "check if tool(\"a\") trusting previous",
        "check if tool(\"a\"), time($t), $t < 2026-11-24T12:10:00Z",
        "check if tool(\"a\") or time($t), $t < 2026-11-24T12:10:00Z",
        "check if time($t), $t < 2026-11-24T12:10:00Z or tool(\"a\")",
        "check if time($t), $u < 2026-11-24T12:10:00Z, audience($u)",
        // without a boundary, with a star, or in a spelling that no request has
        "check if tool($t), $t.starts_with(\"jira\")",
        "check if resource($r), $r.starts_with(\"x/y\")",
        "check if tool(\"jira.*\")",
        "check if tool(\"jira..search\")",
        "check if resource(\"x/\")",
        "check if resource(\"x/../y\")",
        "check if resource($r), $r.starts_with(\"x//\")",
        "check if operation($o), $o.starts_with(\"re\")",
        // two elements that share a variable
        "check if tool($x), resource($x)",
        "check if tool($x), arg(\"tool\", $x)",
        "check if arg_url(\"u\", $x, $x, $y, $z), {\"acme.com\"}.contains($x)",
        // redundant, out of order, or twice
        "check if tool($t), {\"a\"}.contains($t)",
        "check if tool(\"a\"), tool(\"a\")",
        "check if operation(\"read\"), tool(\"a\")",
        "check if tool($t)",
        "check if arg(\"b\", 1), arg(\"a\", 1)",
        "check if arg(\"n\", 1), arg(\"n\", 2)",
        "check if arg(\"n\", $x), [1].contains($x)",
        "check if arg(\"n\", $x), [1, 1].contains($x)",
        "check if arg(\"n\", $x), $x.type() === \"integer\", $x <= 1, $x >= 0",
        "check if arg(\"n\", $x), $x.type() === \"integer\", $x >= 2, $x <= 1",
        // without the guard, an argument of another type is an error
        "check if arg(\"n\", $x), $x >= 1",
        "check if arg(\"n\", $x), $x.starts_with(\"a\")",
        "check if arg(\"n\", $x), {1, 2}.contains($x)",
        "check if arg(\"n\", $x), $x.type() === \"string\", $x >= 1",
        // patterns that are not anchored, or undo their anchors
        "check if arg(\"n\", $x), $x.type() === \"string\", $x.matches(\"a+\")",
        "check if arg(\"n\", $x), $x.type() === \"string\", $x.matches(\"^(?:a)|(b)$\")",
        "check if arg(\"n\", $x), $x.type() === \"string\", $x.matches(\"^(?:)$\")",
        "check if arg(\"n\", $x), $x.type() === \"string\", $x.matches(\"^(?:$\")",
        "check if arg(\"n\", $x), $x.type() === \"string\", $x.matches(\"^(?:a(?=b))$\")",
        "check if arg(\"n\", $x), $x.type() === \"string\", $x.matches(\"^(?:(a{999}){999})$\")",
        // suffixes and roots without a boundary
        "check if arg_url(\"u\", $s, $h, $p, $q), $h.ends_with(\"acme.com\")",
        "check if arg_url(\"u\", $s, $h, $p, $q), $h.starts_with(\"acme.\")",
        "check if arg_path(\"p\", $x), $x.starts_with(\"/data\")",
        "check if arg_path(\"p\", $x), $x === \"/data\" || $x.starts_with(\"/data2/\")",
        "check if arg_host_class(\"u\", \"safe\")",
        // without the guard, an element of another type is an error
        "check if arg(\"n\", $v), $v.type() === \"array\", $v.all($e -> $e.starts_with(\"a\"))",
        "check if arg(\"n\", $v), $v.all($e -> $e.type() === \"string\" && $e.starts_with(\"a\"))",
        "check if arg(\"n\", $v), $v.type() === \"array\", $v.any($e -> $e.type() === \"string\" &&"
            + " $e.starts_with(\"a\"))",
        "check if arg(\"n\", $v), $v.type() === \"array\", $v.all($e -> $e.type() === \"string\" ||"
            + " $e.starts_with(\"a\"))",
        "check if arg(\"n\", $v), $v.type() === \"array\", $v.all($e -> $v.type() === \"string\" &&"
            + " $e.starts_with(\"a\"))",
        "check if arg(\"n\", $v), $v.type() === \"array\", $v.all($e -> $e.type() === \"string\" &&"
            + " $e.starts_with(\"\"))",
        "check if arg(\"n\", $v), $v.type() === \"array\", $v.all($e -> $e.type() === \"string\" &&"
            + " $e.matches(\"a+\"))",
        // lists of which not every element is a URL, or not every one is asked for
        "check if arg_each_host(\"n\", false, $v), $v.all($e -> {\"a.b\"}.contains($e))",
        "check if arg_each_host(\"n\", $w, $v), $v.all($e -> {\"a.b\"}.contains($e))",
        "check if arg_each_host(\"n\", true, $v), $v.any($e -> {\"a.b\"}.contains($e))",
        "check if arg_each_host(\"n\", true, $v), $v.all($e -> $e.ends_with(\"a.b\"))",
        "check if arg_each_host(\"n\", true, $v), $v.all($e -> {\"A.b\"}.contains($e))",
        "check if arg_each_host(\"n\", true, $v)",
        // ports that no URL has, that nobody knows, or in another spelling
        "check if arg_url(\"u\", $a, $b, 0, $c)",
        "check if arg_url(\"u\", $a, $b, 65536, $c)",
        "check if arg_url(\"u\", $a, $b, \"443\", $c)",
        "check if arg_url(\"u\", $a, $b, $p, $c), {443}.contains($p)",
        "check if arg_url(\"u\", $a, $b, $p, $c), {0, 443}.contains($p)",
        "check if arg_url(\"u\", $a, $b, $p, $c), {\"443\", \"80\"}.contains($p)",
        "check if arg_url(\"u\", $a, $b, $p, $c), [80, 443].contains($p)",
        "check if arg_url(\"u\", $a, $b, $p, $c), $p >= 0, $p <= 80",
        "check if arg_url(\"u\", $a, $b, $p, $c), $p <= 80",
        "check if arg_url(\"u\", $a, $b, $p, $c), $p >= 80",
        "check if arg_url(\"u\", $a, $b, $p, $c), $p > 79, $p <= 90",
        "check if arg_url(\"u\", $a, $b, $p, $c), $p >= 80, $p <= 80",
        "check if arg_url(\"u\", $a, $b, $p, $c), $p <= 90, $p >= 80",
        "check if arg_url(\"u\", $a, $b, $p, $p), $p >= 80, $p <= 90",
        // networks that no address is in
        "check if arg_ip(\"u\", \"4:00001010\")",
        "check if arg_ip(\"u\", $v), {\"4:00001010\"}.contains($v)",
        "check if arg_ip(\"u\", $v), $v.starts_with(\"\")",
        "check if arg_ip(\"u\", $v), $v.starts_with(\"4\")",
        "check if arg_ip(\"u\", $v), $v.starts_with(\"4:2\")",
        "check if arg_ip(\"u\", $v), $v.ends_with(\"4:1\")",
        // a closure's parameter that is in scope already is an error
        "check if arg(\"n\", $x), $x.type() === \"array\", $x.all($x -> [1].contains($x))",
        "check if depth($d), $d <= -1",
        // more alternatives than are read
        "check if time($time), $time < 2026-11-24T12:10:00Z or tool(\"a\")",
        "check if time($time), $time >= 2026-11-24T12:10:00Z or tool(\"a\")",
        "check if audience(\"a\") or tool(\"a\")",
        "check if task(\"T-1\") or task(\"T-2\")",
        "check if depth($depth), $depth <= 1 or tool(\"a\")",
        "check if invoker($invoker), holder_verified($invoker) or tool(\"a\")",
        "check if budget_store(\"a\") or tool(\"a\")",
        // other expressions than are read
        "check if arg(\"n\", $x), $x.type() === \"integer\", $x === 1",
        "check if arg(\"n\", $x), $x.type() === \"integer\", $x !== 1",
        "check if arg(\"n\", $v), $v.type() === \"array\", $v.all($e -> [1].contains(!$e))",
        "check if arg(\"n\", \"e\u0301\")",
        "check if arg_names($arg), {1}.contains($arg)",
        "check if tool($tool), true && $tool === \"a\"",
        "check if tool($tool), {1, 2}.contains($tool)",
        "check if invoker($a), holder_verified($b)",
        "check if task($t)",
        "check if user(\"alice\")",
      })
  void of_anythingElse_isOpaque(String text) {
    Check check = Datalog.check(text);
    assertThat(Caveat.of(check)).isEqualTo(new OpaqueCheck(check));
    assertThat(Caveat.of(check).words()).isEqualTo(check.toString());
  }

  /** No time is behind the last one that can be written. */
  @Test
  void end_atTheLastSecond_isNone() {
    String last = "9999-12-31T23:59:59Z";

    assertThat(Lifetime.end(Datalog.block("check if time($t), $t < " + last + ";")))
        .isEqualTo(last);
    for (String check : List.of("$t <= " + last, last + " >= $t")) {
      assertThat(Lifetime.end(Datalog.block("check if time($t), " + check + ";"))).isNull();
    }
  }

  /** No text has such a closure, but a token can. */
  @Test
  void of_closureOfTwoParameters_isOpaque() {
    Query query = Grant.parse("t where n each in 1").query();
    Expression.Binary all = (Expression.Binary) query.expressions().get(1);
    Expression.Closure one = (Expression.Closure) Objects.requireNonNull(all.right());
    List<String> parameters = List.of(one.parameters().get(0), "other");
    Expression two =
        new Expression.Binary(all.op(), all.left(), new Expression.Closure(parameters, one.body()));
    Check check =
        new Check(
            Check.Kind.IF,
            List.of(
                new Query(
                    query.predicates(), List.of(query.expressions().get(0), two), List.of())));

    assertThat(Caveat.of(check)).isEqualTo(new OpaqueCheck(check));
  }

  @Test
  void of_bitsOfNoNetwork_isOpaque() {
    for (String bits :
        new String[] {
          "4:" + "0".repeat(33), "6:" + "0".repeat(129), "6:" + "0".repeat(80) + "1".repeat(16)
        }) {
      Check check = Datalog.check("check if arg_ip(\"u\", $v), $v.starts_with(\"" + bits + "\")");
      assertThat(Caveat.of(check)).isEqualTo(new OpaqueCheck(check));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check if time($t), $t < 2026-11-24T12:10:00Z",
        "check if time($t), $t <= 2026-11-24T12:09:59Z",
        "check if time($t), 2026-11-24T12:10:00Z > $t",
        "check if time($t), 2026-11-24T12:09:59Z >= $t",
      })
  void of_endInAnySpelling_isTheSameEnd(String text) {
    Instant end = Instant.parse("2026-11-24T12:10:00Z");
    assertThat(Caveat.of(Datalog.check(text))).isEqualTo(new Expiry(end));
    assertThat(Lifetime.end(Datalog.block(text + ";"))).isEqualTo(end);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check if time($t), $t >= 2026-11-24T12:10:00Z",
        "check if time($t), $t > 2026-11-24T12:09:59Z",
        "check if time($t), 2026-11-24T12:10:00Z <= $t",
        "check if time($t), 2026-11-24T12:09:59Z < $t",
      })
  void of_beginningInAnySpelling_isTheSameBeginning(String text) {
    assertThat(Caveat.of(Datalog.check(text)))
        .isEqualTo(new NotBefore(Instant.parse("2026-11-24T12:10:00Z")));
    assertThat(Lifetime.end(Datalog.block(text + ";"))).isNull();
  }

  @Test
  void of_blockThatTrustsOthers_isOpaque() {
    var block = Datalog.block("trusting previous; check if tool(\"a\");");
    assertThat(Caveat.of(block)).hasOnlyElementsOfType(OpaqueCheck.class).hasSize(1);
  }

  @Test
  void of_tooManyAlternatives_isOpaque() {
    String tools = "tool(\"a\") or ".repeat(Grants.MAX_ALTERNATIVES);
    assertThat(Caveat.of(Datalog.check("check if " + tools + "tool(\"b\")")))
        .isInstanceOf(OpaqueCheck.class);
  }
}
