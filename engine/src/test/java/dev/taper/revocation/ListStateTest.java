package dev.taper.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.revocation.RunStorage.Space;
import dev.taper.testing.OpenFiles;
import dev.taper.testing.Refused;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several lists of one issuer, of which the later ones lift what the earlier ones revoke. */
class ListStateTest {
  private static final RevocationEntry.Kind TASK = RevocationEntry.Kind.TASK;
  private static final long NOW = Lists.NOON.getEpochSecond();

  @TempDir Path folder;
  private final Lists lists = new Lists();
  private final RunStorage inFiles = new RunStorage(folder(), 0, Space.USABLE);

  private @Nullable Path folder() {
    return folder;
  }

  private static SortedRun run(RunStorage storage, int end, int... ids) throws IOException {
    try (SortedRun.Filler filler = new SortedRun.Filler(ids.length, storage)) {
      for (int id : ids) {
        assertThat(filler.add(TASK, id, 0, end)).isTrue();
      }
      return filler.seal();
    }
  }

  private RevocationHeader header(long sequence) throws IOException {
    byte[] list = lists.snapshot(sequence);
    return Objects.requireNonNull(
        RevocationReader.of(new ByteArrayInputStream(list), List.of(lists.key.publicKey())).next());
  }

  /** 1 to 5; then 6, without 2 and 3; then 2 until soon, without 3 (again), 4 and 5. */
  private ListState layered(RunStorage storage) throws IOException {
    return ListState.ofSnapshot(header(1), run(storage, -1, 1, 2, 3, 4, 5))
        .plus(header(2), new ListState.Layer(run(storage, -1, 6), run(storage, -1, 2, 3)))
        .plus(
            header(3),
            new ListState.Layer(run(storage, (int) NOW + 60, 2), run(storage, -1, 3, 4, 5)));
  }

  private static boolean holds(ListState state, int id) {
    return state.firstHeld(List.of(new Fingerprint(id, 0)), 1, NOW) == 0;
  }

  @Test
  void layers_liftAndRevokeAgain_sayWhatTheLastSays() throws IOException {
    ListState state = layered(RunStorage.DEFAULT);
    ListState compacted = state.compact(0, RunStorage.DEFAULT);

    for (ListState each : List.of(state, compacted)) {
      assertThat(each.size()).isEqualTo(3);
      for (int id = 0; id < 8; id++) {
        boolean isRevoked = id == 1 || id == 2 || id == 6;
        assertThat(holds(each, id)).as("%s", id).isEqualTo(isRevoked);
        assertThat(each.entry(new Fingerprint(id, 0)) != null).as("%s", id).isEqualTo(isRevoked);
      }
      assertThat(Objects.requireNonNull(each.entry(new Fingerprint(2, 0))).until())
          .as("not the end that was lifted")
          .isEqualTo(Instant.ofEpochSecond(NOW + 60));
    }
  }

  /** What a later list lifted is not missed, what it added is. */
  @Test
  void dropped_snapshotLeavesOut_countsWhatIsStillRevoked() throws IOException {
    ListState state = layered(RunStorage.DEFAULT);
    SortedRun none = SortedRun.empty();

    assertThat(state.dropped(run(RunStorage.DEFAULT, -1, 1), none, NOW)).isEqualTo(2);
    assertThat(
            state.dropped(run(RunStorage.DEFAULT, -1, 1), run(RunStorage.DEFAULT, -1, 5, 6), NOW))
        .isEqualTo(1);
    assertThat(state.dropped(run(RunStorage.DEFAULT, -1, 1, 2, 6), none, NOW)).isZero();
  }

  @Test
  void compact_runsInFiles_leavesOneOpenUntilItIsClosed() throws IOException {
    OpenFiles open = OpenFiles.with(".revocations");
    ListState state = layered(inFiles);
    assertThat(open.more()).isEqualTo(5);

    ListState compacted = state.compact(0, inFiles);
    assertThat(compacted.runs()).hasSize(2);
    assertThat(compacted.isMapped()).isTrue();
    assertThat(open.more()).isEqualTo(6);

    state.closeBut(compacted);
    assertThat(open.more()).isEqualTo(1);
    assertThat(holds(compacted, 1)).as("what is kept is not closed").isTrue();
    compacted.close();
    assertThat(open.more()).isZero();
  }

  /** Wherever it fails, look-ups go on with what there was, and no file stays open. */
  @Test
  void compact_noRoomOrAFault_leavesNothingOpen() throws IOException {
    OpenFiles open = OpenFiles.with(".revocations");
    ListState state = layered(inFiles);
    List<Integer> sizes = new ArrayList<>();
    for (int good = 0; good < 4; good++) {
      int most = good;
      AtomicInteger asked = new AtomicInteger();
      RunStorage full =
          new RunStorage(folder, 0, where -> asked.getAndIncrement() < most ? Long.MAX_VALUE : 0);
      ListState compacted = state.compact(0, full);
      sizes.add(compacted.runs().size());
      assertThat(holds(compacted, 6)).isTrue();
      assertThat(holds(compacted, 3)).isFalse();
      compacted.closeBut(state);
      assertThat(open.more()).as("%s", good).isEqualTo(5);

      asked.set(0);
      RunStorage broken =
          new RunStorage(
              folder,
              0,
              where -> {
                if (asked.getAndIncrement() < most) {
                  return Long.MAX_VALUE;
                }
                throw new IllegalStateException("broken");
              });
      if (good < 3) {
        assertThatThrownBy(() -> state.compact(0, broken))
            .isInstanceOf(IllegalStateException.class);
        assertThat(open.more()).as("%s", good).isEqualTo(5);
      }
    }
    assertThat(sizes).containsExactly(6, 6, 4, 2);
    state.close();
    assertThat(open.more()).isZero();
  }

  /** However often lists come, only the last one's files stay open. */
  @Test
  void apply_manyLists_leavesFewFilesOpen() throws IOException {
    OpenFiles open = OpenFiles.with(".revocations");
    RevocationList list = lists.list().storage(new RunStorage(folder, 0, Space.USABLE)).build();
    long sequence = 0;
    for (int i = 0; i < 20; i++) {
      list.apply(lists.snapshot(++sequence, Lists.task("T-1"), Lists.task("T-2")));
      list.apply(
          Lists.join(
              lists.delta(sequence, sequence + 1, Lists.task("T-3")),
              lists.delta(sequence + 1, sequence + 2, Lists.task("T-4")),
              lists.lifting(sequence + 3, Lists.task("T-3"), Lists.task("T-4"))));
      sequence += 3;
      assertThat(open.more()).isLessThanOrEqualTo(2);
    }
    assertThat(lists.revoked(list, "T-2")).isTrue();
    assertThat(lists.revoked(list, "T-4")).isFalse();
  }

  /** A snapshot that is refused, because it leaves out what is revoked, leaves no file behind. */
  @Test
  void apply_snapshotsThatAreRefused_leaveNoFileOpen() throws IOException {
    RevocationList list = lists.list().storage(new RunStorage(folder, 0, Space.USABLE)).build();
    list.apply(lists.snapshot(1, Lists.task("T-1")));
    OpenFiles open = OpenFiles.with(".revocations");
    for (int i = 0; i < 10; i++) {
      byte[] less = lists.snapshot(2 + i, Lists.task("T-2"));
      Refused.with(ErrorCode.REVOCATIONS_DROPPED, () -> list.apply(less));
      assertThat(open.more()).isZero();
    }
  }
}
