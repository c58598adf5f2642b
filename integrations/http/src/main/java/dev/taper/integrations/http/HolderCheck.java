package dev.taper.integrations.http;

import dev.taper.CheckReturnValue;
import dev.taper.FailureLog;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.ToolOffer;
import dev.taper.agent.decision.Verifier;
import java.time.Clock;
import java.util.Collection;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Verifies who sent a request that is no call, such as one that goes on with a session: its header
 * fields present a token and a proof of what was sent, as those of a call do. Immutable and
 * thread-safe.
 */
@CheckReturnValue
public final class HolderCheck {
  private static final FailureLog FAILURES =
      FailureLog.of(HolderCheck.class, "verifying who sent a request", Clock.systemUTC());

  private final Supplier<Verifier> verifiers;
  private final Dialled dialled;

  private HolderCheck(Supplier<Verifier> verifiers, Dialled dialled) {
    this.verifiers = verifiers;
    this.dialled = dialled;
  }

  /** Verifies by a verifier with a catalog, which may be another one for each request. */
  public static HolderCheck of(Supplier<Verifier> verifiers) {
    return new HolderCheck(Given.that(verifiers, "what gives the verifier"), Dialled.directly());
  }

  /**
   * Takes one origin as what all clients dial, as {@link HttpGuard#dialledAs}.
   *
   * @throws TaperException as {@link SentHttp#of(String, String, String)}
   */
  public HolderCheck dialledAs(String origin) {
    return new HolderCheck(verifiers, dialled.as(origin));
  }

  /**
   * Refuses a request in which a field is there twice, or in another spelling: with an underscore
   * for a hyphen. Then no server behind reads another value than the one that is verified.
   *
   * @param names in lower case, with hyphens
   * @param starts of further names, in lower case, with hyphens
   * @throws RefusedException 400 {@code invalid_request}
   */
  public static void requireOnce(
      IncomingRequest request, Set<String> names, Collection<String> starts)
      throws RefusedException {
    FieldNames.requireOnce(request, names, starts);
  }

  /**
   * Verifies a request. Its proof is used up, and covers the content and each of some header fields
   * that the request has.
   *
   * @param content the content after transfer coding; not copied, and not to be changed
   * @param covered names of header fields, each there at most once
   * @return what the token leaves to its holder, with its chain
   * @throws RefusedException what to answer instead; nothing may be done for the request
   */
  public ToolOffer check(IncomingRequest request, byte[] content, Set<String> covered)
      throws RefusedException {
    try {
      Credentials given = CredentialFields.of(request);
      if (!given.approvals().isEmpty()) {
        throw Fields.invalid("no approval is taken with a request that is no call");
      }
      SentHttp sent = HttpGuard.withContent(dialled.head(request), request, content);
      for (String field : covered) {
        String value = Fields.single(request, field);
        sent = value == null ? sent : sent.field(field, value);
      }
      ToolOffer offer = verifiers.get().offer(Credentials.of(given.token(), given.proof()), sent);
      DenialCode code = offer.code();
      if (code != null) {
        throw new RefusedException(HttpRefusal.of(code, null));
      }
      return offer;
    } catch (TaperException e) {
      throw new RefusedException(HttpRefusal.of(e));
    } catch (RuntimeException e) {
      FAILURES.failed(e); // whatever it is, nothing is done, and the caller reads nothing of it
      throw new RefusedException(HttpRefusal.of(503, "unavailable", null));
    }
  }
}
