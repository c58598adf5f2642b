package dev.taper.assurance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kept inputs, and changed ones, hold the laws. What fuzzing finds is kept here for good. */
class CorpusTest {
  private static final int MUTANTS = 1_000;
  private static final int MAX_BYTES = 8 * 1024;

  private final Corpus corpus = new Corpus(Path.of("corpus"));

  @ParameterizedTest
  @EnumSource(Harness.class)
  void accepts_keptInputs_holdsTheLaws(Harness harness) throws IOException {
    int taken = 0;
    int refused = 0;
    for (Path file : corpus.files(harness)) {
      if (accepts(harness, Files.readAllBytes(file), file.toString())) {
        taken++;
      } else {
        refused++;
      }
    }
    assertThat(taken).as("inputs of %s that are taken", harness.folder()).isPositive();
    assertThat(refused).as("inputs of %s that are refused", harness.folder()).isPositive();
  }

  @ParameterizedTest
  @EnumSource(Harness.class)
  void accepts_changedInputs_holdsTheLaws(Harness harness) throws IOException {
    Mutants mutants = new Mutants(corpus.inputs(harness), harness.folder().hashCode());
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = mutants.next();
      accepts(harness, mutant, "mutant " + i + ": " + HexFormat.of().formatHex(mutant));
    }
  }

  private static boolean accepts(Harness harness, byte[] input, String what) {
    try {
      return harness.accepts(input);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(harness.folder() + ", " + what, e);
    }
  }

  @Test
  void folders_corpus_areTheHarnesses() throws IOException {
    List<String> harnesses = Arrays.stream(Harness.values()).map(Harness::folder).sorted().toList();
    assertThat(corpus.folders()).isEqualTo(harnesses);
  }

  @Test
  void files_corpus_areSmall() throws IOException {
    for (Harness harness : Harness.values()) {
      for (Path file : corpus.files(harness)) {
        assertThat(file).isRegularFile();
        assertThat(Files.size(file)).as(file.toString()).isLessThanOrEqualTo(MAX_BYTES);
      }
    }
  }
}
