package dev.taper.agent.grant;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ShortText;
import dev.taper.agent.call.ToolCall;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrantTest {
  @Test
  void fluent_designExample_readsLikeItsWords() {
    Grant grant =
        Grant.tools("jira.*")
            .resources("jira:project/ACME/")
            .operations("read")
            .where(Constraint.arg("limit").atMost(50));
    assertThat(grant).hasToString("jira.* read on jira:project/ACME/* where limit <= 50");
    assertThat(grant.words()).isEqualTo("jira.*, read, jira:project/ACME/*, limit <= 50");
    assertThat(Grant.parse(grant.toString())).isEqualTo(grant).hasSameHashCodeAs(grant);
    assertThat(grant.tools()).containsExactly(new ToolPattern("jira.*"));
    assertThat(grant.operations()).containsExactly("read");
    assertThat(grant.resources()).containsExactly("jira:project/ACME/*");
    assertThat(grant.constraints()).hasToString("[limit <= 50]");
  }

  @Test
  void parse_longestText_isTheGrantThatWroteIt() {
    String[] resources = new String[60];
    for (int i = 0; i < resources.length; i++) {
      resources[i] = "jira:" + i + "x".repeat(1000);
    }
    Grant grant = Grant.tools("jira.*").resources(resources);

    assertThat(Grant.parse(grant.toString())).isEqualTo(grant);
  }

  @Test
  void fluent_senselessParts_areRefused() {
    refuses(() -> Grant.tools(new String[0]));
    refuses(() -> Grant.tools("*"));
    refuses(() -> Grant.tools("jira.*.read"));
    refuses(() -> Grant.tools("crmx*"));
    refuses(() -> Grant.tools("\u0458ira.search")); // a Cyrillic letter that looks like j
    refuses(() -> Grant.tools("jira.search\u0000"));
    refuses(() -> Grant.anyTool().operations(new String[0]));
    refuses(() -> Grant.anyTool().resources("*"));
    refuses(() -> Grant.anyTool().resources("jira:project/../x/"));
    refuses(() -> Grant.anyTool().resources("jira:a%2fb"));
    refuses(() -> Grant.anyTool().resources("jira:a/."));
    refuses(() -> Grant.anyTool().resources("jira:a/.."));
    refuses(() -> Grant.anyTool().resources("*/"));
    refuses(() -> Grant.anyTool().resources("*x"));
    refuses(() -> Constraint.arg(""));
    refuses(() -> Constraint.arg("n").in());
    refuses(() -> Constraint.arg("n").is(1.5));
    refuses(() -> Constraint.arg("n").startsWith(""));
    refuses(() -> Constraint.arg("n").moreThan(Long.MAX_VALUE));
    refuses(() -> Constraint.arg("n").atMost(new BigDecimal("1e999999999")));
    refuses(() -> Constraint.arg("n").matches("\\Qa\\E"));
    refuses(() -> Constraint.arg("n").hostIn("127.1"));
    refuses(() -> Constraint.arg("n").hostIn("*.acme.com."));
    refuses(() -> Constraint.arg("n").eachStartsWith(""));
    refuses(() -> Constraint.arg("n").eachEndsWith("e\u0301"));
    refuses(() -> Constraint.arg("n").eachMatches("("));
    refuses(() -> Constraint.arg("n").eachHostIn("*acme.com"));
    refuses(() -> Constraint.arg("n").eachHostIn());
    refuses(() -> Constraint.arg("n").portIn());
    refuses(() -> Constraint.arg("n").portIn(0));
    refuses(() -> Constraint.arg("n").portIn(443, 65_536));
    refuses(() -> Constraint.arg("n").portIn(-1));
    refuses(() -> Constraint.arg("n").portIn(IntStream.rangeClosed(1, 257).toArray()));
    refuses(() -> Constraint.arg("n").portBetween(0, 5));
    refuses(() -> Constraint.arg("n").portBetween(5, 5));
    refuses(() -> Constraint.arg("n").portBetween(6, 5));
    refuses(() -> Constraint.arg("n").portBetween(1, 65_536));
    refuses(() -> Constraint.arg("n").ipIn());
    refuses(() -> Constraint.arg("n").ipIn("10.0.0.1"));
    refuses(() -> Constraint.arg("n").ipIn("10.0.0.1/8"));
    refuses(() -> Constraint.arg("n").ipIn("acme.com/8"));
    refuses(() -> new Grants(List.of()));
  }

  private static void refuses(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "z", "s3", "a0", "a9", "svn+ssh", "a-b", "a.b"})
  void schemeIn_scheme_isTaken(String scheme) {
    assertThat(Grant.anyTool().where(Constraint.arg("u").schemeIn(scheme)))
        .hasToString("* where u scheme in " + scheme);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "`", "{", "a`", "a{", "a/", "a:", "0a", "9", "+a", "-a", ".a", "aB"})
  void schemeIn_noSchemeInLowerCase_isRefused(String text) {
    refuses(() -> Constraint.arg("u").schemeIn(text));
  }

  @Test
  void weight_countsEachNameValueAndKey() {
    assertThat(Grants.parse("*").weight()).isEqualTo(1);
    assertThat(Grants.parse("a, b.* read, list on x:y, x:z/").weight()).isEqualTo(1 + 6);
    assertThat(Grants.parse("a where n in 1, 2, 3 and m <= 1 or b").weight()).isEqualTo(6 + 2);
    String[] lists = {
      "n not in s, t, u",
      "n each in s, t, u",
      "n host in s, t, u",
      "n each host in s, t, u",
      "only s, t, u"
    };
    for (String few : lists) {
      String eight = few + ", v, w, x, y, z";
      assertThat(Grants.parse("a where " + few).weight()).as(few).isEqualTo(2 + 1);
      assertThat(Grants.parse("a where " + eight).weight()).as(eight).isEqualTo(2 + 2);
    }
    String networks = IntStream.range(1, 17).mapToObj(i -> i + ".0.0.0/8").collect(joining(", "));
    assertThat(Grants.parse("a where n ip in " + networks).weight()).isEqualTo(2 + 3);
    assertThat(
            Grants.parse("a if justified and approved by group x and approved by 2 of group y")
                .weight())
        .isEqualTo(2 + 3);
  }

  /** Cut to the bound, a text is the beginning of the whole, or all of it: nothing is left out. */
  @Test
  void text_everyBound_beginsAsTheWholeAndShowsThatThereIsMore() {
    Grants grants =
        Grants.parse(
            "a.b, c.* read, list on x:y, x:z/ where a in 1, two, \"three 3\" and b not in p, q"
                + " and c each in r, s and d host in acme.com, *.acme.org and e each host in b.c, d.e"
                + " and f <= 5 and only a, b, c, d, e, f if justified and approved by 2 of group g"
                + " or z where a = 1 and b matches x");
    Grant first = grants.alternatives().get(0);
    for (int most = 2; most < grants.toString().length() + 2; most++) {
      assertBegins(first.toString(), first.text(most), most);
      assertBegins(first.words(), first.words(most), most);
      assertBegins(grants.words(), grants.words(most), most);
      for (Constraint constraint : first.constraints()) {
        assertBegins(constraint.toString(), constraint.text(most), most);
      }
    }
  }

  private static void assertBegins(String whole, String text, int most) {
    assertThat(ShortText.of(text, most)).isEqualTo(ShortText.of(whole, most));
  }

  @Test
  void mayAllow_asMuchWorkAsThereIs_isAnsweredAndNoMore() {
    Grants grants = Grants.parse("jira.search");
    Grants.ToolOutline other =
        new Grants.ToolOutline("jira.delete", null, null, false, Set.of(), Set.of(), null);
    Grants.ToolOutline.Work work = new Grants.ToolOutline.Work(grants.weight());

    assertThat(grants.mayAllow(other, work)).isFalse();
    assertThat(work.isUsedUp()).isFalse();
    assertThat(grants.mayAllow(other, work)).as("nobody knows").isTrue();
    assertThat(work.isUsedUp()).isTrue();
  }

  @Test
  void toString_patterns_areWrittenOut() {
    assertThat(new ToolPattern("jira.*")).hasToString("jira.*");
    assertThat(new ResourcePattern("x:a/")).hasToString("x:a/*");
    assertThat(new ResourcePattern("x:a")).hasToString("x:a");
  }

  @ParameterizedTest
  @CsvSource({
    "jira.*, jira.search, true",
    "jira.*, jira.a.b, true",
    "jira.*, jira, false",
    "jira.*, jirax.search, false",
    "jira.search, jira.search, true",
    "jira.search, jira.search2, false",
  })
  void toolPattern_segments_areWhole(String pattern, String tool, boolean expected) {
    assertThat(new ToolPattern(pattern).matches(tool)).isEqualTo(expected);
    assertThat(Grant.tools(pattern).allows(ToolCall.of(tool).facts())).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "x:a/, x:a/b, true",
    "x:a/, x:a/, true",
    "x:a/, x:a, false",
    "x:a/*, x:a/b/c, true",
    "x:a/, x:ab/c, false",
    "x:, x:a, true",
    "x:a, x:a, true",
    "x:a, x:a/b, false",
  })
  void resourcePattern_prefix_isExactlyThat(String pattern, String resource, boolean expected) {
    assertThat(new ResourcePattern(pattern).matches(resource)).isEqualTo(expected);
    assertThat(Grant.anyTool().resources(pattern).allows(ToolCall.of("t").on(resource).facts()))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // child | parent | wider | contradicts
        "jira.search | jira.* | 0 | false",
        "jira.* | jira.search | 1 | false",
        "crm.* | jira.* | 0 | true",
        "* | jira.* read | 1 | false",
        "jira.* read, write | jira.* read | 1 | false",
        "a on x/y/ | a on x/ | 0 | false",
        "a on x/ | a on x/y/ | 1 | false",
        "a where n <= 50 | a where n <= 100 | 0 | false",
        "a where n <= 100 | a where n <= 50 | 1 | false",
        "a where n < 51 | a where n <= 50 | 0 | false",
        "a where n = 100 | a where n <= 50 | 0 | true",
        "a where n in 10, 100 | a where n <= 50 | 0 | false",
        "a where n != x | a where n != y | 0 | false",
        "a where u host in api.acme.com | a where u host in *.acme.com | 0 | false",
        "a where u host in acme.com | a where u host in *.acme.com | 0 | true",
        "a where f under /data | a where f under /data/x | 1 | false",
        "a where n = 1 | a where only m | 0 | true",
        "a where only a, b | a where only a | 1 | false",
        "a where n matches a+ | a where n matches b+ | 0 | false",
        "a where n each starts with ab | a where n each starts with a | 0 | false",
        "a where n each starts with a | a where n each starts with ab | 1 | false",
        "a where n each starts with a | a where n each starts with b | 0 | false",
        "a where n each ends with ba | a where n each ends with a | 0 | false",
        "a where n each ends with a | a where n each ends with ba | 1 | false",
        "a where n each matches a+ | a where n each matches b+ | 0 | false",
        "a where n each host in b.c | a where n each host in *.c | 0 | false",
        "a where n each host in *.c | a where n each host in b.c | 1 | false",
        "a where n each host in b.c | a where n each host in c.c | 0 | false",
        "a where n = x | a where n each starts with x | 0 | true",
        "a where n = x | a where n each host in b.c | 0 | true",
        "a where u port in 443 | a where u port in 80, 443 | 0 | false",
        "a where u port in 443 | a where u port in 1-1023 | 0 | false",
        "a where u port in 1-1024 | a where u port in 1-1023 | 1 | false",
        "a where u port in 80, 8080 | a where u port in 1-1023 | 1 | false",
        "a where u port in 443 | a where u port in 8000-8999 | 0 | true",
        "a where u ip in 10.1.0.0/16 | a where u ip in 10.0.0.0/8 | 0 | false",
        "a where u ip in 10.0.0.0/8 | a where u ip in 10.1.0.0/16 | 1 | false",
        "a where u ip in 0.0.0.0/0 | a where u ip in ::/0 | 0 | true",
      })
  void comparedTo_pairs_warnsOfWhatHasNoEffect(
      String child, String parent, int wider, boolean contradicts) {
    Grants.Narrowing narrowing = Grant.parse(child).comparedTo(Grant.parse(parent));
    assertThat(narrowing.wider()).as("%s", narrowing).hasSize(wider);
    assertThat(narrowing.contradicts()).isEqualTo(contradicts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jira.*, crm.read | jira.search, crm.* | crm.read, jira.search",
        "jira.*, jira.issue.* | jira.issue.read, jira.issue.x.* | jira.issue.read, jira.issue.x.*",
        "a read | a write | nothing",
        "a read, list | * write, list | a list",
        "a on x/, y/z | a on x/a/, y/ | a on y/z, x/a/*",
        "a where n >= 1 | a where n >= 3 | a where n >= 3",
        "a where n > 3 | a where n >= 3 | a where n > 3",
        "a where n > 3 | a where n >= 4 | a where n > 3",
        "a where n <= 9 | a where n < 9 | a where n < 9",
        "a where n >= 1 and n <= 5 | a where n > 5 | nothing",
        "a where n >= 1.0 and n < 2.5 | a where n > 2.0 | a where n > 2.0 and n < 2.5",
        "a where n > 1.0 | a where n < 1.000001 | nothing",
        "a where n in 1, 2, 3 | a where n in 3, 1, x | a where n in 1, 3",
        "a where n in 1, 20, x | a where n <= 9 | a where n = 1 and n <= 9",
        "a where n in ab, b | a where n matches a.* | a where n = ab and n matches a.*",
        "a where n != 1 | a where n not in 2, 1 | a where n not in 1, 2",
        "a where n starts with ab | a where n starts with abc | a where n starts with abc",
        "a where n starts with ab | a where n starts with b | nothing",
        "a where n matches a+ | a where n matches b+ | a where n matches a+ and n matches b+",
        "a where n length <= 9 | a where n length <= 3 | a where n length <= 3",
        "a where n each in a, b | a where n each in b, c | a where n each in b",
        "a where n each in a | a where n each in b | a where n each in a and n each in b",
        "a where n each starts with a | a where n each starts with ab | a where n each starts with ab",
        "a where n each starts with a | a where n each starts with b | a where n each starts with a and n each starts with b",
        "a where n each ends with b | a where n each ends with ab | a where n each ends with ab",
        "a where n each ends with a | a where n each ends with b | a where n each ends with a and n each ends with b",
        "a where n each matches a+ | a where n each matches a+ | a where n each matches a+",
        "a where n each matches a+ | a where n each matches b+ | a where n each matches a+ and n each matches b+",
        "a where n each host in *.b.c | a where n each host in a.b.c | a where n each host in a.b.c",
        "a where n each host in b.c | a where n each host in c.c | a where n each host in b.c and n each host in c.c",
        "a where n in x, y | a where n each starts with x | nothing",
        "a where n in x, y | a where n each matches x | nothing",
        "a where n in x, y | a where n each ends with x | nothing",
        "a where n in x, y | a where n each in x | nothing",
        "a where n in x, y | a where n each host in x.y | nothing",
        "a where u port in 80, 443 | a where u port in 443, 8443 | a where u port in 443",
        "a where u port in 80, 443 | a where u port in 100-500 | a where u port in 443",
        "a where u port in 80 | a where u port in 443 | nothing",
        "a where u port in 1-500 | a where u port in 500-65535 | a where u port in 500",
        "a where u port in 1-500 | a where u port in 400-65535 | a where u port in 400-500",
        "a where u port in 1-500 | a where u port in 501-65535 | nothing",
        "a where u ip in 10.0.0.0/8, ::/0 | a where u ip in 10.1.0.0/16, 2001:db8::/32 | a where u ip in 10.1.0.0/16, 2001:db8::/32",
        "a where u ip in 10.0.0.0/9 | a where u ip in 10.128.0.0/9 | nothing",
        "a where u ip in 0.0.0.0/0 | a where u ip in 127.0.0.1/32 | a where u ip in 127.0.0.1/32",
        "a where u scheme in http, https | a where u scheme in https, ws | a where u scheme in https",
        "a where u host in *.b.c, x.y | a where u host in *.a.b.c, q.b.c, x.y | a where u host in q.b.c, x.y, *.a.b.c",
        "a where u host in *.b.c | a where u host in b.c | nothing",
        "a where u host class in public | a where u host class in private | nothing",
        "a where f under /d | a where f under /d/e | a where f under /d/e",
        "a where f under /d | a where f under /de | nothing",
        "a where only m, n | a where only n, o | a where only n",
        "a where only m | a where only n | a where no arguments",
        "a where n = 1 | a where only m | nothing",
      })
  void intersect_pairs_isWhatBothSay(String a, String b, String both) {
    Grant there = Grant.parse(a).intersect(Grant.parse(b));
    assertThat(there == null ? "nothing" : there.toString()).isEqualTo(both);
    Grant back = Grant.parse(b).intersect(Grant.parse(a));
    assertThat(back == null).isEqualTo(there == null);
  }

  @Test
  void comparedTo_alternatives_takesTheBestFit() {
    Grants parents = Grants.parse("jira.* read or crm.read");
    assertThat(Grants.parse("jira.search read").comparedTo(parents).isClean()).isTrue();
    assertThat(Grants.parse("crm.read or jira.a").comparedTo(parents).isClean()).isTrue();
    assertThat(Grants.parse("jira.a or http.get").comparedTo(parents))
        .isEqualTo(new Grants.Narrowing(List.of("http.get, of which nothing was granted"), false));
    assertThat(Grants.parse("http.get or ftp.get").comparedTo(parents))
        .isEqualTo(new Grants.Narrowing(List.of(), true));
  }

  @Test
  void comparedTo_toolsGrantedApart_areComparedOneByOne() {
    Grants parents = Grants.parse("jira.close if justified or jira.delete on jira:project/A/");
    assertThat(Grants.parse("jira.close, jira.delete").comparedTo(parents).isClean()).isTrue();
    assertThat(Grants.parse("jira.close, jira.move, jira.delete").comparedTo(parents).wider())
        .containsExactly("jira.move, of which nothing was granted");
    assertThat(Grants.parse("jira.close, jira.*").comparedTo(parents).wider())
        .containsExactly("tools jira.*, wider than jira.close");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "n each in a | [\"a\",\"evil\"] | argument n is an array that holds \"evil\"",
        "n each starts with ab | [\"abc\",\"b\"] | argument n is an array that holds \"b\"",
        "n each ends with c | [\"abc\",7] | argument n is an array that holds 7",
        "n each matches a+ | [\"aa\",\"b\"] | argument n is an array that holds \"b\"",
        "n each matches a+ | [[\"a\"]] | argument n is an array that holds [\"a\"]",
        "n each matches a+ | \"a\" | argument n is \"a\"",
        "n each host in a.b | [\"x://a.b\",\"x://c.d\"] | argument n is an array that holds a URL to \"c.d\"",
        "n each host in a.b | [\"x://a.b\",5] | argument n is an array that holds something else than URLs",
        "n each host in a.b | [5] | argument n is [5]",
        "n each host in a.b | \"x://a.b\" | argument n is \"x://a.b\"",
        "n port in 80 | \"https://a.b\" | argument n is a URL to port 443",
        "n port in 80 | \"x://a.b\" | argument n is a URL without a port",
        "n port in 80 | \"a.b:80\" | argument n is \"a.b:80\"",
        "n ip in 10.0.0.0/8 | \"x://11.0.0.1\" | argument n is \"x://11.0.0.1\"",
      })
  void mismatches_constraintOnPartsOfAnArgument_saysWhichPart(
      String constraint, String json, String found) {
    CallFacts call = ToolCall.of("t").argJson("n", json).facts();
    assertThat(Grant.parse("t where " + constraint).mismatches(call))
        .extracting(Caveat.Mismatch::toString)
        .containsExactly(found + "; needed: " + constraint);
    assertThat(Grant.parse("t where " + constraint).mismatches(ToolCall.of("t").facts()))
        .extracting(Caveat.Mismatch::toString)
        .containsExactly("no argument n was given; needed: " + constraint);
  }

  @Test
  void mismatches_request_namesEachPoint() {
    CallFacts call =
        ToolCall.of("jira.delete")
            .on("jira:project/ACME/Q3/12")
            .arg("limit", 100)
            .arg("ratio", new BigDecimal("1.75"))
            .arg("share", new BigDecimal("1.12345678"))
            .facts();
    Grant grant =
        Grant.parse(
            "jira.search read on jira:project/ACME/Q3/* where limit <= 50 and ratio <= 1.5 and q ="
                + " x and share <= 1.5 and only limit, q");
    assertThat(grant.mismatches(call))
        .extracting(Caveat.Mismatch::toString)
        .containsExactly(
            "tool jira.delete is not among: jira.search",
            "no operation was given; needed: read",
            "argument limit is 100; needed: limit <= 50",
            "no argument q was given; needed: q = x",
            "argument ratio is 1.75; needed: ratio <= 1.5",
            "argument share is 1.12345678; needed: share <= 1.5",
            "arguments are {\"limit\", \"ratio\", \"share\"}; needed: only limit, q");
    Grants grants = Grants.of(Grant.tools("crm.read"), grant, Grant.tools("jira.search"));
    assertThat(grants.nearest(call)).isEqualTo(Grant.tools("crm.read"));
  }
}
