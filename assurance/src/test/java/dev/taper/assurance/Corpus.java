package dev.taper.assurance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The kept inputs: a folder for each harness, a file for each input. */
final class Corpus {
  private final Path folder;

  Corpus(Path folder) {
    this.folder = folder;
  }

  /** The names of the folders, in order. */
  List<String> folders() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  /** The files of a harness, in order. */
  List<Path> files(Harness harness) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(harness.folder()))) {
      return files.sorted().toList();
    }
  }

  /** The inputs of a harness, in the order of their files. */
  List<byte[]> inputs(Harness harness) throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    for (Path file : files(harness)) {
      inputs.add(Files.readAllBytes(file));
    }
    return inputs;
  }
}
