package dev.taper.datalog.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Scope;
import dev.taper.datalog.Term;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ParametersTest {
  private static final PublicKey KEY =
      PublicKey.of(
          Algorithm.ED25519,
          HexFormat.of()
              .parseHex("acdd6d5b53bfee478bf689f8e012fe7988bf755e3d7c5152947abc149bc20189"));

  private static final Term.Str KEY_TERM = new Term.Str("key");

  private static void assertRefused(ErrorCode code, ThrowingCallable call) {
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void with_everyKind_isBoundAsItsTerm() {
    Parameters parameters =
        Parameters.none()
            .with("s", "a\"; allow if true; \\")
            .with("i", -5)
            .with("b", true)
            .with("d", Instant.parse("2025-01-01T00:00:00.9Z"))
            .with("x", new byte[] {1, 2})
            .with("t", Term.Set.of(List.of(new Term.Int(1))))
            .with("k", KEY);
    assertThat(Datalog.fact("f({s}, {i}, {b}, {d}, {x}, {t})", parameters.allowUnused()))
        .hasToString(
            "f(\"a\\\"; allow if true; \\\\\", -5, true, 2025-01-01T00:00:00Z, hex:0102, {1})");
    assertThat(
            Datalog.query("a(1), {b} trusting authority, {k}", parameters.allowUnused()).scopes())
        .containsExactly(new Scope.Authority(), new Scope.Key(KEY));
  }

  @Test
  void parse_parametersInCollections_areBound() {
    Parameters parameters = Parameters.none().with("a", 1).with("b", "k");
    assertThat(Datalog.term("[{a}, {{a}, 2}, {{b}: {a}, \"c\": {b}}]", parameters))
        .hasToString("[1, {1, 2}, {\"c\": \"k\", \"k\": 1}]");
  }

  @Test
  void parse_keywordInBraces_isParameter() {
    Parameters parameters = Parameters.none().with("true", 1).with("null", 2).with("hex:ab", 3);
    assertThat(Datalog.fact("f({true}, {null}, {hex:ab})", parameters)).hasToString("f(1, 2, 3)");
  }

  @Test
  void parse_parameterInSet_keepsSetsOfOneType() {
    Parameters parameters = Parameters.none().with("a", "x");
    assertRefused(ErrorCode.INVALID_DATALOG, () -> Datalog.term("{1, {a}}", parameters));
    Parameters set = Parameters.none().with("a", Term.Set.of(List.of()));
    assertRefused(ErrorCode.INVALID_DATALOG, () -> Datalog.term("{ {a} }", set));
  }

  @Test
  void parse_missingValue_namesPlaceAndNearest() {
    assertThatExceptionOfType(ParseException.class)
        .isThrownBy(() -> Datalog.block("a(1);\nb({usr});", Parameters.none().with("user", 1)))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.PARAMETER))
        .satisfies(e -> assertThat(e.line()).isEqualTo(2))
        .satisfies(e -> assertThat(e.column()).isEqualTo(3))
        .satisfies(e -> assertThat(e.hint()).isEqualTo("did you mean {user}?"));
  }

  @Test
  void parse_unusedValue_isRefusedUnlessAllowed() {
    Parameters parameters = Parameters.none().with("a", 1).with("b", 2);
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(() -> Datalog.fact("f({a})", parameters))
        .withMessage("the text does not use the parameter {b}");
    assertThat(Datalog.fact("f({a})", parameters.allowUnused())).hasToString("f(1)");
    assertThat(Datalog.fact("f({a})", parameters.allowUnused().with("c", 1))).hasToString("f(1)");
  }

  @Test
  void parse_wrongKind_isRefused() {
    Parameters key = Parameters.none().with("p", KEY);
    assertRefused(ErrorCode.PARAMETER, () -> Datalog.fact("f({p})", key));
    assertRefused(ErrorCode.PARAMETER, () -> Datalog.term("{{p}: 1}", key));
    Parameters term = Parameters.none().with("p", true);
    assertRefused(ErrorCode.PARAMETER, () -> Datalog.query("a(1) trusting {p}", term));
    assertRefused(ErrorCode.PARAMETER, () -> Datalog.term("{{p}: 1}", term));
    assertRefused(ErrorCode.PARAMETER, () -> Datalog.term("{ {p} : 1}", term));
    assertRefused(ErrorCode.PARAMETER, () -> Datalog.term("{1: 1, {p}: 1}", term));
  }

  @Test
  void parse_deepValueInDeepTerm_isRefused() {
    Term value = new Term.Int(1);
    for (int i = 1; i < Term.MAX_DEPTH; i++) {
      value = new Term.Array(List.of(value));
    }
    Parameters parameters = Parameters.none().with("p", value);
    assertThat(Datalog.term("{p}", parameters)).isEqualTo(value);
    assertRefused(ErrorCode.SYNTAX, () -> Datalog.term("[{p}]", parameters));
    Term deeper = new Term.Array(List.of(value));
    assertRefused(ErrorCode.PARAMETER, () -> Parameters.none().with("p", deeper));

    Term deep = ((Term.Array) value).elements().get(0);
    for (Term around :
        List.<Term>of(Term.Set.of(List.of(deep)), Term.Map.of(Map.of(KEY_TERM, deep)))) {
      Parameters given = Parameters.none().with("p", around);
      assertThat(Datalog.term("{p}", given)).isEqualTo(around);
      assertRefused(ErrorCode.SYNTAX, () -> Datalog.term("[{p}]", given));
    }
    assertRefused(
        ErrorCode.PARAMETER,
        () -> Parameters.none().with("p", Term.Set.of(List.of(new Term.Array(List.of(deep))))));
    assertRefused(
        ErrorCode.PARAMETER,
        () ->
            Parameters.none()
                .with("p", Term.Map.of(Map.of(KEY_TERM, new Term.Array(List.of(deep))))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "z", "A", "Z", "z09_:\u00e9"})
  void parse_anyName_isBound(String name) {
    Parameters parameters = Parameters.none().with(name, 1);
    assertThat(Datalog.term("[{" + name + "}]", parameters)).hasToString("[1]");
    assertThat(Datalog.term("{{" + name + "}: 2}", parameters)).hasToString("{1: 2}");
    String scoped = "a(1) trusting {" + name + "}";
    assertThat(Datalog.query(scoped, Parameters.none().with(name, KEY)).scopes())
        .containsExactly(new Scope.Key(KEY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1a", "_a", "a b", "a}", "é", "$a"})
  void with_wrongName_isRefused(String name) {
    assertRefused(ErrorCode.PARAMETER, () -> Parameters.none().with(name, 1));
  }

  @Test
  void with_wrongValue_isRefused() {
    Parameters none = Parameters.none();
    assertRefused(ErrorCode.PARAMETER, () -> none.with("p", new Term.Variable("x")));
    assertRefused(ErrorCode.PARAMETER, () -> none.with("p", "half a pair: \uD83D"));
    Term.Str half = new Term.Str("\uDE00");
    for (Term within :
        List.<Term>of(
            Term.Set.of(List.of(half)),
            new Term.Array(List.of(KEY_TERM, half)),
            Term.Map.of(Map.of(half, KEY_TERM)),
            Term.Map.of(Map.of(KEY_TERM, half)))) {
      assertRefused(ErrorCode.PARAMETER, () -> none.with("p", within));
    }
    assertRefused(ErrorCode.PARAMETER, () -> none.with("p", 1).with("p", 2));
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> none.with("p", Instant.ofEpochSecond(-1)));
  }

  @Test
  void toString_hidesValues() {
    assertThat(Parameters.none().with("a", "private").toString()).isEqualTo("Parameters[a]");
  }
}
