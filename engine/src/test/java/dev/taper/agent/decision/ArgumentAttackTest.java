package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Attack.assertThrows;

import dev.taper.ErrorCode;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Bare;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments at the edges of what a grant says of them, and arguments nobody expected. */
@ParameterizedClass
@EnumSource(Caching.class)
class ArgumentAttackTest {
  private final Story story;
  private final Verifier verifier;

  ArgumentAttackTest(Caching caching) {
    this.story = new Story(caching);
    this.verifier = story.verifier().build();
  }

  private AgentToken granted(String grant) {
    return story.issuer.mint(Bare.of(story.delegation()).grant(grant).withoutExpiry());
  }

  private CallDecision decide(AgentToken token, ToolCall call) {
    return story.decide(verifier, token, story.plannerKey, call);
  }

  private CallDecision decide(String grant, String json) {
    return decide(granted(grant), ToolCall.parse(json));
  }

  private static String tool(String tool) {
    return "{\"tool\": \"" + tool + "\"}";
  }

  private static String limit(String json) {
    return "{\"tool\": \"list\", \"args\": {\"n\": " + json + "}}";
  }

  // Numbers

  @ParameterizedTest
  @ValueSource(strings = {"1e1000", "-1e1000", "1e-1000", "1e999999999", "1e-999999999"})
  void decide_numberWithoutACanonicalForm_throws(String number) {
    assertThrows(
        () -> decide("list where n <= 50", limit(number)), ErrorCode.INVALID_ARGUMENT_VALUE);
    assertThrows(() -> decide("list", limit("[" + number + "]")), ErrorCode.INVALID_ARGUMENT_VALUE);
  }

