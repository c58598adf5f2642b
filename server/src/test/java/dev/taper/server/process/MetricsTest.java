package dev.taper.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.KnownKeys;
import dev.taper.operations.findings.AbuseWatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final Metrics metrics = new Metrics();

  private String written() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    metrics.writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void knownKeys_asTheyAreWhenSomebodyLooks() throws Exception {
    AtomicReference<KnownKeys.Statistics> now =
        new AtomicReference<>(new KnownKeys.Statistics(3, 1, 600_000, 16_777_216, 5, 2));
    metrics.knownKeys(now::get);

    assertThat(written())
        .contains("# TYPE taper_known_keys gauge", "taper_known_keys 3.0\n")
        .contains("taper_known_keys_pinned 1.0\n", "taper_known_keys_bytes 600000.0\n")
        .contains("taper_known_keys_max_bytes 1.6777216E7\n")
        .contains("# TYPE taper_known_keys_built counter", "taper_known_keys_built_total 5.0\n")
        .contains(
            "# TYPE taper_known_keys_evicted counter", "taper_known_keys_evicted_total 2.0\n");
    now.set(new KnownKeys.Statistics(4, 1, 700_000, 16_777_216, 6, 2));
    assertThat(written()).contains("taper_known_keys 4.0\n", "taper_known_keys_built_total 6.0\n");
  }

  @Test
  void findings_areThoseOfAllWatches() throws Exception {
    metrics.findings(
        () ->
            List.of(
                new AbuseWatch.Health(10, 1, 3, 2, 0, 0, List.of()),
                new AbuseWatch.Health(20, 0, 4, 5, 6, 7, List.of())));

    assertThat(written())
        .contains("taper_findings_told_total 7.0\n", "taper_findings_omitted_total 6.0\n")
        .contains("taper_findings_lost_total 1.0\n", "taper_findings_failures_total 7.0\n");
  }
}
