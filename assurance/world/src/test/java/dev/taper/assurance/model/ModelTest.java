package dev.taper.assurance.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The laws in a small world, and that each wrong rule, memory and store breaks one. */
class ModelTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private int run(String... args) {
    return new Model(new PrintStream(printed, true, StandardCharsets.UTF_8), () -> 0).run(args);
  }

  @Test
  void run_small_everyLawHolds() {
    assertThat(run("small")).as(printed.toString(StandardCharsets.UTF_8)).isZero();

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("272 chains of at most 2 of 16 blocks, 6,528 calls")
        .endsWith("Every law holds.\n");
  }

  @Test
  void run_planted_printsByWhatEachIsFound() {
    assertThat(run("planted")).isZero();

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("| chains: last block | ", "| proofs: forgets | no proof is accepted twice | ")
        .contains("| authority: without time | the effective authority is that of the Datalog | ")
        .contains("| budgets: whole minutes | ", " steps |")
        .doesNotContain("not found");
  }

  @Test
  void run_badArguments_saysWhatItTakes() {
    assertThat(run("huge")).isEqualTo(2);
    assertThat(run("small", "large")).isEqualTo(2);
    assertThat(printed.toString(StandardCharsets.UTF_8)).startsWith("usage: assurance/model");
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "EVERY_BLOCK")
  void chains_anotherRule_differFromTheEngine(AuthorityRule rule) {
    Chains chains = new Chains(rule, AuthorityReader.REAL, BlockRights.some());
    Chains.Broken broken = Objects.requireNonNull(chains.first(2));

    assertThat(broken.text()).contains("as the specification says").contains("BlockRights[");
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "REAL")
  void chains_wrongReader_differsFromTheVerifier(AuthorityReader reader) {
    Chains chains = new Chains(AuthorityRule.EVERY_BLOCK, reader, BlockRights.some());
    Chains.Broken broken = Objects.requireNonNull(chains.first(2));

    assertThat(broken.law()).isEqualTo("the effective authority is that of the Datalog");
  }

  @ParameterizedTest
  @EnumSource(names = {"LAST_BLOCK", "ANY_BLOCK", "LAST_END", "RESOURCES_ADD_UP"})
  void narrowing_ruleThatWidens_isNoticed(AuthorityRule rule) {
    assertThat(Narrowing.first(rule, BlockRights.some(), 2)).isNotNull();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "REAL")
  void claims_wrongParts_acceptAProofTwice(Claims.Parts parts) {
    Histories.Broken<Claims.Step> broken =
        Objects.requireNonNull(new Histories<>(Claims.steps(), new Claims(parts)::play).first(4));

    assertThat(broken.text()).contains("accepted twice");
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "REAL")
  void charges_wrongParts_exceedABudget(Charges.Parts parts) {
    List<Charges.Step> steps = List.of(Charges.Step.values());
    Histories.Broken<Charges.Step> broken =
        Objects.requireNonNull(new Histories<>(steps, new Charges(parts, true)::play).first(6));

    assertThat(broken.text()).contains("exceeded");
  }
}
