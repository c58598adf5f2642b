package dev.taper.operations.findings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of keys that are held back has several writers: services, and people's commands. */
class HeldBackFileTest {
  private static final int MANY = 60;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void inAFolder() {
    file = folder.resolve("held-back");
  }

  private static List<String> keys(int number) {
    return Stream.generate(() -> PrivateKey.generate(Algorithm.ED25519).publicKey().toString())
        .limit(number)
        .toList();
  }

  /** Who is found in the moment in which somebody else is let go stays. */
  @Test
  void letGo_whileAServiceFindsOthers_letsNobodyElseGo() {
    List<String> before = keys(MANY);
    List<String> found = keys(MANY);
    HeldBack service = new HeldBack(file);
    before.forEach(key -> assertThat(service.add(HeldEntry.read(key + " x"))).isTrue());
    HeldBack another = new HeldBack(file);

    CompletableFuture<Void> person =
        CompletableFuture.runAsync(
            () -> before.forEach(key -> HeldBackFile.at(file).letGo(List.of(key))));
    for (String key : found) {
      attempt(() -> another.add(HeldEntry.read(key + " y")));
    }
    person.join();
    Set<String> unused = another.look(Watched.NOON); // what found no turn

    assertThat(HeldBackFile.at(file).held().keySet()).containsExactlyInAnyOrderElementsOf(found);
    assertThat(service.look(Watched.NOON)).containsExactlyInAnyOrderElementsOf(before);
    assertThat(service.keys()).containsExactlyInAnyOrderElementsOf(found);
  }

  private static void attempt(Runnable adding) {
    try {
      adding.run();
    } catch (UncheckedIOException e) {
      assertThat(e).hasMessageContaining("others had the file all the time");
    }
  }

  @Test
  void change_whileOthersHaveTheFile_holdsBackAndIsMadeUpFor() throws IOException {
    String one = keys(1).get(0);
    String other = keys(1).get(0);
    HeldBack held = new HeldBack(file);
    assertThat(held.add(HeldEntry.read(one + " x"))).isTrue();
    try (FileChannel turn =
            FileChannel.open(folder.resolve("held-back.lock"), StandardOpenOption.WRITE);
        var lock = turn.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThatThrownBy(() -> held.add(HeldEntry.read(other + " y")))
          .isInstanceOf(UncheckedIOException.class);
      assertThatThrownBy(() -> held.remove(Set.of(one))).isInstanceOf(UncheckedIOException.class);
      assertThat(held.keys()).containsExactly(one, other);
      assertThat(Files.readString(file)).contains(one + " x").doesNotContain(other.toString());
    }

    assertThat(held.look(Watched.NOON)).isEmpty();
    assertThat(Files.readString(file)).contains(one + " x", other + " y");
  }

  /** Folders go when nobody means it: a volume that is not there, a clean-up. */
  @Test
  void fileThatIsGone_letsNobodyGo_andIsMadeAgain() throws IOException {
    String one = keys(1).get(0);
    HeldBack held = new HeldBack(file);
    assertThat(held.add(HeldEntry.read(one + " x"))).isTrue();

    Files.delete(file);
    assertThat(held.look(Watched.NOON)).isEmpty();

    assertThat(held.keys()).containsExactly(one);
    assertThat(Files.readString(file)).isEqualTo(one + " x\n");
    Files.writeString(file, "");
    assertThat(held.look(Watched.NOON)).containsExactly(one);
    assertThat(held.keys()).isEmpty();
  }

  @Test
  void lineThatMakesNoSense_isNamedByItsNumber() throws IOException {
    String one = keys(1).get(0);
    Files.writeString(file, "\n" + one + " x\n\n" + one + " y\neverybody\n");
    assertThatThrownBy(() -> HeldBackFile.at(file).held())
        .isInstanceOf(TaperException.class)
        .hasMessageContaining("line 5 does not begin with a public key, a task or a delegator");
  }
}
