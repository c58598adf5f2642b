package dev.taper.assurance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kept inputs, and changed ones, hold the laws. What fuzzing finds is kept here for good. */
class CorpusTest {
  private static final int MUTANTS = 1_000;
  private static final int GROWN = 8;
  private static final int GROWN_BYTES = 24 * 1024;

  /** Each input of these is written to the disk, and what is made of it too; or asked for. */
  private static final Set<Harness> ON_DISK =
      EnumSet.of(
          Harness.BUDGET_FILE,
          Harness.USES_FILE,
          Harness.SIGN_IN_FILE,
          Harness.PERSON_FILE,
          Harness.HELD_BACK_FILE,
          Harness.SERVICE_ASK,
          Harness.FIRST_TOKEN,
          Harness.PROVIDER_KEYS);

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
    for (int i = 0; i < (ON_DISK.contains(harness) ? MUTANTS / 10 : MUTANTS); i++) {
      byte[] mutant = mutants.next();
      accepts(harness, mutant, "mutant " + i + ": " + HexFormat.of().formatHex(mutant));
    }
  }

  /** What costs more than it is long shows when it is long. */
  @ParameterizedTest
  @EnumSource(Harness.class)
  void accepts_grownInputs_holdsTheLaws(Harness harness) throws IOException {
    Mutants mutants = new Mutants(corpus.inputs(harness), 31L * harness.folder().hashCode());
    // A long input of lines is thousands of messages.
    int length = harness == Harness.RPC_LINES ? GROWN_BYTES / 8 : GROWN_BYTES;
    for (int i = 0; i < GROWN; i++) {
      byte[] grown = mutants.grown(length);
      String start = Laws.utf8(Arrays.copyOf(grown, 200));
      accepts(harness, grown, "grown input " + i + " of " + grown.length + " bytes: " + start);
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

  /** A first input that nobody kept would be tried by nobody. */
  @Test
  void files_corpus_haveAllSeeds(@TempDir Path module) throws IOException {
    Seeds.main(new String[] {module.toString()});
    Corpus seeds = new Corpus(module.resolve("corpus"));
    for (Harness harness : Harness.values()) {
      for (Path seed : seeds.files(harness)) {
        assertThat(Path.of("corpus", harness.folder()).resolve(seed.getFileName())).exists();
      }
    }
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
