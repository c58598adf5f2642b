package dev.taper.agent.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.testing.Page;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantParserTest {
  @Test
  void parse_everyExampleOfTheGuide_printsAsWritten() throws IOException {
    List<String> examples = Page.lines(Page.of("grants.md"), "grant");
    assertThat(examples).hasSizeGreaterThanOrEqualTo(15);
    for (String example : examples) {
      assertThat(Grants.parse(example)).as(example).hasToString(example);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "  jira.search,jira.read   read,list on x:,y/* | jira.read, jira.search list, read on x:*, y/*",
        "a where n<=5 and n>=1 | a where n >= 1 and n <= 5",
        "a where n <= 5 and n <= 3 | a where n <= 3",
        "a where n in 5 | a where n = 5",
        "a where n in .5, 5., -.5 | a where n in .5, 5., -.5",
        "a\"read\" where n = \"x\\\"y\" | a read where n = \"x\\\"y\"",
        "a where n in 5, 5, \"5\" | a where n in 5, \"5\"",
        "a where n not in x | a where n != x",
        "a where z = 1 and b = true and only b, z | a where b = true and z = 1 and only b, z",
        "a where n <= 100.50 and n > -0.0 | a where n > 0.0 and n <= 100.5",
        "\"a\" \"read\" on \"x y/\" | a read on \"x y/*\"",
        "a where \"where\" = \"and\" | a where \"where\" = \"and\"",
        "a where n = \"\" | a where n = \"\"",
        "a where n = \"say \\\"hi\\\" \\\\ \\n\" | a where n = \"say \\\"hi\\\" \\\\ \\n\"",
        "a where n matches \\d+ | a where n matches \"\\\\d+\"",
        "a where no arguments | a where no arguments",
        "a where n each host in *.b.c,x.y | a where n each host in x.y, *.b.c",
        "a where n each ends with \".md\" and n each starts with x | a where n each starts with x and n each ends with .md",
        "a where u port in 443 ,80,443 | a where u port in 80, 443",
        "a where u port in 1-65535 | a where u port in 1-65535",
        "a where u port in \"80\" | a where u port in 80",
        "a where u ip in ::/0,0.0.0.0/0 | a where u ip in ::/0, 0.0.0.0/0",
        "a where u ip in 2001:db8::1/128 | a where u ip in 2001:db8::1/128",
        "a where each each in each | a where each each in each",
        "a if justified within 900s | a if justified within 15m",
        "a if justified within 90m and justified within 48h | a if justified within 90m",
        "a if justified and justified within 48h | a if justified within 2d",
        "a if approved by group finance | a if approved by 1 of group \"finance\"",
        "a if approved by 2 of group \"the board\" and approved by 1 of group \"the board\" | a if approved by 2 of group \"the board\"",
        "a if approved by 2 of group b and approved by 1 of group c and justified | a if justified and approved by 1 of group \"c\" and approved by 2 of group \"b\"",
        "a \"if\" if justified | a \"if\" if justified",
        "a where n = \"if\" and n starts with i if justified | a where n = \"if\" and n starts with i if justified",
      })
  void parse_variants_printInOneForm(String text, String printed) {
    Grant grant = Grant.parse(text);
    assertThat(grant).hasToString(printed);
    assertThat(Grant.parse(printed)).isEqualTo(grant);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "` ` | 2 | expected a name or text, found the end",
        "jira.* read on | 15 | expected a name or text, found the end",
        "jira.* on * | 11 | a bare * is no resource",
        "jira.* on x* | 11 | must end with / or :",
        "jira.* on x/*/y | 11 | can have a star only at its end",
        "jira* | 1 | only ASCII letters",
        "jira.*, * | 1 | a bare * grants every tool",
        "a read write | 8 | expected the end, found 'write'",
        "a read, re/ad | 3 | the operation holds",
        "a where | 8 | expected a name or text",
        "a where n | 10 | expected what argument n must be, found the end",
        "a where n ~ 5 | 11 | expected what argument n must be, found '~'",
        "a where n = | 12 | expected a name or text",
        "a where n = < | 13 | text with this sign needs quotes",
        "a where n <= x | 14 | expected a number, found 'x'",
        "a where n <= 99999999999999999999 | 14 | an integer of more than 64 bits",
        "a where n = 1.5 | 13 | a decimal, which only ranges take",
        "a where n <= 0.0000001 | 9 | not a number of millionths",
        "a where n >= 5 and n <= 3 | 20 | nothing satisfies",
        "a where n = \"x | 13 | quotes that are not closed",
        "a where n = \"\\d\" | 14 | an unknown escape",
        "a where n matches ( | 9 | is not a regular expression",
        "a where n matches \"a)(b\" | 9 | is not a regular expression",
        "a where n matches (a{100}){1000} | 9 | too large",
        "a where u host in *acme.com | 9 | must be followed by a dot",
        "a where u host in ACME.com | 9 | canonical spelling",
        "a where u host in 0x7f.1 | 9 | the host",
        "a where u scheme in HTTPS | 9 | not a scheme",
        "a where u host class in safe | 9 | not a class of hosts",
        "a where n each | 11 | expected what argument n must be, found 'each'",
        "a where n each starts a | 11 | expected what argument n must be, found 'each'",
        "a where n each starts with | 27 | expected a name or text, found the end",
        "a where n each starts with \"\" | 9 | starts and ends with the empty one",
        "a where n each matches ( | 9 | is not a regular expression",
        "a where n each matches (a{100}){1000} | 9 | too large",
        "a where n each host in *acme.com | 9 | must be followed by a dot",
        "a where u port in | 18 | expected a name or text, found the end",
        "a where u port in https | 19 | expected ports, or one range of ports",
        "a where u port in 0443 | 19 | expected ports, or one range of ports",
        "a where u port in 80, 100-200 | 19 | expected ports, or one range of ports",
        "a where u port in 100- | 19 | expected ports, or one range of ports",
        "a where u port in -5 | 19 | expected ports, or one range of ports",
        "a where u port in 0 | 9 | a port is a number from 1 to 65535, not 0",
        "a where u port in 65536 | 9 | a port is a number from 1 to 65535, not 65536",
        "a where u port in 0-80 | 9 | a port is a number from 1 to 65535, not 0",
        "a where u port in 80-80 | 9 | a single port is no range",
        "a where u port in 81-80 | 9 | nothing lies between",
        "a where u port in 80 and u port in 81 | 26 | nothing satisfies",
        "a where u ip in 10.0.0.1 | 9 | such as 10.0.0.1/32",
        "a where u ip in 10.0.0.0/33 | 9 | such as 10.0.0.0/32",
        "a where u ip in 10.0.0.0/08 | 9 | such as 10.0.0.0/32",
        "a where u ip in 10.0.0.1/8 | 9 | canonical spelling, 10.0.0.0/8",
        "a where u ip in 2001:DB8::/32 | 9 | canonical spelling, 2001:db8::/32",
        "a where u ip in 2001:db8::/129 | 9 | such as 2001:db8::/128",
        "a where u ip in [2001:db8::]/32 | 9 | not an IP address before the slash",
        "a where u ip in 10/8 | 9 | not an IP address before the slash",
        "a where u ip in ::ffff:10.0.0.0/104 | 9 | are written as 10.0.0.0/8",
        "a where u ip in ::ffff:0:0/96 | 9 | are written as 0.0.0.0/0",
        "a where f under data | 9 | does not start with",
        "a where f under /data/ | 9 | ends with a slash",
        "a where f under /data/../etc | 9 | dots only",
        "a where n length <= -1 | 9 | cannot be negative",
        "a where n length < 5 | 18 | expected <=",
        "a if | 5 | expected what has to be there first, found the end",
        "a if maybe | 6 | expected what has to be there first, found 'maybe'",
        "a if justified within 15 | 23 | expected a duration, found '15'",
        "a if justified within 15m2s | 23 | expected a duration",
        "a if justified within 0s | 6 | from one to 366 days",
        "a if justified within 999999999d | 6 | from one to 366 days",
        "a if approved by | 17 | expected a name or text, found the end",
        "a if approved by user:me@acme.com | 18 | approvers are keys, or a group",
        "a if approved by ed25519:me | 18 | a key's text starts with",
        "a if approved by 2 | 19 | expected of",
        "a if approved by 2 of group | 28 | expected a name or text",
        "a if approved by 0 of group x | 6 | between 1 and 32 approvers",
        "a if approved by 33 of group x | 6 | between 1 and 32 approvers",
        "a if approved by group \" \" | 6 | the group",
        "a if justified where n = 1 | 16 | expected the end, found 'where'",
        "a or b | 3 | expected the end, found 'or'",
      })
  void parse_mistakes_saysWhereAndWhat(String text, int column, String message) {
    assertThatThrownBy(() -> Grant.parse(text))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SYNTAX))
        .hasMessageStartingWith("column " + column + ": ")
        .hasMessageContaining(message)
        .hasMessageContaining("\n  " + text + "\n  " + " ".repeat(column - 1) + "^");
  }

  @Test
  void parse_nothingBehindAComparison_isNoSignThatNeedsQuotes() {
    assertThatThrownBy(() -> Grant.parse("a where n =")).message().doesNotContain("quotes");
  }

  @Test
  void parse_mistakeFarBehindTheBeginning_isShownInItsPlace() {
    String text = "a where n in " + "x, ".repeat(60) + "= , " + "y, ".repeat(60) + "z";
    int mistake = text.indexOf('=');

    assertThatThrownBy(() -> Grant.parse(text))
        .hasMessageStartingWith("column " + (mistake + 1) + ": ")
        .hasMessageContaining(
            "\n  " + text.substring(mistake - 50, mistake + 50) + "\n  " + " ".repeat(50) + "^");
  }

  @Test
  void parse_somethingBehindTheLastAlternative_isRefused() {
    assertThatThrownBy(() -> Grants.parse("a or b read write"))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SYNTAX))
        .hasMessageContaining("expected the end, found 'write'");
  }

  @Test
  void parse_randomText_readsOrRefusesWithACode() {
    Random random = new Random(7);
    List<String> pieces =
        List.of(
            "jira.*",
            "a",
            "*",
            " ",
            " ",
            " ",
            ",",
            "on",
            "where",
            "and",
            "or",
            "x/",
            "=",
            "<=",
            "<",
            "!",
            "5",
            "1.5",
            "-",
            "\"",
            "\\",
            "in",
            "not",
            "only",
            "no",
            "arguments",
            "host",
            "class",
            "under",
            "/d",
            "matches",
            "(",
            "{9}",
            "é",
            "\u0000",
            "\ud800",
            "\n",
            "each",
            "starts",
            "with",
            "ip",
            "port",
            "10.0.0.0/8",
            "80-90",
            "length");
    int read = 0;
    for (int n = 0; n < 20_000; n++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "a where n " : "");
      for (int i = random.nextInt(8); i >= 0; i--) {
        text.append(RandomRequest.pick(random, pieces));
        text.append(random.nextBoolean() ? " " : "");
      }
      try {
        Grants grants = Grants.parse(text.toString());
        assertThat(Grants.parse(grants.toString())).isEqualTo(grants);
        read++;
      } catch (TaperException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.SYNTAX);
      }
    }
    assertThat(read).isGreaterThan(200);
  }

  @Test
  void parse_veryLongText_isRefused() {
    assertThatThrownBy(() -> Grant.parse("a".repeat(100_000)))
        .isInstanceOf(TaperException.class)
        .hasMessageContaining("longer than");
  }
}
