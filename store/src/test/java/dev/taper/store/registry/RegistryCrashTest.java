package dev.taper.store.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.store.Database;
import dev.taper.store.TestDatabase;
import dev.taper.testing.Child;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two processes write to one registry and are killed in the middle. */
class RegistryCrashTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void writers_killedAtRandom_loseNoCallThatWasWritten(TestDatabase kind) {
    String address = kind.create(folder);
    Random random = new Random(5);
    for (int round = 0; round < 2; round++) {
      String one = "T-one-" + round;
      String other = "T-other-" + round;
      long first;
      long second;
      try (Child writer = new Child(RegistryWriterProcess.class, address, one);
          Child otherWriter = new Child(RegistryWriterProcess.class, address, other)) {
        first = read(writer, 10 + random.nextInt(40));
        second = read(otherWriter, 10 + random.nextInt(40));
        writer.kill();
        otherWriter.kill();
        first = Math.max(first, rest(writer));
        second = Math.max(second, rest(otherWriter));
      }
      try (Database database = Database.open(address, folder)) {
        Registry registry = new Registry(database, new Story().clock);
        assertWritten(registry, one, first);
        assertWritten(registry, other, second);
      }
    }
  }

  private static long read(Child writer, int lines) {
    long last = 0;
    for (int i = 0; i < lines; i++) {
      last = Long.parseLong(String.valueOf(writer.line()));
    }
    return last;
  }

  private static long rest(Child writer) {
    long last = 0;
    for (String line = writer.line(); line != null; line = writer.line()) {
      last = line.isEmpty() ? last : Long.parseLong(line);
    }
    return last;
  }

  /** Everything that was acknowledged, and at most the one call in the middle of which it died. */
  private static void assertWritten(Registry registry, String task, long acknowledged) {
    List<Delegated> found = registry.find(RegistryQuery.living().task(task));
    assertThat(found).hasSize(2);
    for (Delegated delegation : found) {
      assertThat(delegation.calls()).isBetween(acknowledged, acknowledged + 1);
    }
  }
}
