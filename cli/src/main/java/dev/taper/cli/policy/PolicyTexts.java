package dev.taper.cli.policy;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Source;
import dev.taper.policies.cases.PolicyFiles;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The policies that a command names, as files or folders. */
final class PolicyTexts {
  private final Console console;

  PolicyTexts(Console console) {
    this.console = console;
  }

  /** True if a place is a folder. */
  boolean isFolder(String place) {
    return Files.isDirectory(console.resolve(place));
  }

  /** The files; those of a folder in order. */
  List<Path> files(List<String> places) {
    List<Path> files = new ArrayList<>();
    for (String place : places) {
      Path path = console.resolve(place);
      if (Files.isDirectory(path)) {
        files.addAll(inFolder(path));
      } else {
        files.add(path);
      }
    }
    return files;
  }

  private static List<Path> inFolder(Path folder) {
    try {
      return PolicyFiles.find(List.of(folder)).policies();
    } catch (UncheckedIOException e) {
      throw CliException.io("cannot read the folder: " + e.getMessage(), e);
    }
  }

  /** The text of a file. */
  String text(Path file) {
    return new Inputs(console).text(new Source.File(file.toString()), InputKind.DATALOG);
  }
}