  /** Readers may round them; the decision does not, and compares none that it cannot compare. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551617",
        "1e400",
        "-1e400",
        "0.0000001",
        "0.1000000000000000055511151231257827"
      })
  void decide_numberThatReadersRoundDifferently_fitsNoRange(String number) {
    String grants = "list where n <= 50 or list where n <= 50.5 or list where n < -50.5";

    assertDenied(decide(grants, limit(number)), DenialCode.OUT_OF_SCOPE);
    assertDenied(decide(grants, limit("[" + number + "]")), DenialCode.OUT_OF_SCOPE);
    assertAllowed(decide("list", limit(number)));
    assertAllowed(decide("list", limit("[" + number + "]")));
  }

  @Test
  void decide_fractionInsideAList_isNoElementOfAGrantedList() {
    String grant = "list where n each in 1, \"0.5\", \"hex:302e35\"";

    assertAllowed(decide(grant, limit("[1, 1.0, \"0.5\"]")));
    assertDenied(decide(grant, limit("[0.5]")), DenialCode.OUT_OF_SCOPE);
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity", "-Infinity", "0x10", "010", "+5", "5.", ".5", "1_000", "5n"})
  void decide_numberThatIsNotJson_throws(String number) {
    assertThrows(() -> decide("list", limit(number)), ErrorCode.INVALID_REQUEST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          n <= 50 | 50   | true
          n <= 50 | 50.0 | true
          n <= 50 | 5e1  | true
          n <= 50 | 51   | false
          n <= 50 | 50.5 | false
          n <= 50 | -9007199254740992 | true
          n < 50  | 50   | false
          n < 50  | 49   | true
          n < 50  | 49.9 | false
          n >= 50 | 50   | true
          n >= 50 | 49   | false
          n > 50  | 50   | false
          n > 50  | 51   | true
          n <= 1.50 | 1.5   | true
          n <= 1.50 | 1.500001 | false
          n < 1.50  | 1.5   | false
          n < 1.50  | 1.499999 | true
          n < 1.50  | 1     | true
          n <= 50 | "50" | false
          n <= 50 | "5"  | false
          n <= 50 | [50] | false
          n <= 50 | {"n": 50} | false
          n <= 50 | null | false
          n <= 50 | true | false
          n <= 1.50 | "1.5" | false
          n = 50  | 50   | true
          n = 50  | "50" | false
          n = 50  | [50] | false
          n = "50" | 50  | false
          n = "50" | "50" | true
          n = true | true | true
          n = true | "true" | false
          n = true | 1 | false
          n in a, b | "a" | true
          n in a, b | "A" | false
          n in a, b | ["a"] | false
          n in a, b | "a,b" | false
          n != a  | "a"  | false
          n != a  | "b"  | true
          n starts with ab | "abc" | true
          n starts with ab | ["abc"] | false
          n starts with ab | "xabc" | false
          n matches "[a-z]+" | "abc" | true
          n matches "[a-z]+" | "abc\\nx1" | false
          n matches "[a-z]+" | "abc\\n" | false
          n length <= 2 | "ab" | true
          n length <= 2 | "abc" | false
          n length <= 2 | [1,2,3] | false
          n length <= 2 | 1 | false
          n each in a, b | ["a","b"] | true
          n each in a, b | ["a","c"] | false
          n each in a, b | "a" | false
          n each in a, b | [["a"]] | false
          """)
  void decide_valueAtTheEdgesOfAConstraint_fitsExactlyIfItShould(
      String constraint, String json, boolean fits) {
    CallDecision decision = decide("list where " + constraint, limit(json));

    if (fits) {
      assertAllowed(decision);
    } else {
      assertDenied(decision, DenialCode.OUT_OF_SCOPE);
    }
  }

  // Arguments

  @Test
  void decide_argumentAddedRemovedOrListed_doesNotFit() {
    String grant = "list where n <= 50 and only n";

    assertAllowed(decide(grant, limit("50")));
    assertDenied(decide(grant, limit("50, \"all\": true")), DenialCode.OUT_OF_SCOPE);
    assertDenied(decide(grant, limit("50, \"N\": 1")), DenialCode.OUT_OF_SCOPE);
    assertDenied(decide(grant, "{\"tool\": \"list\", \"args\": {}}"), DenialCode.OUT_OF_SCOPE);
    assertDenied(decide(grant, tool("list")), DenialCode.OUT_OF_SCOPE);
    assertDenied(decide(grant, limit("[50]")), DenialCode.OUT_OF_SCOPE);
    assertDenied(decide("list where no arguments", limit("50")), DenialCode.OUT_OF_SCOPE);
    assertAllowed(decide("list where no arguments", tool("list")));
  }

  static Stream<String> malformed() {
    return Stream.of(
        limit("50, \"n\": 51"),
        limit("50, \"\\u006e\": 51"),
        "{\"tool\": \"list\", \"tool\": \"delete\"}",
        "{\"tool\": \"list\", \"Tool\": \"delete\"}",
        "{\"tool\": \"list\", \"args\": {\"n\\u0000\": 1}}",
        "{\"tool\": \"list\", \"args\": {\"n\\u200b\": 1}}",
        "{\"tool\": \"list\", \"args\": {\"\": 1}}",
        "{\"tool\": \"list\", \"args\": {\"e\\u0301\": 1}}",
        "{\"tool\": \"list\", \"args\": [1]}",
        "{\"tool\": \"list\"} {}",
        "{\"tool\": \"list\", /* */ \"args\": {}}",
        limit("[".repeat(20) + "]".repeat(20)));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void decide_requestWithMoreThanOneReading_throws(String json) {
    assertThrows(() -> decide("*", json), ErrorCode.INVALID_REQUEST);
  }

  @Test
  void decide_argumentGivenTwiceByTheService_throws() {
    ToolCall call = ToolCall.parse(limit("50"));

    assertThrows(() -> decide(granted("list"), call.arg("n", 51)), ErrorCode.INVALID_REQUEST);
    assertAllowed(decide(granted("list"), call.arg("m", 51)));
  }

  @Test
  void decide_stringsThatNormalizationChanges_throw() {
    assertThrows(() -> decide("list", limit("\"cafe\\u0301\"")), ErrorCode.INVALID_ARGUMENT_VALUE);
    assertThrows(() -> decide("list", limit("\"a\\u0000\"")), ErrorCode.INVALID_ARGUMENT_VALUE);
    assertThrows(
        () -> decide("list", limit("\"https://acme.com\\u0000.evil.com/\"")),
        ErrorCode.INVALID_ARGUMENT_VALUE);
    assertThrows(() -> decide("list", limit("[\"a\\u0000\"]")), ErrorCode.INVALID_ARGUMENT_VALUE);
  }

  /** Bound to the whole value: not to one side of a bar, nor to a line. */
  @Test
  void decide_regexWithABar_isAnchoredAsAWhole() {
    String grant = "list where n matches \"a|b\"";

    assertAllowed(decide(grant, limit("\"a\"")));
    assertAllowed(decide(grant, limit("\"b\"")));
    assertDenied(decide(grant, limit("\"ax\"")), DenialCode.OUT_OF_SCOPE);
    assertDenied(decide(grant, limit("\"xb\"")), DenialCode.OUT_OF_SCOPE);
  }

  /** Alone, {@code !=} lets anything else through; a constraint of the type closes that. */
  @Test
  void decide_excludedValueTurnedIntoAList_isRefusedWithItsType() {
    String grant = "list where n != a and n matches \"[a-z]+\"";

    assertAllowed(decide(grant, limit("\"b\"")));
    assertDenied(decide(grant, limit("\"a\"")), DenialCode.OUT_OF_SCOPE);
    assertDenied(decide(grant, limit("[\"a\"]")), DenialCode.OUT_OF_SCOPE);
    assertDenied(decide(grant, limit("{\"a\": \"a\"}")), DenialCode.OUT_OF_SCOPE);
  }

  // Alternatives

  @Test
  void decide_partsOfTwoAlternatives_doNotAddUp() {
    String grants = "crm.read on a/* or crm.write on b/*";

    assertAllowed(decide(grants, "{\"tool\": \"crm.read\", \"resource\": \"a/1\"}"));
    assertAllowed(decide(grants, "{\"tool\": \"crm.write\", \"resource\": \"b/1\"}"));
    assertDenied(
        decide(grants, "{\"tool\": \"crm.read\", \"resource\": \"b/1\"}"), DenialCode.OUT_OF_SCOPE);
    assertDenied(
        decide(grants, "{\"tool\": \"crm.write\", \"resource\": \"a/1\"}"),
        DenialCode.OUT_OF_SCOPE);
  }

  @Test
  void decide_alternativeWithAWrongType_doesNotHideAnother() {
    String grants = "list where n <= 50 or list where n in all or list where n each in x";

    assertAllowed(decide(grants, limit("50")));
    assertAllowed(decide(grants, limit("\"all\"")));
    assertAllowed(decide(grants, limit("[\"x\"]")));
    assertDenied(decide(grants, limit("51")), DenialCode.OUT_OF_SCOPE);
  }
}
