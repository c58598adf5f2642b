package dev.taper.assurance.world.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;

/** The disk keeps what it was forced to take, and what a process wrote survives the process. */
class SimulatedDiskTest {
  private final Chances chances = new Chances();
  private final SimulatedDisk disk = new SimulatedDisk(chances);
  private ProcessFiles process = new ProcessFiles(disk);

  /** What the test says goes wrong. */
  private static final class Chances implements SimulatedDisk.Chances {
    private boolean tears;
    private boolean fails;
    private boolean drops;

    @Override
    public boolean tears() {
      return tears;
    }

    @Override
    public boolean fails() {
      return fails;
    }

    @Override
    public int below(int bound) {
      return drops ? bound - 1 : bound > 2 ? bound / 2 : 0; // half of a write, no other change
    }
  }

  private Path file() {
    return process.file("a");
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(
        file(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private String text() throws IOException {
    return new String(Files.readAllBytes(file()), UTF_8);
  }

  private void forceFolder() throws IOException {
    try (FileChannel folder = FileChannel.open(file().getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  private void losePower() {
    process.end();
    disk.losePower();
    process = new ProcessFiles(disk);
  }

  @Test
  void losePower_forced_stays() throws IOException {
    try (FileChannel channel = open()) {
      channel.write(bytes("safe"));
      channel.force(false);
    }
    forceFolder();

    losePower();

    assertThat(text()).isEqualTo("safe");
  }

  @Test
  void losePower_notForced_isTorn() throws IOException {
    try (FileChannel channel = open()) {
      channel.write(bytes("safe"));
      channel.force(false);
      forceFolder();
      channel.write(bytes("lost"));
    }
    assertThat(text()).isEqualTo("safelost");

    losePower();

    assertThat(text()).isEqualTo("safelo");
  }

  @Test
  void losePower_nameNotForced_takesTheFile() throws IOException {
    try (FileChannel channel = open()) {
      channel.write(bytes("nowhere"));
      channel.force(false);
    }

    losePower();

    assertThatThrownBy(this::text).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void losePower_movedAndForced_isThereByTheNewName() throws IOException {
    try (FileChannel channel = open()) {
      channel.write(bytes("safe"));
      channel.force(false);
    }
    Files.move(file(), process.file("b"), StandardCopyOption.ATOMIC_MOVE);
    forceFolder();

    losePower();

    assertThat(Files.exists(file())).isFalse();
    assertThat(Files.readString(process.file("b"))).isEqualTo("safe");
  }

  @Test
  void write_fullDisk_takesSomeAndFails() throws IOException {
    disk.setFull(true);
    try (FileChannel channel = open()) {
      assertThatThrownBy(() -> channel.write(bytes("12345678")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no space");
      assertThat(text()).isEqualTo("1234");

      channel.truncate(0);
      disk.setFull(false);
      channel.write(bytes("1234"), 0);
    }
    assertThat(text()).isEqualTo("1234");
  }

  @Test
  void force_failed_isNotMadeUpForByTheNextOne() throws IOException {
    try (FileChannel channel = open()) {
      forceFolder();
      channel.write(bytes("lost"));
      chances.fails = true;
      chances.drops = true;
      assertThatThrownBy(() -> channel.force(false)).isInstanceOf(IOException.class);
      chances.fails = false;
      channel.force(false);
    }
    assertThat(text()).isEqualTo("lost");

    losePower();

    assertThat(text()).isEmpty();
  }

  @Test
  void write_torn_endsTheProcessAndLeavesHalf() throws IOException {
    FileChannel channel = open();
    chances.tears = true;

    assertThatThrownBy(() -> channel.write(bytes("12345678"))).isInstanceOf(IOException.class);

    assertThat(process.isEnded()).isTrue();
    assertThatThrownBy(() -> channel.size()).hasMessageContaining("dead");
    process = new ProcessFiles(disk);
    assertThat(text()).isEqualTo("1234");
  }
}
