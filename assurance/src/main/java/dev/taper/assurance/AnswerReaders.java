package dev.taper.assurance;

import static dev.taper.assurance.Laws.same;

import dev.taper.ErrorCode.Category;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.client.Refusal;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.integrations.http.client.HttpAsker;
import dev.taper.integrations.http.client.HttpAsker.Asked;
import dev.taper.integrations.http.client.HttpSigner;
import dev.taper.operations.OperationException;
import dev.taper.operations.asking.ServiceAsk;
import dev.taper.operations.login.BrowserSignIn;
import dev.taper.operations.login.FirstToken;
import dev.taper.operations.login.RequestedGrant;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Readers of what others answer to an agent, to an approver, and to whoever gets a first token.
 * What is refused has a code or is an {@link IOException}, and a sentence that can be shown.
 */
final class AnswerReaders {
  private static final String CODE = "[a-z_]{1,64}";
  private static final int LONGEST_WORDS = 1024;
  private static final String ASK = "/v1/asks/" + "A".repeat(22);

  private static final HttpSigner SIGNER =
      HttpSigner.of(TokenSeeds.atPlanner(), Keys.PLANNER, HttpReader.AUDIENCE).clock(Keys.CLOCK);

  private static final RequestedGrant ASKED =
      new RequestedGrant("triage", "T-4711", null, List.of(), List.of(), null, null);

  /** Made when the first of these inputs is read. */
  private static final class Shared {
    static final ProviderServer SERVER = new ProviderServer();

    private Shared() {}
  }

  private AnswerReaders() {}

  /**
   * What a service says to an agent of its ask: as what became of it, and as why it is not taken.
   */
  static boolean told(byte[] input) {
    notTaken(input);
    Asked asked = asked(200, input);
    if (asked instanceof Asked.Approved approved) {
      Base64.Encoder text = Base64.getUrlEncoder().withoutPadding();
      List<String> given =
          approved.approvals().encoded().stream().map(text::encodeToString).toList();
      String again = given.isEmpty() ? "[]" : "[\"" + String.join("\",\"", given) + "\"]";
      Asked read = asked(200, bytes("{\"state\":\"answered\",\"approvals\":" + again + "}"));
      same("approvals read the same", true, read instanceof Asked.Approved);
    } else if (asked instanceof Asked.Refused refused) {
      shown(refused.reason());
      String again = "{\"state\":\"refused\",\"refusal\":" + quoted(refused.reason()) + "}";
      same(
          "a reason reads the same",
          refused,
          Optional.ofNullable(asked(200, bytes(again))).orElseThrow());
    }
    return asked != null;
  }

  private static @Nullable Asked asked(int status, byte[] content) {
    HttpAsker asker = HttpAsker.of(new OneAnswer(status, content), SIGNER);
    try {
      return asker.await(URI.create(HttpReader.ORIGIN + ASK), Duration.ZERO);
    } catch (IOException e) {
      shown(String.valueOf(e.getMessage()));
      return null;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void notTaken(byte[] content) {
    HttpAsker asker = HttpAsker.of(new OneAnswer(403, content), SIGNER);
    HttpRequest call = HttpRequest.newBuilder(URI.create(HttpReader.ORIGIN + "/issues/7")).build();
    try {
      if (asker.ask(call, "the customer waits", Duration.ZERO) instanceof Asked.NotTaken not) {
        same("a code, or none", true, not.code().isEmpty() || not.code().matches(CODE));
        String decision = not.decision();
        if (decision != null) {
          same("a decision reads the same", Refusal.parse(decision), Refusal.parse(decision));
        }
        return;
      }
      throw new AssertionError("an ask that is not taken");
    } catch (IOException e) {
      shown(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What a service says to an approver of an ask. */
  static synchronized boolean ask(byte[] input) {
    Shared.SERVER.publish(403, input);
    try {
      var unused = ServiceAsk.read(Shared.SERVER.url(ASK).toString(), false);
      throw new AssertionError("a refusal was read as an ask");
    } catch (OperationException e) {
      refused(e);
    }
    Optional<ApprovalRequest> read = kept(input);
    read.ifPresent(
        request -> {
          String again =
              "{\"format\":\"taper/1 ask\",\"state\":\"open\",\"request\":"
                  + request.encode()
                  + "}";
          same(
              "an ask reads the same",
              request.encode(),
              kept(bytes(again)).map(ApprovalRequest::encode).orElse("none"));
        });
    return read.isPresent();
  }

  private static Optional<ApprovalRequest> kept(byte[] content) {
    Shared.SERVER.publish(200, content);
    try {
      return Laws.read(
          () -> ServiceAsk.read(Shared.SERVER.url(ASK).toString(), false).request(),
          Category.FORMAT,
          Category.REQUEST,
          Category.SIGNATURE,
          Category.KEY);
    } catch (OperationException e) {
      same("the only refusal of its own", "malformed_ask", e.code());
      return Optional.empty();
    }
  }

  /** What an issuer answers to whoever wants a first token. */
  static synchronized boolean firstToken(byte[] input) {
    if (exchanged(400, input, Set.of()) != null) {
      throw new AssertionError("a refusal was read as a token");
    }
    AgentToken token = exchanged(200, input, Set.of("malformed_answer", "other_token"));
    if (token == null) {
      return false;
    }
    same(
        "who asks holds it",
        Keys.PLANNER.publicKey().toString(),
        String.valueOf(token.token().holderKey()));
    return true;
  }

  private static @Nullable AgentToken exchanged(int status, byte[] content, Set<String> codes) {
    Shared.SERVER.publish(status, content);
    String issuer = Shared.SERVER.url("").toString();
    try {
      return FirstToken.from(issuer, Keys.CLOCK)
          .exchange(
              "subject",
              BrowserSignIn.TokenKind.ID,
              Keys.PLANNER,
              ASKED,
              page ->
                  same(
                      "a page of the issuer",
                      true,
                      page.toString().startsWith(issuer + "/confirm")),
              Duration.ZERO);
    } catch (OperationException e) {
      refused(e);
      same("why there is no token", true, codes.isEmpty() || codes.contains(e.code()));
      return null;
    }
  }

  private static void refused(OperationException refusal) {
    same("a code", true, refusal.code().matches(CODE));
    shown(String.valueOf(refusal.getMessage()));
  }

  /** Nothing hides in it, and it ends. */
  private static void shown(String words) {
    boolean isShown =
        !words.isBlank()
            && words.length() <= LONGEST_WORDS
            && words.codePoints().noneMatch(Character::isISOControl);
    same("words that can be shown", true, isShown);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder();
    CanonicalJson.writeString(text, quoted);
    return quoted.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
