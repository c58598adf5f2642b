package dev.taper.testvectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.Token;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Taper reads every published token as biscuit-java does, and decides what it decided. */
class VectorsTest {
  private static final Vectors VECTORS = Vectors.biscuitJava();
  private static final Taper TAPER = new Taper();

  static List<Vector> vectors() {
    return VECTORS.all();
  }

  static List<Arguments> validations() {
    List<Arguments> arguments = new ArrayList<>();
    for (Vector vector : VECTORS.all()) {
      for (Vector.Validation validation : vector.validations()) {
        arguments.add(Arguments.of(vector.filename(), validation.name()));
      }
    }
    return arguments;
  }

  @ParameterizedTest
  @MethodSource("validations")
  void decide_publishedToken_decidesAsBiscuitJavaDid(String filename, String name) {
    Vector.Validation validation = VECTORS.get(filename).validation(name);
    AuthorizerCode code = Datalog.authorizer(validation.authorizerCode());
    byte[] bytes = VECTORS.token(filename);
    assertThat(TAPER.judge(bytes, code)).isEqualTo(validation.expected());
    if (validation.expected().code() != ExpectedDecision.Code.EXECUTION_ERROR) {
      assertThat(TAPER.facts(bytes, code)).isEqualTo(validation.facts());
    }
    List<String> ids = new ArrayList<>();
    for (byte[] id : Taper.parse(bytes).revocationIds()) {
      ids.add(HexFormat.of().formatHex(id));
    }
    assertThat(ids).isEqualTo(validation.revocationIds());
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void blocks_publishedToken_sayWhatTheIndexSays(Vector vector) {
    Token token = Taper.parse(VECTORS.token(vector.filename()));
    assertThat(token.blocks()).hasSameSizeAs(vector.blocks());
    for (int i = 0; i < vector.blocks().size(); i++) {
      Vector.Block expected = vector.blocks().get(i);
      assertThat(token.blocks().get(i).version()).isEqualTo(expected.version());
      String code = token.blocks().get(i).block().toString();
      if (expected.code() == null) {
        assertThat(code).containsAnyOf("|||", "&&&");
      } else {
        assertThat(code).isEqualTo(expected.code());
      }
    }
  }

  @Test
  void all_publishedTokens_coverEveryOutcome() {
    Set<ExpectedDecision.Code> outcomes = new HashSet<>();
    for (Vector vector : VECTORS.all()) {
      for (Vector.Validation validation : vector.validations()) {
        outcomes.add(validation.expected().code());
      }
    }
    assertThat(outcomes).containsExactlyInAnyOrder(ExpectedDecision.Code.values());
  }

  @Test
  void rootPrivateKey_parsed_belongsToTheRootPublicKey() {
    assertThat(PrivateKey.parse(VECTORS.rootPrivateKey()).publicKey())
        .hasToString(VECTORS.rootPublicKey());
  }

  @Test
  void get_unknownName_throws() {
    assertThatThrownBy(() -> VECTORS.get("none.bc")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> VECTORS.token("none.bc")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> VECTORS.get("rights.bc").validation("none"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
