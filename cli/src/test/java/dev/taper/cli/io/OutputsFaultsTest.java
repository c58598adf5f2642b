package dev.taper.cli.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.faults.Faults;
import dev.taper.testing.faults.Faults.Acknowledged;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that a command writes in place of others, while their disk fails. */
class OutputsFaultsTest {
  private static final byte[] OLD = "old".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NEW = "new".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  private static void write(Path in, byte[] content, boolean isSecret) {
    PrintStream nobody =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            nobody,
            nobody,
            Map.of(),
            Clock.systemUTC(),
            Terminals.parse(null),
            in);
    new Outputs(console).file("file", content, isSecret, true);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void file_whileTheDiskFails_isTheOldOneOrTheNewOne(boolean isSecret) throws IOException {
    Faults.enumerate(
        folder,
        new Faults.Writer() {
          @Override
          public void prepare(Path in) {
            OutputsFaultsTest.write(in, OLD, isSecret);
          }

          @Override
          public void write(Path in, Acknowledged acknowledged) {
            OutputsFaultsTest.write(in, NEW, isSecret);
            acknowledged.step();
          }

          @Override
          public void check(Path in, int acknowledged) throws IOException {
            byte[] found = Files.readAllBytes(in.resolve("file"));
            assertThat(found).isIn(NEW, acknowledged == 1 ? NEW : OLD);
            OutputsFaultsTest.write(in, NEW, isSecret);
            assertThat(in.resolve("file")).hasBinaryContent(NEW);
          }
        });
  }
}
