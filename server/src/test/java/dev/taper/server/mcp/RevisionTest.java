package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RevisionTest {
  @Test
  void methods_belongToTheirRevisions() {
    for (Revision revision : Revision.values()) {
      assertThat(Revision.of(revision.text())).isEqualTo(revision);
      assertThat(revision.hasRequest("tools/call")).isTrue();
      assertThat(revision.hasRequest("acme/do")).isFalse();
      assertThat(revision.hasRequest("ping")).isEqualTo(!revision.isStateless());
      assertThat(revision.hasRequest("server/discover")).isEqualTo(revision.isStateless());
      assertThat(revision.hasServerRequest("sampling/createMessage"))
          .isEqualTo(!revision.isStateless());
      assertThat(revision.hasServerRequest("tools/call")).isFalse();
      assertThat(revision.hasNotification("tools/call")).isFalse();
      assertThat(revision.hasNotification("notifications/cancelled")).isTrue();
      assertThat(revision.hasServerNotification("notifications/progress")).isTrue();
    }
    assertThat(Revision.V2025_03_26.hasServerRequest("elicitation/create")).isFalse();
    assertThat(Revision.V2025_06_18.hasServerRequest("elicitation/create")).isTrue();
    assertThat(Revision.V2025_11_25.hasRequest("tasks/get")).isFalse();
    assertThat(Revision.isNotCarried("tasks/get")).isTrue();
    assertThat(Revision.of("1999-01-01")).isNull();
    assertThat(Revision.texts()).startsWith("2026-07-28").endsWith("2024-11-05");
  }
}
