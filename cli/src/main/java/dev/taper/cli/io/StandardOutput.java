package dev.taper.cli.io;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Standard output, in UTF-8, that knows why it takes nothing more. For one thread. */
public final class StandardOutput extends PrintStream {
  private static final int BUFFER = 8192;

  private final Watched watched;

  /** Writes to a stream. */
  public StandardOutput(OutputStream out) {
    this(new Watched(out));
  }

  private StandardOutput(Watched watched) {
    super(new BufferedOutputStream(watched, BUFFER), false, StandardCharsets.UTF_8);
    this.watched = watched;
  }

  /** True if whoever read it has read enough, as {@code head} does, and closed the pipe. */
  public boolean isPipeClosed() {
    return watched.isPipeClosed;
  }

  /** A stream that remembers its failure, which a print stream does not tell. */
  private static final class Watched extends FilterOutputStream {
    private boolean isPipeClosed;

    Watched(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        out.write(bytes, from, length);
      } catch (IOException e) {
        isPipeClosed =
            String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe");
        throw e;
      }
    }
  }
}
