package dev.taper.server.issuer.enrol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.server.oidc.Subject;
import dev.taper.testing.faults.Faults;
import dev.taper.testing.faults.Faults.Acknowledged;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of enrolments, while its disk fails. */
class EnrolmentFaultsTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  @TempDir private Path folder;

  private static Enrolment enrolment(String name) {
    return new Enrolment(
        name,
        PrivateKey.generate(Algorithm.ED25519).publicKey(),
        new Subject("https://login.acme.com", "2482"),
        Enrolment.Way.CODE,
        NOW,
        null);
  }

  @Test
  void add_whileTheDiskFails_keepsWhatWasAcknowledged() throws IOException {
    List<Enrolment> wanted = List.of(enrolment("agent:a"), enrolment("agent:b"));
    Enrolment more = enrolment("agent:c");
    Faults.enumerate(
        folder,
        new Faults.Writer() {
          @Override
          public void write(Path in, Acknowledged acknowledged) throws IOException {
            EnrolmentBook book = EnrolmentBook.open(in.resolve("agents.json"), CLOCK);
            for (Enrolment one : wanted) {
              add(book, one);
              acknowledged.step();
            }
          }

          @Override
          public void check(Path in, int acknowledged) throws IOException {
            EnrolmentBook book = EnrolmentBook.open(in.resolve("agents.json"), CLOCK);
            assertThat(book.all()).hasSizeBetween(acknowledged, 2);
            for (int step = 0; step < acknowledged; step++) {
              assertThat(book.byKey(wanted.get(step).key())).isNotNull();
            }
            add(book, more);
            EnrolmentBook again = EnrolmentBook.open(in.resolve("agents.json"), CLOCK);
            assertThat(again.byKey(more.key())).isNotNull();
          }
        });
  }

  private static void add(EnrolmentBook book, Enrolment one) throws IOException {
    try {
      book.add(one);
    } catch (EnrolmentException e) {
      throw new IOException(e);
    }
  }
}
