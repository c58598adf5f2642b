package dev.taper.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.faults.Faults;
import dev.taper.testing.faults.Faults.Acknowledged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An issuer's list, and a service's memory of its number, while their disk fails. */
class RevocationFaultsTest {
  private static final String TASK = "T-";

  @TempDir private Path folder;
  private final Lists lists = new Lists();

  private RevocationFile file(Path in) {
    return RevocationFile.of(in.resolve("revoked.list"), lists.clock);
  }

  private RevocationList read(Path in) throws IOException {
    RevocationList list = lists.list().build();
    if (Files.exists(in.resolve("revoked.list"))) {
      list.apply(Files.readAllBytes(in.resolve("revoked.list")));
    }
    return list;
  }

  @Test
  void revoke_whileTheDiskFails_keepsWhatWasAcknowledged() throws IOException {
    int runs =
        Faults.enumerate(
            folder,
            new Faults.Writer() {
              @Override
              public void write(Path in, Acknowledged acknowledged) throws IOException {
                for (int step = 0; step < 3; step++) {
                  var unused =
                      file(in)
                          .revoke(
                              lists.issuer,
                              List.of(Lists.task(TASK + step), Lists.task("U-" + step)),
                              RevocationIssuer.Horizon.KEPT);
                  acknowledged.step();
                }
                var unused = file(in).renew(lists.issuer, RevocationIssuer.Horizon.KEPT);
              }

              @Override
              public void check(Path in, int acknowledged) throws IOException {
                RevocationList list = read(in);
                for (int step = 0; step < 3; step++) {
                  boolean isRevoked = step < acknowledged || lists.revoked(list, TASK + step);
                  assertThat(lists.revoked(list, TASK + step)).isEqualTo(isRevoked);
                  assertThat(lists.revoked(list, "U-" + step)).isEqualTo(isRevoked);
                }
                var unused =
                    file(in)
                        .revoke(
                            lists.issuer,
                            List.of(Lists.task("T-more")),
                            RevocationIssuer.Horizon.KEPT);
                assertThat(lists.revoked(read(in), "T-more")).isTrue();
              }
            });
    assertThat(runs).isGreaterThan(40);
  }

  @Test
  void lift_whileTheDiskFails_isDoneOrNot() throws IOException {
    Faults.enumerate(
        folder,
        new Faults.Writer() {
          @Override
          public void prepare(Path in) throws IOException {
            var unused =
                file(in)
                    .revoke(
                        lists.issuer,
                        List.of(Lists.task("T-1"), Lists.task("T-2")),
                        RevocationIssuer.Horizon.KEPT);
          }

          @Override
          public void write(Path in, Acknowledged acknowledged) throws IOException {
            lift(in);
            acknowledged.step();
          }

          private void lift(Path in) throws IOException {
            var unused =
                file(in)
                    .lift(
                        lists.issuer,
                        Fingerprint.ofTask("T-1"),
                        "a mistake",
                        RevocationIssuer.Horizon.KEPT);
          }

          @Override
          public void check(Path in, int acknowledged) throws IOException {
            boolean isRevoked = lists.revoked(read(in), "T-1");
            assertThat(lists.revoked(read(in), "T-2")).isTrue();
            assertThat(isRevoked && acknowledged == 1).isFalse();
            if (isRevoked) {
              lift(in);
            }
            assertThat(lists.revoked(read(in), "T-1")).isFalse();
          }
        });
  }

  /** Which list was the last one is remembered before the list counts. */
  @Test
  void apply_whileTheDiskFails_neverGoesBack() throws IOException {
    byte[] first = lists.snapshot(4, Lists.task("T-1"));
    byte[] second = lists.delta(4, 5, Lists.task("T-2"));
    Faults.enumerate(
        folder,
        new Faults.Writer() {
          private RevocationList list(Path in) {
            return RevocationList.trusting(lists.key.publicKey())
                .clock(lists.clock)
                .rememberedIn(in.resolve("revoked.number"))
                .build();
          }

          @Override
          public void write(Path in, Acknowledged acknowledged) {
            RevocationList list = list(in);
            for (byte[] each : List.of(first, second)) {
              assertThat(list.apply(each)).isTrue();
              acknowledged.step();
            }
          }

          @Override
          public void check(Path in, int acknowledged) {
            RevocationList list = list(in);
            long seen = list.highestSequence(lists.key.publicKey());
            assertThat(seen).isIn(0L, 4L, 5L);
            assertThat(seen).isGreaterThanOrEqualTo(acknowledged == 0 ? 0 : 3 + acknowledged);
            list.apply(Lists.join(first, second));
            assertThat(lists.revoked(list, "T-2")).isTrue();
            assertThat(list(in).highestSequence(lists.key.publicKey())).isEqualTo(5);
          }
        });
  }
}
