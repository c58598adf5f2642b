package dev.taper.revocation;

import dev.taper.WholeFile;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Lists for tests that no heap has to hold. */
public final class LargeLists {
  private static final Duration HOUR = Duration.ofHours(1);

  private LargeLists() {}

  /** The distance of neighbours in a list of so many entries. */
  public static long step(int entries) {
    return Long.divideUnsigned(-1L, entries);
  }

  /** One fingerprint somewhere in each part of the range, as good as random and in order. */
  public static Fingerprint entry(long step, int i) {
    return new Fingerprint(i * step + Long.remainderUnsigned(i * 0x9e3779b97f4a7c15L, step), i);
  }

  /** Writes a list that is good for an hour. */
  public static void write(Path file, RevocationIssuer issuer, long sequence, int count, long step)
      throws IOException {
    write(file, issuer, sequence, count, step, HOUR);
  }

  /**
   * Writes a list.
   *
   * @param count how many entries there are; a longer list has those of a shorter one
   * @param time how long it is good for
   */
  public static void write(
      Path file, RevocationIssuer issuer, long sequence, int count, long step, Duration time)
      throws IOException {
    RevocationIssuer.Body body =
        new RevocationIssuer.Body() {
          @Override
          public int count() {
            return count;
          }

          @Override
          public Collection<LiftedEntry> lifted() {
            return List.of();
          }

          @Override
          public void writeEntries(RevocationIssuer.EntrySink out) throws IOException {
            for (int i = 0; i < count; i++) {
              Fingerprint entry = entry(step, i);
              out.write(
                  RevocationEntry.Kind.BLOCK, entry.high(), entry.low(), RevocationEntry.FOREVER);
            }
          }
        };
    Validity validity = Validity.from(Clock.systemUTC(), time, time);
    WholeFile.replace(file, issuer.sign(false, 0, sequence, validity, body));
  }
}
