package dev.taper.datalog.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WorldTest {
  @Test
  void decide_attenuatedToken_allowsAndDenies() {
    TokenProgram token =
        Tokens.token(
            "right(\"file1\", \"read\"); right(\"file2\", \"read\"); right(\"file1\", \"write\");",
            "check if resource($0), operation(\"read\"), right($0, \"read\");");
    World allowed =
        Tokens.run(token, "allow if true;", "resource(\"file1\")", "operation(\"read\")");
    assertThat(allowed.decide().allowed()).isTrue();
    World denied =
        Tokens.run(token, "allow if true;", "resource(\"file1\")", "operation(\"write\")");
    Verdict verdict = denied.decide();
    assertThat(verdict.allowed()).isFalse();
    assertThat(verdict.policyIndex()).isZero();
    assertThat(verdict.failedChecks())
        .singleElement()
        .satisfies(c -> assertThat(c.block()).isEqualTo(1));
    assertThat(denied.facts()).hasSize(5);
  }
}
