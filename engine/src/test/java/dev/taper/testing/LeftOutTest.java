package dev.taper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftOutTest {
  private static final Instant BEGAN = Instant.parse("2026-12-01T10:00:00Z");

  @TempDir Path folder;

  private void report(String module, Instant written, String... testCases) throws IOException {
    Path reports = Files.createDirectories(folder.resolve(module + "/target/surefire-reports"));
    Path file = reports.resolve("TEST-" + reports.toFile().list().length + ".xml");
    Files.writeString(file, "<testsuite>" + String.join("", testCases) + "</testsuite>");
    Files.setLastModifiedTime(file, FileTime.from(written));
  }

  private static String aborted(String reason) {
    return "<testcase name='a'><skipped type='org.opentest4j.TestAbortedException'><![CDATA["
        + "org.opentest4j.TestAbortedException: Assumption failed: "
        + reason
        + "\n\tat dev.taper.testing.Needed.demand(Needed.java:37)\n]]></skipped></testcase>";
  }

  @Test
  void lines_modulesWithSkippedTests_countsThemByReason() throws Exception {
    report("engine", BEGAN, "<testcase name='a'/>", aborted("nginx is missing"));
    report("integrations/http", BEGAN.plusSeconds(9), aborted("nginx is missing"));
    report(
        "integrations/http",
        BEGAN.plusSeconds(9),
        "<testcase name='b'><skipped message='published-data (x) is missing'/></testcase>",
        "<testcase name='c'><skipped/></testcase>",
        "<testcase name='d'><failure/></testcase>");

    assertThat(LeftOut.in(folder, BEGAN).lines())
        .containsExactly(
            "Tests left out: 4 of 6, because of what is missing here:",
            "     2  nginx is missing",
            "     1  no reason was given",
            "     1  published-data (x) is missing",
            "CONTRIBUTING.md says how to have them.");
  }

  @Test
  void lines_nothingSkipped_saysSo() throws Exception {
    report("engine", BEGAN, "<testcase name='a'/>");

    assertThat(LeftOut.in(folder, BEGAN).lines()).containsExactly("Tests left out: none of 1.");
  }

  @Test
  void in_reportsOfAnEarlierBuild_areNotCounted() throws Exception {
    report("engine", BEGAN.minusSeconds(1), aborted("nginx is missing"));

    assertThat(LeftOut.in(folder, BEGAN).tests()).isZero();
  }
}
