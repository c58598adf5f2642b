package dev.taper.agent.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Block;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testing.Refused;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          at most 100 calls from default as a | at most 100 calls
          at most 1 calls from acme as trip | at most 1 calls
          at most 10 calls in 1h from acme as a | at most 10 calls in 1h
          at most 10 calls for jira.*, mail.send in 90s from acme as a | at most 10 calls for jira.*, mail.send in 90s
          at most 500 EUR of amount from acme as a | at most 500 EUR of amount
          at most 0.000001 EUR of amount for pay.* in 24h from acme as a | at most 0.000001 EUR of amount for pay.* in 1d
          at most 5 "calls" of "the amount" from "a store" as "x y" | at most 5 "calls" of "the amount"
          at most 0 calls from default as a | at most 0 calls
          at most 1 calls in 1s from default as a | at most 1 calls in 1s
          """)
  void parse_text_isReadBack(String text, String words) {
    Budget budget = Budget.parse(text);

    assertThat(budget.words()).isEqualTo(words);
    assertThat(Budget.parse(budget.toString())).isEqualTo(budget);
    Block block = Block.builder().fact(budget.fact()).check(budget.check()).build();
    assertThat(Budget.of(block)).containsExactly(budget);
    assertThat(Budget.of(Datalog.block(block.toString()))).containsExactly(budget);
  }

  @Test
  void parse_noStoreAndId_isDefaultAndANewOne() {
    Budget one = Budget.parse("at most 3 calls");
    Budget other = Budget.parse("at most 3 calls");

    assertThat(one.store()).isEqualTo("default");
    assertThat(one.id()).matches("[0-9a-f]{16}").isNotEqualTo(other.id());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "100 calls",
        "at most",
        "at most calls",
        "at most 100",
        "at most 100 EUR",
        "at most 100 EUR of",
        "at most 100 calls for",
        "at most 100 calls in",
        "at most 100 calls in soon",
        "at most 100 calls please",
        "at most 100 calls as a from b",
      })
  void parse_noBudget_isASyntaxError(String text) {
    assertThatThrownBy(() -> Budget.parse(text))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SYNTAX))
        .hasMessageContaining("column");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "at most -1 calls",
        "at most 1.5 calls",
        "at most 0.0000001 EUR of amount",
        "at most 99999999999999999999 calls",
        "at most 9223372036854.775808 EUR of amount",
        "at most 1 calls for *, jira.search",
        "at most 1 calls for ji*",
        "at most 1 calls in 0s",
        "at most 1 calls in 367d",
        "at most 1 calls from \" a\"",
        "at most 1 calls as \"\"",
        "at most 1 EUR of \"\"",
        "at most 1 EUR of \"a\u0301\"",
        "at most 1 \" EUR\" of amount",
      })
  void parse_partThatNoBudgetHas_isRefused(String text) {
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> Budget.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "budget(\"a\", \"s\", {\"*\"}, null, null, 1, null);",
        "check if budget_store(\"s\");",
        "budget(\"a\", \"s\", {\"*\"}, null, null, 1, null); check if budget_store(\"t\");",
        "budget(\"a\", \"s\", {\"*\"}, null, null, 1); check if budget_store(\"s\");",
        "budget(\"a\", \"s\", {\"*\"}, null, null, -1, null); check if budget_store(\"s\");",
        "budget(\"a\", \"s\", {\"*\"}, \"n\", null, 1, null); check if budget_store(\"s\");",
        "budget(\"a\", \"s\", {\"*\"}, null, \"EUR\", 1, null); check if budget_store(\"s\");",
        "budget(\"a\", \"s\", {\"*\"}, null, null, 1, 0); check if budget_store(\"s\");",
        "budget(\"a\", \"s\", {\"*\"}, null, null, \"1\", null); check if budget_store(\"s\");",
        "budget(\"a\", \"s\", [\"*\"], null, null, 1, null); check if budget_store(\"s\");",
        "budget(\"a\", \"s\", {\"x y\"}, null, null, 1, null); check if budget_store(\"s\");",
        "budget(\"a\", \"s\", {\"*\"}, null, null, 1, null);"
            + " budget(\"a\", \"s\", {\"*\"}, null, null, 2, null); check if budget_store(\"s\");",
        "trusting previous; budget(\"a\", \"s\", {\"*\"}, null, null, 1, null);"
            + " check if budget_store(\"s\");",
      })
  void of_blockAgainstTheRules_isRefused(String block) {
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> Budget.of(Datalog.block(block)));
  }

  @Test
  void of_severalBudgetsOfOneStore_needOneCheck() {
    Block block =
        Datalog.block(
            "budget(\"a\", \"s\", {\"*\"}, null, null, 1, null);"
                + " budget(\"b\", \"s\", {\"*\"}, null, null, 2, null);"
                + " check if budget_store(\"s\");");

    assertThat(Budget.of(block)).hasSize(2);
  }

  @Test
  void counts_patterns_areSegmentSafe() {
    Budget budget = Budget.ofCalls("a", 1, "s").forTools("jira.*", "mail.send");

    assertThat(budget.counts("jira.search")).isTrue();
    assertThat(budget.counts("jira")).isFalse();
    assertThat(budget.counts("jirax.search")).isFalse();
    assertThat(budget.counts("mail.send")).isTrue();
    assertThat(budget.counts("mail.send.now")).isFalse();
    assertThat(Budget.ofCalls("a", 1, "s").counts("anything")).isTrue();
  }

  @Test
  void fact_amount_isInMillionths() {
    Budget budget =
        Budget.ofAmount("a", new BigDecimal("12.5"), "EUR", "amount", "s").in(Duration.ofHours(1));

    assertThat(budget.fact())
        .isEqualTo(
            Fact.of(
                "budget",
                new Term.Str("a"),
                new Term.Str("s"),
                Term.Set.of(java.util.List.of(new Term.Str("*"))),
                new Term.Str("amount"),
                new Term.Str("EUR"),
                new Term.Int(12_500_000),
                new Term.Int(3600)));
  }
}
