package dev.taper.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.operations.findings.AbuseWatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final Metrics metrics = new Metrics();

  private String written() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    metrics.writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void watch_verifier_isShownWithTheKeysThatAllShare() throws Exception {
    assertThat(written()).doesNotContain("taper_decision", "taper_known_keys");
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    Verifier verifier =
        Verifier.trusting(RootKeys.of(root.publicKey()))
            .callerStatesMeaning()
            .audience("svc:jira")
            .withoutRevocation()
            .callsAtOnce(8, 0)
            .build();

    metrics.watch("svc:jira", verifier::health);

    assertThat(written())
        .contains("# TYPE taper_known_keys gauge", "taper_known_keys_pinned ")
        .contains("taper_known_keys_max_bytes 1.6777216E7\n")
        .contains("# TYPE taper_known_keys_built counter", "taper_known_keys_evicted_total ")
        .contains("taper_verifier_ready{service=\"svc:jira\"} 1.0\n")
        .contains("taper_calls_limit{service=\"svc:jira\"} 8.0\n")
        .contains("taper_calls_shed_total{service=\"svc:jira\"} 0.0\n")
        .contains(
            "taper_memory_capacity{memory=\"proofs\",service=\"svc:jira\"} "
                + (double) verifier.health().replays().capacity()
                + "\n")
        .contains("taper_token_cache_gets_total{result=\"hit\",service=\"svc:jira\"} 0.0\n");
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
