package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What stands between the fences of a page of the documentation. */
final class PageBlocks {
  private PageBlocks() {}

  /** The lines of all blocks of some languages, in their order. */
  static List<String> lines(String page, Set<String> languages) {
    List<String> lines = new ArrayList<>();
    boolean isInside = false;
    for (String line : page.lines().toList()) {
      if (line.startsWith("```")) {
        isInside = languages.contains(line.substring(3));
      } else if (isInside) {
        lines.add(line);
      }
    }
    return lines;
  }

  /**
   * The text of all blocks of a language in a page of the folder docs, of which there must be one.
   */
  static String text(String page, String language) throws IOException {
    List<String> lines = lines(Files.readString(Path.of("..", "docs", page)), Set.of(language));
    assertThat(lines).as("blocks of " + language + " in " + page).isNotEmpty();
    return String.join("\n", lines) + "\n";
  }

  /** A text in which others stand for some, each of which has to be there. */
  static String with(String text, String... pairs) {
    String changed = text;
    for (int i = 0; i < pairs.length; i += 2) {
      assertThat(changed).contains(pairs[i]);
      changed = changed.replace(pairs[i], pairs[i + 1]);
    }
    return changed;
  }
}
