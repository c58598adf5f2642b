package dev.taper.testvectors;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.authorizer.Authorization;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.Decision.MatchedPolicy;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Origin.OriginFact;
import dev.taper.datalog.RunLimits;
import dev.taper.testvectors.ExpectedDecision.FailedCheck;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Taper, through its public interface. */
final class Taper implements Peer {
  private static final PrivateKey ROOT = TestKeys.key(TestKeys.ROOT_SECRET);

  /** The defaults but for the time, which a machine under load could exceed. */
  private static final RunLimits LIMITS = RunLimits.defaults().withMaxTime(Duration.ofMinutes(1));

  @Override
  public byte[] mint(Block authority) {
    return Token.mint(ROOT, authority).encode();
  }

  @Override
  public byte[] attenuate(byte[] token, Block block) {
    return parse(token).attenuate(block).encode();
  }

  @Override
  public byte[] seal(byte[] token) {
    return parse(token).seal().encode();
  }

  @Override
  public ExpectedDecision judge(byte[] token, AuthorizerCode code) {
    try {
      return expected(authorize(token, code).decide());
    } catch (TaperException e) {
      if (e.code().category() == ErrorCode.Category.EXECUTION) {
        return ExpectedDecision.executionError();
      }
      throw e;
    }
  }

  /** The facts that hold at the end, grouped by origin. */
  List<Vector.Facts> facts(byte[] token, AuthorizerCode code) {
    FactGroups groups = new FactGroups();
    for (OriginFact fact : authorize(token, code).facts()) {
      List<Integer> origin = new ArrayList<>();
      if (fact.origin().authorizer()) {
        origin.add(FailedCheck.AUTHORIZER);
      }
      origin.addAll(fact.origin().blocks());
      groups.add(origin, fact.fact().toString());
    }
    return groups.list();
  }

  static Token parse(byte[] token) {
    return UnverifiedToken.decode(token).verify(TestKeys.ROOT);
  }

  private static Authorization authorize(byte[] token, AuthorizerCode code) {
    return PolicySet.of(code).authorizer(parse(token)).limits(LIMITS).run();
  }

  private static ExpectedDecision expected(Decision decision) {
    List<FailedCheck> failed = new ArrayList<>();
    for (var check : decision.failedChecks()) {
      failed.add(new FailedCheck(check.block().orElse(FailedCheck.AUTHORIZER), check.index()));
    }
    MatchedPolicy policy = decision.policy();
    Integer index = policy == null ? null : policy.index();
    return new ExpectedDecision(
        ExpectedDecision.Code.valueOf(decision.code().name()), index, failed);
  }
}
