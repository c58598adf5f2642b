package dev.taper.policies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PoliciesTest {
  private static final PrivateKey ROOT = PrivateKey.generate(Algorithm.ED25519);

  private static Decision.Code decide(String policy, String resource, String operation) {
    Token token =
        Token.mint(ROOT, Datalog.block("right(\"notes\", \"read\")"))
            .attenuate(Datalog.block("right(\"notes\", \"write\"); reject if operation(\"drop\")"));
    PolicySet policies = Policies.load(policy);
    return policies
        .authorize(
            token,
            Fact.of("resource", new Term.Str(resource)),
            Fact.of("operation", new Term.Str(operation)))
        .code();
  }

  @ParameterizedTest
  @CsvSource({
    "default, notes, read,  ALLOWED",
    "default, other, write, ALLOWED",
    "default, notes, drop,  CHECK_FAILED",
    "rights,  notes, read,  ALLOWED",
    "rights,  notes, write, NO_MATCHING_POLICY",
    "rights,  other, read,  NO_MATCHING_POLICY",
    "rights,  notes, drop,  NO_MATCHING_POLICY",
  })
  void load_policySet_decides(
      String policy, String resource, String operation, Decision.Code outcome) {
    assertThat(decide(policy, resource, operation)).isEqualTo(outcome);
  }

  static List<String> names() {
    return Policies.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void source_header_saysWhatItIsFor(String name) {
    assertThat(Policies.source(name))
        .startsWith("// " + name + ": ")
        .contains("// For: ", "// Needs: ", "// Refuses: ");
  }

  @Test
  void names_files_areTheSame() throws IOException {
    Path folder = Path.of("src", "main", "resources", "dev", "taper", "policies");
    try (Stream<Path> files = Files.list(folder)) {
      List<String> datalog =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.endsWith(".datalog"))
              .map(file -> file.substring(0, file.length() - ".datalog".length()))
              .sorted()
              .toList();
      assertThat(Policies.names()).isEqualTo(datalog);
    }
  }

  @Test
  void load_unknownName_isRefused() {
    assertThatThrownBy(() -> Policies.load("../rights"))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining("read-only, rights");
  }

  @Test
  void load_nameLikeNone_isAnsweredWithAllNames() {
    assertThatThrownBy(() -> Policies.load("what-nobody-wrote-yet"))
        .hasMessageStartingWith(
            "there is no policy set named \"what-nobody-wrote-yet\"; there are: ");
  }

  @Test
  void load_almostAName_isAskedFor() {
    assertThatThrownBy(() -> Policies.load("readonly"))
        .hasMessageContaining("no policy set named \"readonly\"; did you mean \"read-only\"?");
  }

  @Test
  void load_onlyRestrictions_areRefusedUntilSomethingAllows() {
    for (String[] names : new String[][] {{}, {"read-only"}, {"read-only", "max-depth"}}) {
      assertThatThrownBy(() -> Policies.load(names))
          .isInstanceOfSatisfying(
              TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
          .hasMessageContaining("only restrict; add \"default\" behind them");
    }
    assertThat(Policies.load("read-only", "default").code().policies()).isNotEmpty();
  }
}
