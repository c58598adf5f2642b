package dev.taper.server.keeper;

import dev.taper.ShownText;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.catalog.ShownCall;
import dev.taper.agent.catalog.ShownCall.Given;
import dev.taper.agent.catalog.ShownCall.Row;
import dev.taper.crypto.Digests;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What a person is asked before a key is used. If not everything fits, a yes takes the beginning of
 * the digest of all of it: nobody allows by habit what was not shown. Immutable and thread-safe.
 */
final class Question {
  /** How wide all parts are together at most, to be shown whole: 32 lines, one at least a row. */
  static final int COLUMNS = 2048;

  /** How many digits of the digest are typed for what was not shown. */
  private static final int DIGITS = 8;

  private static final int LINE = 64;
  private static final int LABEL = 12;

  private final String title;
  private final ShownCall shown;

  private Question(String title, ShownCall shown) {
    this.title = title;
    this.shown = shown;
  }

  /**
   * Asks whether a key may be used.
   *
   * @param key the key's name
   * @param shown for what
   */
  static Question of(String key, ShownCall shown) {
    return new Question("Use the key " + ShownText.of(key, LINE) + "?", shown);
  }

  /**
   * What a key is to be used for.
   *
   * @param head what would happen: labels, each with any text
   * @param more with what
   * @param signed the digests of all that is signed, shown or not
   */
  static ShownCall shown(List<Row> head, List<Given> more, List<String> signed) {
    return ShownCall.of(head, more, null, digest(head, more, signed), COLUMNS);
  }

  /**
   * What a key is to be used for, in one sentence.
   *
   * @param signed as for {@link #shown(List, List, List)}
   */
  static ShownCall shown(String what, String... signed) {
    return shown(List.of(new Row("to", what)), List.of(), List.of(signed));
  }

  /** Of everything, each part quoted and counted: no two questions have one digest. */
  private static String digest(List<Row> head, List<Given> more, List<String> signed) {
    StringJoiner all = new StringJoiner(",", "[", "]");
    all.add(String.valueOf(head.size())).add(String.valueOf(more.size()));
    head.forEach(
        row -> all.add(CanonicalJson.quoted(row.label())).add(CanonicalJson.quoted(row.value())));
    more.forEach(
        one ->
            all.add(CanonicalJson.quoted(one.kind()))
                .add(CanonicalJson.quoted(one.name()))
                .add(one.value()));
    signed.forEach(one -> all.add(CanonicalJson.quoted(one)));
    return digest(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The SHA-256 digest of bytes, in hex. */
  static String digest(byte[] bytes) {
    return HexFormat.of().formatHex(Digests.sha256(bytes));
  }

  /** What has to be typed for a yes, because not everything is shown; null if everything is. */
  @Nullable String accepted() {
    return shown.whole() ? null : shown.digest().substring(0, DIGITS);
  }

  /** The question, line by line; no line of it can be mistaken for another one. */
  List<String> lines() {
    List<String> lines = new ArrayList<>(List.of(title));
    for (Row row : shown.rows()) {
      List<String> parts = ShownText.lines(row.value(), LINE);
      String padding = " ".repeat(Math.max(1, LABEL - row.label().length()));
      lines.add("  " + row.label() + padding + parts.get(0));
      for (String more : parts.subList(1, parts.size())) {
        lines.add(" ".repeat(2 + LABEL) + "| " + more);
      }
    }
    if (!shown.whole()) {
      lines.add("  digest      " + shown.digest());
      lines.add(
          "  This is not everything, or too much for one look. The digest stands for all of it.");
    }
    return lines;
  }

  /** All lines. */
  @Override
  public String toString() {
    return String.join("\n", lines());
  }
}
