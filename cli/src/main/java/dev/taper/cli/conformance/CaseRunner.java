package dev.taper.cli.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.TaperException;
import dev.taper.authorizer.Authorization;
import dev.taper.authorizer.PolicySet;
import dev.taper.cli.conformance.TestCase.Validation;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs one case: verifies its token once and authorizes it for each validation. */
final class CaseRunner {
  private static final ExternFunctions FUNCTIONS =
      ExternFunctions.none().with(SampleFunction.NAME, new SampleFunction());

  private final TestCase testCase;
  private final @Nullable Token token;
  private final @Nullable TaperException refusal;

  private CaseRunner(TestCase testCase, @Nullable Token token, @Nullable TaperException refusal) {
    this.testCase = testCase;
    this.token = token;
    this.refusal = refusal;
  }

  /**
   * Reads and verifies a case's token.
   *
   * @param testCase the case
   * @param bytes the token
   */
  static CaseRunner verify(TestCase testCase, byte[] bytes) {
    try {
      UnverifiedToken unverified = UnverifiedToken.decode(bytes);
      Token token = unverified.verify(RootKeys.of(testCase.rootKey()));
      return new CaseRunner(testCase, token, null);
    } catch (TaperException e) {
      return new CaseRunner(testCase, null, e);
    }
  }

  /**
   * Runs one validation.
   *
   * @return what differs; empty if it passed
   */
  List<Mismatch> run(Validation validation) {
    List<Mismatch> mismatches = new ArrayList<>();
    // A token that does not verify often cannot be read either: the case then tells what it was
    // before it was damaged, and only the refusal and its kind can be compared.
    if (token != null && testCase.blocks() != null) {
      BlockComparison.compare(testCase.blocks(), token.blocks(), mismatches);
    }
    revocationIds(validation.expected(), mismatches);
    if (token == null) {
      result(validation, ActualResult.of(Objects.requireNonNull(refusal)), mismatches);
      world(validation.expected(), null, mismatches);
    } else {
      authorize(token, validation, mismatches);
    }
    return mismatches;
  }

  private static void authorize(Token token, Validation validation, List<Mismatch> mismatches) {
    ActualWorld world = null;
    JsonNode result;
    try {
      AuthorizerCode code = Datalog.authorizer(validation.authorizerCode());
      Authorization authorization = PolicySet.of(code).authorizer(token).externs(FUNCTIONS).run();
      world = ActualWorld.of(contents(token), code, authorization.facts());
      result = ActualResult.of(authorization.decide());
    } catch (TaperException e) {
      result = ActualResult.of(e);
    }
    result(validation, result, mismatches);
    world(validation.expected(), world, mismatches);
  }

  private static List<Block> contents(Token token) {
    List<Block> blocks = new ArrayList<>();
    for (Block.Decoded block : token.blocks()) {
      blocks.add(block.block());
    }
    return blocks;
  }

  private static void result(Validation validation, JsonNode actual, List<Mismatch> mismatches) {
    JsonNode expected = ExpectedResult.of(validation.expected().path("result"));
    if (!Meaning.ofResult(expected).equals(Meaning.ofResult(actual))) {
      mismatches.add(new Mismatch("result", shown(expected), shown(actual)));
    }
  }

  private static String shown(JsonNode result) {
    return result.isTextual() ? result.textValue() : result.toString();
  }

  private static void world(
      JsonNode validation, @Nullable ActualWorld actual, List<Mismatch> mismatches) {
    JsonNode expected = validation.get("world");
    if (expected == null || expected.isNull()) {
      return;
    }
    if (actual == null) {
      mismatches.add(new Mismatch("world", "one", "none: the evaluation did not come that far"));
    } else {
      ExpectedWorld.compare(expected, actual, mismatches);
    }
  }

  private void revocationIds(JsonNode validation, List<Mismatch> mismatches) {
    JsonNode expected = validation.get("revocation_ids");
    if (expected != null) {
      List<String> actual = new ArrayList<>();
      if (token != null) {
        token.revocationIds().forEach(id -> actual.add(HexFormat.of().formatHex(id)));
      }
      Comparison.ordered("revocation ids", expected, actual, mismatches);
    }
  }
}
