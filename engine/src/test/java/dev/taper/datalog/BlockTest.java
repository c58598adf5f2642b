package dev.taper.datalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.datalog.parser.Datalog;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockTest {
  private static final String TEXT =
      """
      trusting authority, previous;
      right("a", 1);
      right("b", 2);
      r($x) <- right($x, 1);
      check if r("a");
      """;

  @Test
  void builder_everyPart_isInTheBlock() {
    Block read = Datalog.block(TEXT);
    Block built =
        Block.builder()
            .context("why")
            .scope(new Scope.Authority())
            .scope(new Scope.Previous())
            .fact("right", new Term.Str("a"), new Term.Int(1))
            .fact(Fact.of("right", new Term.Str("b"), new Term.Int(2)))
            .rule(read.rules().get(0))
            .check(read.checks().get(0))
            .build();
    assertThat(built).hasToString(TEXT).isEqualTo(read.withContext("why"));
    assertThat(built.context()).isEqualTo("why");
    assertThat(built.withContext(null)).isEqualTo(read);
  }

  @Test
  void merge_otherBlock_addsAllButItsContext() {
    Block read = Datalog.block(TEXT).withContext("why");
    assertThat(read.toBuilder().build()).isEqualTo(read);
    Block both = Block.builder().context("mine").merge(read).merge(read).build();
    assertThat(both.context()).isEqualTo("mine");
    assertThat(both.scopes()).hasSize(4);
    assertThat(both.facts()).hasSize(4);
    assertThat(both.rules()).hasSize(2);
    assertThat(both.checks()).hasSize(2);
  }

  @Test
  void decoded_listsOfCaller_areCopied() {
    List<String> symbols = new ArrayList<>(List.of("a"));
    Block.Decoded decoded = new Block.Decoded(Datalog.block(TEXT), 3, symbols, List.of(), null);
    symbols.add("b");
    assertThat(decoded.symbols()).containsExactly("a");
  }
}
