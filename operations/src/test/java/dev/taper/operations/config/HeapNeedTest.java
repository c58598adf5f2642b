package dev.taper.operations.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.operations.OperationException;
import dev.taper.operations.doctor.Checkup;
import dev.taper.operations.doctor.Observation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A heap that cannot hold what is configured is refused at the start, and by the checks. */
class HeapNeedTest {
  private static final long DEFAULT = (256L << 20) / 30 * 29;
  private static final String[] MUCH = {
    "approval-uses: memory", "budgets: {acme: memory, other: memory}", "asks: memory"
  };

  @TempDir private Path folder;
  private ServiceFiles files;

  @BeforeEach
  void writeFiles() throws IOException {
    files = new ServiceFiles(folder);
  }

  private Observation heap(long bytes, String... lines) throws IOException {
    Checkup checkup = new Checkup();
    files.config(lines).check(checkup, bytes);
    return checkup.observations().stream()
        .filter(found -> found.subject().equals("heap"))
        .findFirst()
        .orElseThrow();
  }

  private List<Path> list() throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.sorted().toList();
    }
  }

  @Test
  void check_defaults_fitTheDefaultHeap() throws IOException {
    assertThat(heap(DEFAULT).status()).isEqualTo(Observation.Status.RIGHT);
    assertThat(heap(DEFAULT, "replay-memory: memory").status()).isEqualTo(Observation.Status.RIGHT);
    assertThat(heap(DEFAULT, "replay-memory: memory", "replay-bytes: 67108864").code()).isNull();
  }

  @Test
  void check_replayBytesBeyondHalfOfTheHeap_areWrong() throws IOException {
    Observation found = heap(DEFAULT, "replay-memory: memory", "replay-bytes: 134217728");

    assertThat(found.status()).isEqualTo(Observation.Status.WRONG);
    assertThat(found.code()).isEqualTo("heap_too_small");
    assertThat(found.text())
        .contains("replay-bytes: used proofs take 134217728 bytes at most")
        .contains("half of the heap has 129743796")
        .contains("TAPER_HEAP=320m");
    assertThat(heap(512L << 20, "replay-memory: memory", "replay-bytes: 134217728").code())
        .isNull();
  }

  @Test
  void check_moreThanTheHeapTogether_isWrongAndSaysTheSum() throws IOException {
    Observation found = heap(128L << 20, MUCH);

    assertThat(found.code()).isEqualTo("heap_too_small");
    assertThat(found.status()).isEqualTo(Observation.Status.WRONG);
    assertThat(found.text())
        .startsWith("the heap has 128 MiB, and what is configured takes up to ")
        .contains(
            "used proofs 32", "token cache 32", "approval-uses 9", "budgets.acme 19", "asks 32")
        .contains("TAPER_HEAP=");
  }

  @Test
  void check_nearlyTheWholeHeap_isDoubtful() throws IOException {
    Observation found = heap(224L << 20, MUCH);

    assertThat(found.status()).isEqualTo(Observation.Status.DOUBTFUL);
    assertThat(found.code()).isEqualTo("heap_too_small");
    assertThat(heap(DEFAULT, MUCH).status()).isEqualTo(Observation.Status.RIGHT);
  }

  /** So small a heap is what the Dockerfile gives a container of 256 MiB. */
  @Test
  void check_defaultsInTheHeapOfTheImage_areRight() throws IOException {
    assertThat(heap((128L << 20) / 30 * 29).status()).isEqualTo(Observation.Status.RIGHT);
  }

  /** A service of few calls starts in a small heap, as before. */
  @Test
  void check_defaultsInASmallHeap_areOnlyDoubtful() throws IOException {
    Observation found = heap(48L << 20, "replay-memory: memory");

    assertThat(found.status()).isEqualTo(Observation.Status.DOUBTFUL);
  }

  @Test
  void check_namesThatAreLarge_count() throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(folder.resolve("names.json").toFile(), "rw")) {
      file.setLength(32 << 20);
    }

    assertThat(heap(DEFAULT).text()).contains("names 320");
    assertThat(heap(DEFAULT).status()).isEqualTo(Observation.Status.WRONG);
  }

  @Test
  void open_replayBytesBeyondHalfOfTheHeap_isRefusedBeforeAnythingIsMade() throws IOException {
    long heap = Runtime.getRuntime().maxMemory();
    TaperConfig config = files.config("replay-memory: memory", "replay-bytes: " + (heap / 2 + 1));
    List<Path> before = list();

    assertThatThrownBy(config::open)
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("half of the heap has " + heap / 2)
        .extracting(e -> ((OperationException) e).code())
        .isEqualTo("heap_too_small");
    assertThat(list()).isEqualTo(before);
  }

  /** Each of several services fits alone, and all of them do not. */
  @Test
  void beforeStart_servicesThatDoNotFitTogether_areRefused() throws IOException {
    long heap = Runtime.getRuntime().maxMemory();
    TaperConfig config = files.config("replay-memory: memory", "replay-bytes: " + heap / 5 * 2);

    assertThat(TaperConfig.beforeStart(List.of(config))).hasSize(1);
    assertThatThrownBy(() -> TaperConfig.beforeStart(List.of(config, config, config)))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("what is configured takes up to");
  }

  @Test
  void beforeStart_memoriesOfOneProcess_saysWhichAreNotShared() throws IOException {
    assertThat(TaperConfig.beforeStart(List.of(files.config()))).isEmpty();
    assertThat(TaperConfig.beforeStart(List.of(files.config(MUCH))))
        .containsExactly(
            "where several processes serve svc:jira, an approval is used as often by each"
                + " (approval-uses), a budget is spent by each (budgets.acme), a budget is spent by"
                + " each (budgets.other), an ask is found where it was made (asks): name places"
                + " that they share, or run one process");
  }
}
