package dev.taper.testing;

import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files with some ending that this process has open, also those whose name was deleted. What
 * others close meanwhile does not count, as the garbage collector does for them.
 */
public final class OpenFiles {
  private static final Path OPEN = Path.of("/proc/self/fd");

  private final String ending;
  private final Set<String> before;

  private OpenFiles(String ending) {
    this.ending = ending;
    this.before = open(ending);
  }

  /** Remembers what is open now; a test that needs it is left out where the system does not say. */
  public static OpenFiles with(String ending) {
    assumeThat(OPEN).isDirectory();
    return new OpenFiles(ending);
  }

  /** How many more there are than there were. */
  public int more() {
    Set<String> now = open(ending);
    now.removeAll(before);
    return now.size();
  }

  /** How many there are of any kind. */
  public static long count() {
    return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getOpenFileDescriptorCount();
  }

  private static Set<String> open(String ending) {
    Set<String> open = new HashSet<>();
    try (Stream<Path> all = Files.list(OPEN)) {
      for (Path each : all.toList()) {
        String target;
        try {
          target = Files.readSymbolicLink(each).toString();
        } catch (IOException e) {
          continue; // closed meanwhile
        }
        if (target.replace(" (deleted)", "").endsWith(ending)) {
          open.add(target);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return open;
  }
}
