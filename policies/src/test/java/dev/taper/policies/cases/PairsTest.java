package dev.taper.policies.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.Policy;
import dev.taper.datalog.parser.Datalog;
import dev.taper.policies.Policies;
import dev.taper.policies.lint.PolicyLint;
import dev.taper.policies.lint.SetWarning;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Any two policies of the library either allow a call together, which is made here, or the check
 * says that they never do. There is no third thing: a pair for which neither holds fails.
 */
class PairsTest {
  /** A service that states all that the library asks for, and calls that try to please it. */
  private static final String CALLS =
      """
      facts: |
        allowed_tool("calendar.events"); mcp_tool("calendar.events");
        environment("test"); audited("log"); max_depth(1);
        open(2030-01-01T00:00:00Z, 2030-01-02T00:00:00Z);
        required_scopes("calendar.events", {"events"});
        tenant_member("user:alice@acme.com", "acme"); tenant_resources("acme", "calendar:acme/");
        egress_hosts({"acme.com"}); human_approvers({"ed25519/a1"});
        spend_limit("CHF", 10000000);
        justified("calendar.events", "find a time to meet"); justified_for(600);
      token:
        authority: scopes({"events"}); right("calendar:acme/1", "read");
      directory: [agent:planner]
      cases:
        - name: a call that reads
          request:
            tool: calendar.events
            operation: read
            resource: calendar:acme/1
            args: {url: "https://acme.com/", amount: 5, currency: CHF}
          expect: allow
          by: default
        - name: a call
          request: {tool: calendar.events, operation: call}
          expect: allow
          by: default
      """;

  private static final List<PolicyCase> CASES =
      CaseReader.read("x", Path.of("x.cases.yaml"), CALLS);

  private final CaseRunner runner = new CaseRunner();

  @TestFactory
  List<DynamicTest> pair_ofTheLibrary_allowsACallOrIsFound() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String one : Policies.names()) {
      for (String other : Policies.names()) {
        Map<String, String> pair = new LinkedHashMap<>();
        pair.put(one, Policies.source(one));
        pair.put(other, Policies.source(other));
        tests.add(
            DynamicTest.dynamicTest(
                one + ", " + other,
                () -> assertThat(allows(pair)).isEqualTo(PolicyLint.checkTogether(pair) == null)));
      }
    }
    return tests;
  }

  @Test
  void library_asAWhole_allowsACall() {
    Map<String, String> all = new LinkedHashMap<>();
    Policies.names().forEach(name -> all.put(name, Policies.source(name)));

    assertThat(allows(all)).isTrue();
    assertThat(PolicyLint.checkTogether(all)).isNull();
  }

  /** What the library had before: an operation that no other policy knew. */
  @Test
  void pair_thatAsksForTwoOperations_isFoundAndAllowsNothing() {
    Map<String, String> pair = new LinkedHashMap<>();
    pair.put("mine", "check if operation(\"call\");");
    pair.put("read-only", Policies.source("read-only"));

    SetWarning found = Objects.requireNonNull(PolicyLint.checkTogether(pair));

    assertThat(allows(pair)).isFalse();
    assertThat(found.policy()).isEqualTo("read-only");
    assertThat(found.warning())
        .hasToString(
            "8:1: no call is ever allowed, as these never hold for one call: mine: check if"
                + " operation(\"call\"); read-only: check if operation(\"read\") or"
                + " operation(\"list\") (never_allows)");
  }

  private boolean allows(Map<String, String> policies) {
    List<PolicySet.Part> parts = new ArrayList<>();
    policies.forEach(
        (name, source) -> parts.add(new PolicySet.Part(name, Datalog.authorizer(source))));
    boolean allowing =
        parts.stream()
            .flatMap(part -> part.code().policies().stream())
            .anyMatch(policy -> policy.kind() == Policy.Kind.ALLOW);
    if (!allowing) {
      parts.add(Policies.part("default"));
    }
    for (PolicyCase one : CASES) {
      List<PolicySet.Part> all = new ArrayList<>(parts);
      all.add(0, new PolicySet.Part("facts", one.facts()));
      if (runner.verdict(one, PolicySet.of(all)).allowed()) {
        return true;
      }
    }
    return false;
  }
}
