package dev.taper.authorizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.parser.Datalog;
import dev.taper.datalog.parser.Parameters;
import dev.taper.token.Token;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  private static final PrivateKey ROOT = PrivateKey.generate(Algorithm.ED25519);
  private static final PrivateKey EXTERNAL = PrivateKey.generate(Algorithm.SECP256R1);
  private static final PolicySet POLICIES =
      PolicySet.of(
          Datalog.authorizer(
              """
              seen($x) <- user($x);
              check if group("admin") trusting {key};
              allow if seen(1);
              """,
              Parameters.none().with("key", EXTERNAL.publicKey())));

  private static Token token() {
    Token token =
        Token.mint(ROOT, Datalog.block("user(1); check if operation(\"read\")"))
            .attenuate(Datalog.block("user(2); mine($x) <- user($x); check if mine(2)"));
    return token.append(
        token.thirdPartyRequest().sign(EXTERNAL, Datalog.block("group(\"admin\")")));
  }

  private static Authorization run(String operation) {
    return POLICIES
        .authorizer(token())
        .fact(Datalog.fact("operation(\"" + operation + "\")"))
        .limits(RunLimits.defaults().withMaxFacts(500))
        .run();
  }

  @Test
  void authorization_ofSnapshot_decidesAndAnswersAsBefore() {
    for (String operation : new String[] {"read", "write"}) {
      Authorization before = run(operation);

      Snapshot snapshot = Snapshot.decode(before.snapshot().encodeBase64());
      Authorization after = snapshot.authorization(ExternFunctions.none());

      assertThat(after.decide().toString()).isEqualTo(before.decide().toString());
      assertThat(after.facts()).containsExactlyInAnyOrderElementsOf(before.facts());
      assertThat(after.iterations()).isEqualTo(before.iterations());
      assertThat(after.queryAll(Datalog.rule("all($x) <- mine($x)"))).hasSize(2);
      assertThat(after.code()).isEqualTo(before.code());
      assertThat(snapshot.limits().maxFacts()).isEqualTo(500);
      assertThat(snapshot.evaluated()).isTrue();
      assertThat(snapshot.blockCount()).isEqualTo(3);
    }
  }

  @Test
  void encode_ofDecoded_givesTheSameBytes() {
    byte[] bytes = run("read").snapshot().encode();

    assertThat(Snapshot.decode(bytes).encode()).isEqualTo(bytes);
  }

  @Test
  void policySet_ofPoliciesSnapshot_isTheSame() {
    Snapshot snapshot = Snapshot.decode(POLICIES.snapshot(RunLimits.defaults()).encode());

    assertThat(snapshot.evaluated()).isFalse();
    assertThat(snapshot.blockCount()).isZero();
    assertThat(snapshot.policySet()).isEqualTo(POLICIES);
    assertThat(
            snapshot
                .policySet()
                .authorizer(token())
                .fact(Datalog.fact("operation(\"read\")"))
                .authorize()
                .allowed())
        .isTrue();
  }

  @Test
  void authorization_ofPoliciesSnapshot_runsNow() {
    PolicySet policies = PolicySet.of(Datalog.authorizer("a(1); b($x) <- a($x); allow if b(1)"));

    Authorization result =
        policies.snapshot(RunLimits.defaults()).authorization(ExternFunctions.none());

    assertThat(result.decide().allowed()).isTrue();
  }

  @Test
  void decode_garbage_isRefused() {
    assertThatThrownBy(() -> Snapshot.decode("!!!"))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_BASE64));
    assertThatThrownBy(() -> Snapshot.decode(new byte[] {1, 2, 3}))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_SNAPSHOT));
  }
}
