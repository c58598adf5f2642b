package dev.taper.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.taper.TaperException;
import dev.taper.crypto.Signatures;
import dev.taper.integrations.http.RefusedException;
import dev.taper.server.issuer.ExchangeException;
import dev.taper.server.keeper.KeeperRefusal;
import dev.taper.server.mcp.RpcFault;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What inputs cost, row by row: bytes of heap that the thread allocated, and signatures. It counts,
 * and measures no time; the column of the processor's time is for people, and nothing is asserted
 * of it. For one thread.
 */
final class CostTable {
  /** The most bytes of heap for each byte of an input. */
  private static final int FACTOR = 4;

  /** The same for an input whose token's chain is good, until its proof is. */
  private static final int FACTOR_OF_GOOD_CHAIN = 64;

  /** Listeners whose rows show a good chain, and a proof of something else. */
  static final String UNPROVEN = ", bad proof";

  /** The same with a proof of just that, whose signature is another one. */
  static final String UNSIGNED = ", bad signature";

  /**
   * The same for the keeper's own user, whom the operating system names before anything is read.
   */
  private static final int FACTOR_OF_OWN = 32;

  private static final Set<String> OWN = Set.of("keeper, request");

  /** What an input may cost beside that, however short it is. */
  private static final int FIXED = 32 * 1024;

  /** What costs more, however short it is, and why. */
  private static final Map<String, Integer> FIXED_OF =
      Map.of(
          "mcp, line", 128 * 1024, // a buffer of 64 KiB for each connection
          "console, link", 96 * 1024, // a mapper, and at most 512 bytes
          "mcp, ping", 96 * 1024, // read without a token: at most 256 values
          "serve, small", 64 * 1024, // the same
          "pages, form", 48 * 1024, // decoded as it comes, at most 64 KiB
          "token, ended", 48 * 1024, // its first block is read; its root key may have no table yet
          "issuer, form", 64 * 1024);

  private static final int TRIES = 3;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  interface Work {
    void run() throws IOException, RpcFault, RefusedException, ExchangeException, ServletException;
  }

  record Row(
      String listener, String kind, long bytes, long allocated, long signatures, long micros) {
    private boolean isGood() {
      return listener.endsWith(UNPROVEN) || listener.endsWith(UNSIGNED);
    }

    private int fixed() {
      return FIXED_OF.getOrDefault(listener, FIXED);
    }

    boolean isWithin() {
      int factor =
          OWN.contains(listener) ? FACTOR_OF_OWN : isGood() ? FACTOR_OF_GOOD_CHAIN : FACTOR;
      return allocated <= factor * bytes + fixed() && signatures <= (isGood() ? 8 : 1);
    }

    @Override
    public String toString() {
      double kibibytes = bytes / 1024.0;
      return String.format(
          Locale.ROOT,
          "%-36s %-34s %7d %9d %8.2f %4d %8.3f",
          listener,
          kind,
          bytes,
          allocated,
          Math.max(0, allocated - fixed()) / 1024.0 / kibibytes,
          signatures,
          micros / 1000.0 / kibibytes);
    }
  }

  private final List<Row> rows = new ArrayList<>();

  void row(String listener, String kind, long bytes, Work work) {
    long least = Long.MAX_VALUE;
    long micros = Long.MAX_VALUE;
    long signatures = 0;
    for (int i = 0; i < TRIES; i++) { // what only the first one takes is classes and tables
      long signed = Signatures.verifications();
      long time = THREADS.getCurrentThreadCpuTime();
      long before = THREADS.getCurrentThreadAllocatedBytes();
      try {
        work.run();
      } catch (IOException
          | ServletException
          | RpcFault
          | RefusedException
          | ExchangeException
          | KeeperRefusal
          | TaperException e) {
        // It is refused, which is what is measured.
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
      micros = Math.min(micros, (THREADS.getCurrentThreadCpuTime() - time) / 1000);
      signatures = Signatures.verifications() - signed;
    }
    rows.add(new Row(listener, kind, bytes, least, signatures, micros));
  }

  /** The rows so far. */
  List<Row> rows() {
    return rows;
  }

  /** Writes all rows, and requires that none costs more than it may. */
  void require(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "listener                             kind                                 bytes allocated  KiB/KiB sigs ms/KiB");
    rows.forEach(row -> lines.add(row.toString()));
    Files.write(file, lines);
    assertThat(rows).filteredOn(row -> !row.isWithin()).isEmpty();
  }
}
