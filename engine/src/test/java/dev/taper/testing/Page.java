package dev.taper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What stands between the fences of a page of the documentation. */
public final class Page {
  private static final String FENCE = "```";

  private Page() {}

  /** A page of the folder docs. */
  public static Path of(String name) {
    return Path.of("..", "docs", name);
  }

  /** The texts of all blocks of some languages, in their order; perhaps none. */
  public static List<String> blocks(Path page, String... languages) throws IOException {
    Set<String> wanted = Set.of(languages);
    List<String> blocks = new ArrayList<>();
    StringBuilder block = null;
    boolean isInside = false;
    for (String line : Files.readAllLines(page)) {
      if (line.startsWith(FENCE)) {
        if (block != null) {
          blocks.add(block.toString());
        }
        block = !isInside && wanted.contains(line.substring(3)) ? new StringBuilder() : null;
        isInside = !isInside;
      } else if (block != null) {
        block.append(line).append('\n');
      }
    }
    return blocks;
  }

  /** The text of all blocks of a language, of which there must be one. */
  public static String text(Path page, String language) throws IOException {
    List<String> blocks = blocks(page, language);
    assertThat(blocks).as("blocks of " + language + " in " + page).isNotEmpty();
    return String.join("", blocks);
  }

  /** The lines of all blocks of some languages, of which there must be one. */
  public static List<String> lines(Path page, String... languages) throws IOException {
    List<String> blocks = blocks(page, languages);
    assertThat(blocks).as("blocks of " + Set.of(languages) + " in " + page).isNotEmpty();
    return String.join("", blocks).lines().toList();
  }

  /** A text in which others stand for some, each of which has to be there. */
  public static String with(String text, String... pairs) {
    String changed = text;
    for (int i = 0; i < pairs.length; i += 2) {
      assertThat(changed).contains(pairs[i]);
      changed = changed.replace(pairs[i], pairs[i + 1]);
    }
    return changed;
  }
}
