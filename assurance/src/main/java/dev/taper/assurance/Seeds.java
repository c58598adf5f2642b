package dev.taper.assurance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the first inputs of every harness into a corpus: {@code Seeds MODULE}. Run it when a
 * format changes; other files in the folders, such as what fuzzing found, stay.
 */
public final class Seeds {
  private final Path corpus;

  private Seeds(Path corpus) {
    this.corpus = corpus;
  }

  /** Writes. */
  public static void main(String[] arguments) throws IOException {
    Seeds seeds = new Seeds(Path.of(arguments[0], "corpus"));
    TokenSeeds.write(seeds);
    TextSeeds.write(seeds);
    RecordSeeds.write(seeds);
    HttpSeeds.write(seeds);
    McpSeeds.write(seeds);
    KeeperSeeds.write(seeds);
    ServeSeeds.write(seeds);
    IssuerSeeds.write(seeds);
    IdentitySeeds.write(seeds);
    PeopleSeeds.write(seeds);
    ConsoleSeeds.write(seeds);
    ValkeySeeds.write(seeds);
    FileSeeds.write(seeds);
  }

  void add(Harness harness, String name, String text) throws IOException {
    add(harness, name, text.getBytes(StandardCharsets.UTF_8));
  }

  void add(Harness harness, String name, byte[] input) throws IOException {
    Path folder = Files.createDirectories(corpus.resolve(harness.folder()));
    Files.write(folder.resolve(name), input);
  }
}
