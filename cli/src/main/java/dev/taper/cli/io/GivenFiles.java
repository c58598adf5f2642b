package dev.taper.cli.io;

import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The files that a command reads, looked at before it does: all that are missing are told at once.
 */
final class GivenFiles {
  /** Labels of arguments that name a file to read, or something that is no file. */
  private static final Set<String> READ =
      Set.of("CATALOG", "DATALOG_FILE", "FILE", "KEY", "PARENT", "REQUEST", "SNAPSHOT", "TOKEN");

  /** Options with such a label that name a file to write. */
  private static final Set<String> WRITTEN =
      Set.of(
          "--dump-policies-snapshot",
          "--dump-snapshot",
          "--html",
          "--out",
          "--print-call",
          "--public-out",
          "--revocation-memory");

  private GivenFiles() {}

  /**
   * Refuses to begin if several files are missing. One alone is told by whoever reads it, with more
   * to say about it.
   *
   * @throws CliException naming them all
   */
  static void requireAll(Console console, CommandSpec command) {
    List<String> missing = new ArrayList<>();
    for (ArgSpec argument : command.args()) {
      if (READ.contains(argument.paramLabel()) && !isWritten(argument)) {
        for (String value : argument.stringValues()) {
          if (isMissing(console, value)) {
            missing.add(Place.shown(value) + " (" + name(argument) + ")");
          }
        }
      }
    }
    List<String> each = missing.stream().distinct().toList();
    if (each.size() > 1) {
      throw CliException.io("there are no files " + String.join(", ", each), null);
    }
  }

  private static boolean isWritten(ArgSpec argument) {
    return argument instanceof OptionSpec option && WRITTEN.contains(option.longestName());
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static boolean isMissing(Console console, String value) {
    if (value.isEmpty() || value.equals("-") || value.indexOf(':') >= 0 || KeyInput.isText(value)) {
      return false; // a URL, a database, a key of a keeper
    }
    try {
      return !Files.exists(console.resolve(value));
    } catch (OperationException e) {
      return false; // no path, as will be told
    }
  }
}
