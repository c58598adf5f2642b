package dev.taper.server.mcp;

import dev.taper.DaemonThreads;
import dev.taper.ShownText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what a server writes to standard error, as its words: a line of it cannot be taken for one
 * of ours, and a flood of lines is not logged whole. For one thread.
 */
final class ServerWords {
  private static final Logger LOG = LoggerFactory.getLogger(ServerWords.class);
  private static final int MAX_BYTES = 4096; // of one line
  private static final int COLUMNS = 1000;

  /** The most lines in one second; what comes beyond is counted. */
  private static final int MOST = 50;

  private static final long SECOND = 1_000_000_000L;

  private final long pid;
  private long since = System.nanoTime();
  private int said;
  private long dropped;

  private ServerWords(long pid) {
    this.pid = pid;
  }

  /** Begins to log, until the stream ends, on a thread of its own, which is given. */
  static Thread of(InputStream errors, long pid) {
    ServerWords words = new ServerWords(pid);
    return DaemonThreads.start("errors of " + pid, () -> words.read(errors));
  }

  private void read(InputStream errors) {
    BoundedLines lines = new BoundedLines(errors, MAX_BYTES);
    try (errors) {
      for (BoundedLines.Line line = lines.next(); line != null; line = lines.next()) {
        if (line.isTooLong() || line.bytes().length > 0) {
          say(line);
        }
      }
    } catch (IOException e) {
      LOG.debug("the server's standard error cannot be read", e);
    }
    sayDropped();
  }

  private void say(BoundedLines.Line line) {
    long now = System.nanoTime();
    if (now - since > SECOND) {
      since = now;
      said = 0;
      sayDropped();
    }
    if (said >= MOST) {
      dropped++;
      return;
    }
    said++;
    LOG.info(
        "the server {} says: {}",
        pid,
        line.isTooLong()
            ? "a line of more than " + MAX_BYTES + " bytes"
            : ShownText.of(new String(line.bytes(), StandardCharsets.UTF_8), COLUMNS));
  }

  private void sayDropped() {
    if (dropped > 0) {
      LOG.warn("the server {} said {} lines more", pid, dropped);
      dropped = 0;
    }
  }
}
