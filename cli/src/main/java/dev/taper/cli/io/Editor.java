package dev.taper.cli.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets a person write Datalog in their editor. */
public final class Editor {
  private final Console console;

  /** Edits at the given console. */
  public Editor(Console console) {
    this.console = console;
  }

  /**
   * Opens {@code $VISUAL} or {@code $EDITOR} on a file that only its owner can read, and deletes it
   * afterwards.
   *
   * @param missing what is missing, for the message if there is no terminal
   * @return what was written
   * @throws CliException if there is no terminal or editor, or the editor failed
   */
  public String edit(String missing) {
    if (!console.terminals().in() || !console.terminals().out()) {
      throw CliException.usage(missing + " is missing, and there is no terminal to ask for it");
    }
    String editor = editor();
    if (editor == null) {
      throw CliException.usage(missing + " is missing, and neither VISUAL nor EDITOR is set");
    }
    Path file = null;
    try {
      file = Files.createTempFile("taper-", ".datalog");
      console.out().flush();
      run(editor, file);
      if (Files.size(file) > InputKind.DATALOG.maxBytes()) {
        throw CliException.io("the edited text is too large", null);
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw CliException.io("cannot run the editor: " + e.getMessage(), e);
    } finally {
      delete(file);
    }
  }

  private @Nullable String editor() {
    String visual = console.variable("VISUAL");
    return visual != null ? visual : console.variable("EDITOR");
  }

  private static void run(String editor, Path file) throws IOException {
    // By custom the variable may hold arguments, such as "code --wait".
    List<String> command = new ArrayList<>(List.of(editor.strip().split(" +", -1)));
    command.add(file.toString());
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      int status = process.waitFor();
      if (status != 0) {
        throw CliException.io("the editor ended with status " + status, null);
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw CliException.io("interrupted while the editor was open", e);
    }
  }

  private static void delete(@Nullable Path file) {
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw CliException.io("cannot delete " + file + ": " + e.getMessage(), e);
      }
    }
  }
}
