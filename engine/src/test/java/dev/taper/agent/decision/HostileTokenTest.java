package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ToolCall;
import dev.taper.agent.grant.Constraint;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.RunLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What one call with any token of at most 64 KiB can cost at most, its explained denial included.
 */
class HostileTokenTest {
  private static final int LARGEST = 64 << 10;

  /**
   * All that deciding may take for a token, and all that explaining may; the rest is the service's.
   */
  private static final long MOST_STEPS = RunLimits.defaults().maxSteps() * 5 / 4 + 10_000;

  /** About as many characters as ten tokens in each of the two views of the answer. */
  private static final int MOST_CHARACTERS = 2 * 10 * LARGEST;

  /** What deciding and explaining may allocate, garbage included: each refused call costs it. */
  private static final long MOST_ALLOCATED = 75_000_000;

  /** What is over when a search is given up, and what one token can hold. */
  private static final long MOST_COMPARED = Readings.MOST_COMPARED + LARGEST;

  @TempDir private Path folder;

  @Test
  void decide_hostileTokens_withinTheBoundOfWork() throws IOException {
    HostileTokens.write(folder);
    PublicKey root = PublicKey.parse(Files.readString(folder.resolve("root key")));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> !f.endsWith("root key")).toList()) {
        byte[] token = Files.readAllBytes(file);
        assertThat(token.length).as("%s", file).isLessThanOrEqualTo(LARGEST);
        HostileTokens.Cost cost = HostileTokens.decide(root, token);
        assertThat(cost.steps()).as("%s", file).isLessThanOrEqualTo(MOST_STEPS);
        assertThat(cost.size()).as("%s", file).isLessThanOrEqualTo(MOST_CHARACTERS);
        assertThat(cost.read()).as("%s", file).isLessThanOrEqualTo(cost.checks());
        assertThat(cost.compared()).as("%s", file).isLessThanOrEqualTo(MOST_COMPARED);
        assertThat(cost.allocated()).as("%s", file).isLessThanOrEqualTo(MOST_ALLOCATED);
      }
    }
  }

  /** What is shown of a call is short, however long it is and however often it is shown. */
  @Test
  void decide_longArgumentThatManyGrantsRefuse_withinTheBoundOfMemory() {
    Story story = new Story();
    Grant grant = Grant.tools("jira.search");
    for (Constraint constraint :
        List.of(
            Constraint.arg("x").in("q"),
            Constraint.arg("x").atMost(1),
            Constraint.arg("x").lengthAtMost(1),
            Constraint.arg("x").eachIn("q"),
            Constraint.arg("x").eachMatches("q"),
            Constraint.arg("x").eachEndsWith("q"),
            Constraint.arg("x").eachStartsWith("q"))) {
      grant = grant.where(constraint);
    }
    byte[] token =
        HostileTokens.token(story, Collections.nCopies(64, Grants.of(grant).check())).encode();
    assertThat(token.length).isLessThanOrEqualTo(LARGEST);
    String text = '"' + "a".repeat(60_000) + '"';
    for (String argument : List.of(text, '[' + text + ']')) {
      HostileTokens.Cost cost =
          HostileTokens.decide(
              story.root.publicKey(), token, Story.search().argJson("x", argument));
      assertThat(cost.code()).isEqualTo("out_of_scope");
      assertThat(cost.allocated()).isLessThanOrEqualTo(MOST_ALLOCATED);
    }
  }

  /** Of a grant that only wants an approval no more is told than of one that refuses the call. */
  @Test
  void decide_longGrantThatIsNotApproved_withinTheBoundOfMemory() {
    Story story = new Story();
    Object[] texts = IntStream.range(0, 36).mapToObj(i -> i + "\"".repeat(1_000)).toArray();
    Grant grant = Grant.tools("jira.search").ifApproved(story.researcher.key());
    ToolCall call = Story.search();
    Object[] withX = Stream.concat(Stream.of(texts), Stream.of("x")).toArray();
    for (int i = 0; i < 60; i++) {
      Constraint.Argument argument = Constraint.arg("a" + i);
      grant = grant.where(argument.in(withX), argument.notIn(texts));
      call = call.arg("a" + i, "x");
    }
    byte[] token = HostileTokens.token(story, List.of(Grants.of(grant).check())).encode();
    assertThat(token.length).isLessThanOrEqualTo(LARGEST);

    HostileTokens.Cost cost = HostileTokens.decide(story.root.publicKey(), token, call);

    assertThat(cost.code()).isEqualTo("approval_required");
    assertThat(cost.allocated()).isLessThanOrEqualTo(MOST_ALLOCATED);
  }

  @Test
  void decide_approversOfManyHops_readsEachCheckOnceAndGivesTheSearchUp() {
    Story story = new Story();
    byte[] token = HostileTokens.approvers(story, 24).encode();
    assertThat(token.length).isLessThanOrEqualTo(LARGEST);
    HostileTokens.Cost cost = HostileTokens.decide(story.root.publicKey(), token);
    assertThat(cost.code()).isEqualTo("out_of_scope");
    assertThat(cost.read()).isBetween(24, cost.checks());
    assertThat(cost.compared()).isBetween(Readings.MOST_COMPARED, 2 * Readings.MOST_COMPARED);
    assertThat(cost.isLastAllowedKnown()).isFalse();
  }

  @Test
  void decide_hostileTokens_needAtMost64MiB() throws IOException, InterruptedException {
    HostileTokens.write(folder);
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            HostileTokens.class.getName(),
            folder.toString(),
            "1");
    Path out = folder.resolveSibling(folder.getFileName() + ".txt");
    Process child =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    int exit = child.waitFor();
    assertThat(exit).as(Files.readString(out)).isZero();
    int others = HostileTokens.repeats(new Story()).size();
    others += HostileTokens.refusals(new Story()).size();
    others += HostileTokens.readings(new Story()).size();
    assertThat(Files.readAllLines(out)).hasSize(HostileTokens.kinds().size() + others + 3);
    Files.delete(out);
  }
}
