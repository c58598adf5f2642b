package dev.taper.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.ChildJvm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A list that is larger than the heap. With {@code -Dtaper.list.entries=10000000} it is a list of
 * ten millions in 128 MiB.
 */
@Timeout(1800)
class LargeListTest {
  private static final int IN_A_BUILD = 1_500_000;
  private static final int ENTRIES = Integer.getInteger("taper.list.entries", IN_A_BUILD);

  /** The list has more bytes than the heap, as it comes and as it is kept. */
  private static final String HEAP = ENTRIES > IN_A_BUILD ? "-Xmx128m" : "-Xmx28m";

  @TempDir Path folder;

  @Test
  void listLargerThanTheHeap_isLoadedUsedAndReplacedUnderLoad() throws Exception {
    List<String> command =
        new ArrayList<>(
            ChildJvm.command(
                LargeListProcess.class.getName(),
                folder.toString(),
                String.valueOf(ENTRIES),
                ENTRIES > IN_A_BUILD ? "5" : "2"));
    command.addAll(1, List.of(HEAP, "-XX:+ExitOnOutOfMemoryError"));
    command.remove("-XX:TieredStopAtLevel=1");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).endsWith("done\n");
    System.out.print(ENTRIES > IN_A_BUILD ? said : "");
  }
}
