package dev.taper.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HtmlTest {
  private static final String KEY = "ed25519/" + "0123456789abcdef".repeat(4);

  @Test
  void prose_momentsAndKeys_areShortAndWholeBehind() {
    String text = "<b>, by " + KEY + ", until 2030-01-01T12:00:00.250Z & on";

    assertThat(new Html().prose(text))
        .hasToString(
            "&lt;b&gt;, by <code title=\""
                + KEY
                + "\">ed25519/0123456789abcdef…</code>, until <time"
                + " title=\"2030-01-01T12:00:00.250Z\">2030-01-01 12:00:00 UTC</time> &amp; on");
  }

  @Test
  void prose_nothingSpecial_isText() {
    assertThat(new Html().prose("p", "quiet", "\"a\" ed25519/12"))
        .hasToString("<p class=\"quiet\">&quot;a&quot; ed25519/12</p>\n");
  }

  @Test
  void text_whatMisleads_isEscapedOrSetApart() {
    assertThat(new Html().text(" a  b\u202e\n\u05e9\u05dc \u05d5, 1"))
        .hasToString("\\u{20}a \\u{20}b\\u{202e}\\n<bdi>\u05e9\u05dc \u05d5</bdi>, 1");
  }

  @Test
  void name_tooLong_isCutWithItsLengthAndDigest() {
    assertThat(new Html().name("b", "", "x".repeat(401)).toString())
        .startsWith("<b>" + "x".repeat(400) + "… (401 characters, SHA-256 ");
  }

  @Test
  void fold_openWithAPlace_canBeLinked() {
    assertThat(new Html().fold("card", "a1", true).link("b2", "<i>").link("", "c"))
        .hasToString(
            "<details class=\"card\" id=\"a1\" open><summary>"
                + "<a href=\"#b2\">&lt;i&gt;</a><b>c</b>");
  }
}
