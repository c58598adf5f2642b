package dev.taper.assurance;

import static dev.taper.assurance.Laws.read;
import static dev.taper.assurance.Laws.same;

import dev.taper.ErrorCode;
import dev.taper.ErrorCode.Category;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Readers of the files in which processes of one machine remember. A damaged one is refused, and
 * one that is taken never forgets again.
 */
final class MemoryReaders {
  /** The name of the counter that is read. */
  static final String COUNTER = "c".repeat(64);

  /** How long a journal's header is, and a record, each with the sum behind it. */
  static final int HEADER = 33;

  static final int RECORD = 76;

  private static final int SUM = 4;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String USE = "d".repeat(64);
  private static final MemoryShare SHARE = new MemoryShare("user:alice", "b".repeat(64));

  private MemoryReaders() {}

  /** A counter of a budget, with and without a window. */
  static boolean budget(byte[] input) {
    boolean whole = with("budgets/" + COUNTER, input, folder -> charged(folder, null));
    return with("budgets/" + COUNTER, input, folder -> charged(folder, HOUR)) || whole;
  }

  private static boolean charged(Path folder, @Nullable Duration window) {
    Budgets budgets = Budgets.inFolder(folder);
    Instant now = Keys.CLOCK.instant();
    List<Budgets.Charge> most = List.of(new Budgets.Charge(COUNTER, 6, 10, window));
    Optional<Budgets.Answer> first =
        read(() -> budgets.charge(most, SHARE, now), ErrorCode.BUDGET_UNAVAILABLE);
    if (first.isEmpty() || first.get() instanceof Budgets.Exhausted) {
      return false;
    }
    Budgets after = Budgets.inFolder(folder);
    boolean isSpent = after.charge(most, SHARE, now) instanceof Budgets.Exhausted;
    same("a budget ends, also after a start", true, isSpent);
    return true;
  }

  /** A journal of used proofs and approvals: as it is, and with sums made here. */
  static boolean uses(byte[] input) {
    boolean asItIs = used(input);
    return used(summed(input)) || asItIs;
  }

  private static boolean used(byte[] content) {
    boolean proofs = with("proofs", content, MemoryReaders::proofs);
    boolean approvals = with("approvals", content, MemoryReaders::approvals);
    same("both journals are read alike", proofs, approvals);
    return proofs;
  }

  private static boolean proofs(Path folder) {
    ReplayMemory memory = ReplayMemory.inFolder(folder);
    Instant now = Keys.CLOCK.instant();
    ReplayMemory.Use use = new ReplayMemory.Use(USE, now, now.plusSeconds(60));
    Optional<Boolean> first = read(() -> memory.claim(use, SHARE, now), Category.LIMIT);
    if (first.isEmpty()) {
      return false;
    }
    same("a proof is used once", false, memory.claim(use, SHARE, now));
    same("also after a start", false, ReplayMemory.inFolder(folder).claim(use, SHARE, now));
    return true;
  }

  private static boolean approvals(Path folder) {
    ApprovalUses memory = ApprovalUses.inFolder(folder);
    Instant now = Keys.CLOCK.instant();
    ApprovalUses.Use use = new ApprovalUses.Use(USE, now.plusSeconds(60), 1);
    Optional<Set<ApprovalUses.Use>> first =
        read(() -> memory.claim(List.of(use), SHARE, now), Category.LIMIT);
    if (first.isEmpty()) {
      return false;
    }
    same("an approval is used once", Set.of(use), memory.claim(List.of(use), SHARE, now));
    Set<ApprovalUses.Use> again = ApprovalUses.inFolder(folder).claim(List.of(use), SHARE, now);
    same("also after a start", Set.of(use), again);
    return true;
  }

  /** Puts the right sum behind the header and each record that is whole. */
  static byte[] summed(byte[] input) {
    byte[] all = input.clone();
    for (int at = 0; at + (at == 0 ? HEADER : RECORD) <= all.length; ) {
      int length = at == 0 ? HEADER : RECORD;
      CRC32 sum = new CRC32();
      sum.update(all, at, length - SUM);
      ByteBuffer.wrap(all, at + length - SUM, SUM).putInt((int) sum.getValue());
      at += length;
    }
    return all;
  }

  /** What a reader makes of a folder with one file. */
  static boolean with(String name, byte[] content, Predicate<Path> use) {
    try {
      Path folder = Files.createTempDirectory("taper-assurance");
      try {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        return use.test(folder);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }

  /** A journal whose sums are right. */
  static byte[] journal(byte[]... records) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes("taper uses 1\n".getBytes(StandardCharsets.US_ASCII));
    all.writeBytes(ByteBuffer.allocate(2 * Long.BYTES + SUM).putLong(7).putLong(0).array());
    for (byte[] record : records) {
      all.writeBytes(record);
    }
    return summed(all.toByteArray());
  }
}
