package dev.taper.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.OpenFiles;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the disk has no room for is not written. */
class PrivateFileTest {
  private static final int MEBIBYTE = 1 << 20;
  private static final long RESERVE = 16L * MEBIBYTE;

  @TempDir Path folder;

  @Test
  void create_justEnoughRoom_isMadeAndNoMore() throws IOException {
    long bytes = MEBIBYTE + 1;
    OpenFiles open = OpenFiles.with(".revocations");

    PrivateFile.create(folder, bytes, where -> RESERVE + bytes).close();
    String message =
        Refused.with(
            ErrorCode.REVOCATIONS_TOO_LARGE,
            " MiB in ",
            () -> PrivateFile.create(folder, bytes, where -> RESERVE + bytes - 1));

    assertThat(
            Refused.with(
                ErrorCode.REVOCATIONS_TOO_LARGE,
                " MiB in ",
                () -> PrivateFile.create(folder, MEBIBYTE, where -> 0)))
        .contains("takes 1 MiB in " + folder + ", which has 0 MiB left");
    assertThat(message).contains("takes 2 MiB in " + folder + ", which has 17 MiB left");
    assertThat(open.more()).isZero();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void write_othersTookTheRoom_isRefusedInTime() throws IOException {
    byte[] bytes = new byte[MEBIBYTE];
    long[] left = {Long.MAX_VALUE};
    try (PrivateFile file = PrivateFile.create(folder, 1, where -> left[0])) {
      left[0] = 0;
      for (int i = 0; i < 16; i++) {
        file.write((long) i * MEBIBYTE, bytes, 0, MEBIBYTE);
      }
      Refused.with(
          ErrorCode.REVOCATIONS_TOO_LARGE, () -> file.write(16L * MEBIBYTE, bytes, 0, MEBIBYTE));

      left[0] = Long.MAX_VALUE;
      file.write(16L * MEBIBYTE, bytes, 0, MEBIBYTE);
      left[0] = 0;
      file.write(17L * MEBIBYTE, bytes, 0, MEBIBYTE);
    }
  }
}
