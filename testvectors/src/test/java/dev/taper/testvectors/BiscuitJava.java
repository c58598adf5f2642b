package dev.taper.testvectors;

import com.google.re2j.PatternSyntaxException;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Fact;
import dev.taper.testvectors.ExpectedDecision.FailedCheck;
import io.vavr.control.Either;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.biscuitsec.biscuit.crypto.KeyPair;
import org.biscuitsec.biscuit.datalog.RunLimits;
import org.biscuitsec.biscuit.error.Error;
import org.biscuitsec.biscuit.error.LogicError;
import org.biscuitsec.biscuit.token.Authorizer;
import org.biscuitsec.biscuit.token.Biscuit;
import org.biscuitsec.biscuit.token.builder.parser.Parser;
import org.biscuitsec.biscuit.token.format.SerializedBiscuit;

/**
 * biscuit-java, through its public interface. The keys it makes are derived from a name and
 * counted, so that the same calls give the same tokens. Not thread-safe.
 */
final class BiscuitJava implements Peer {
  /** Its defaults but for the time, which a machine under load could exceed. */
  private static final RunLimits LIMITS = new RunLimits(1000, 100, Duration.ofMinutes(1));

  private final String name;
  private int keys;

  BiscuitJava(String name) {
    this.name = name;
  }

  private byte[] nextSecret() {
    return TestKeys.secret(name + " " + keys++);
  }

  @Override
  public byte[] mint(Block authority) {
    try {
      return new org.biscuitsec.biscuit.token.builder.Biscuit(
              new FixedRandom(nextSecret()),
              new KeyPair(TestKeys.ROOT_SECRET),
              io.vavr.control.Option.none(),
              Translation.block(authority))
          .build()
          .serialize();
    } catch (Error e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public byte[] attenuate(byte[] token, Block block) {
    try {
      byte[] next = nextSecret();
      return parse(token)
          .attenuate(new FixedRandom(next), new KeyPair(next), Translation.block(block))
          .serialize();
    } catch (Error e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public byte[] seal(byte[] token) {
    try {
      SerializedBiscuit container =
          SerializedBiscuit.from_bytes(token, Translation.publicKey(TestKeys.ROOT));
      Either<Error, Void> sealed = container.seal();
      if (sealed.isLeft()) {
        throw new IllegalStateException(sealed.getLeft());
      }
      return container.serialize();
    } catch (Error | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public ExpectedDecision judge(byte[] token, AuthorizerCode code) {
    return authorize(token, code).decision();
  }

  /**
   * Verifies and authorizes a token.
   *
   * @throws IllegalStateException if it refuses the token itself
   */
  Authorization authorize(byte[] token, AuthorizerCode code) {
    try {
      Authorizer authorizer = parse(token).authorizer();
      Translation.fill(authorizer, code);
      return authorize(authorizer);
    } catch (Error.FailedLogic e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A finished authorization.
   *
   * @param authorizer with its world
   * @param decision how it ended
   * @param executionError the name of the error that ended evaluation, or empty
   */
  record Authorization(Authorizer authorizer, ExpectedDecision decision, String executionError) {
    /** The facts that held at the end, grouped by origin. */
    List<Vector.Facts> facts() {
      FactGroups groups = new FactGroups();
      List<Integer> origin = List.of();
      // The printed world is the only public view that tells the origins.
      for (String line : authorizer.print_world().split("\n", -1)) {
        if (line.startsWith("\t\tOrigin{inner=")) {
          origin = origin(line);
        } else if (line.startsWith("\t\t\t")) {
          groups.add(origin, fact(line.substring(3)).toString());
        } else if (line.equals("\t],")) {
          break;
        }
      }
      return groups.list();
    }

    private static List<Integer> origin(String line) {
      List<Integer> origin = new ArrayList<>();
      String ids = line.substring(line.indexOf('[') + 1, line.indexOf(']'));
      for (String id : ids.split(", ", -1)) {
        long block = Long.parseLong(id);
        origin.add(block == Long.MAX_VALUE ? FailedCheck.AUTHORIZER : (int) block);
      }
      origin.sort(null);
      return origin;
    }

    private static Fact fact(String text) {
      return Translation.fact(Parser.fact(text).get()._2);
    }
  }

  private static Biscuit parse(byte[] token) {
    try {
      return Biscuit.from_bytes(token, Translation.publicKey(TestKeys.ROOT));
    } catch (Error | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Authorization authorize(Authorizer authorizer) {
    try {
      int policy = authorizer.authorize(LIMITS).intValue();
      return new Authorization(authorizer, ExpectedDecision.allow(policy, List.of()), "");
    } catch (Error.FailedLogic e) {
      return new Authorization(authorizer, decision(e.error), "");
    } catch (Error.Execution e) {
      String name = e.toJson().getAsJsonObject().get("Execution").getAsString();
      return new Authorization(authorizer, ExpectedDecision.executionError(), name);
    } catch (Error.InvalidType | NoSuchElementException | PatternSyntaxException e) {
      // The second is thrown where a nested operation got a type that it is not defined for.
      return new Authorization(authorizer, ExpectedDecision.executionError(), "InvalidType");
    } catch (Error e) {
      throw new IllegalStateException(e);
    }
  }

  private static ExpectedDecision decision(LogicError error) {
    if (error instanceof LogicError.NoMatchingPolicy none) {
      return ExpectedDecision.noMatchingPolicy(failedChecks(none.errors));
    }
    if (error instanceof LogicError.Unauthorized unauthorized) {
      List<FailedCheck> failed = failedChecks(unauthorized.errors);
      return unauthorized.policy instanceof LogicError.MatchedPolicy.Allow allow
          ? ExpectedDecision.allow((int) allow.nb, failed)
          : ExpectedDecision.deny(
              (int) ((LogicError.MatchedPolicy.Deny) unauthorized.policy).nb, failed);
    }
    throw new IllegalStateException(error.toString());
  }

  private static List<FailedCheck> failedChecks(
      List<org.biscuitsec.biscuit.error.FailedCheck> errors) {
    List<FailedCheck> checks = new ArrayList<>();
    for (var error : errors) {
      if (error instanceof org.biscuitsec.biscuit.error.FailedCheck.FailedBlock block) {
        checks.add(new FailedCheck((int) block.block_id, (int) block.check_id));
      } else if (error
          instanceof org.biscuitsec.biscuit.error.FailedCheck.FailedAuthorizer authorizer) {
        checks.add(new FailedCheck(FailedCheck.AUTHORIZER, (int) authorizer.check_id));
      } else {
        throw new IllegalStateException(error.toString());
      }
    }
    return checks;
  }

  /** Gives out the wanted key seed, so that a token's bytes depend on nothing but its input. */
  private static final class FixedRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] seed;

    FixedRandom(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
