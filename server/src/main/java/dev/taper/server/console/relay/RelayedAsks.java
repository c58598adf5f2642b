package dev.taper.server.console.relay;

import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.TaperException;
import dev.taper.UrlEncoded;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.approval.AskStatus;
import dev.taper.agent.approval.AskStatus.State;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.AskQueue.Standing;
import dev.taper.integrations.http.RefusedException;
import dev.taper.server.console.view.AskItem;
import dev.taper.server.console.view.AskSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks that another machine relays, of which little is believed. The token's signatures are
 * verified by the root keys of this machine, and so are those of approvals; a request that does not
 * read, or an approval of something else, makes the ask one that is not shown. What the relay can
 * still do is to say nothing, to say that nothing would help, and to show a call that the service
 * never derived, for which an approval then counts nowhere else. Thread-safe.
 */
public final class RelayedAsks implements AskSource {
  private static final int MAX_ITEMS = 200;
  private static final int MAX_APPROVALS = 16;
  private static final int MAX_REASON = 1024;
  private static final int MAX_CURSOR = 200;
  private static final int MAX_WAITING = 10;
  private static final int MAX_NAME = 1024;
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern CODE = Pattern.compile("[a-z_]{1,64}");
  private static final Pattern CURSOR = Pattern.compile("[A-Za-z0-9._-]{1," + MAX_CURSOR + "}");

  private final RelayClient relay;
  private final Supplier<RootKeys> roots;

  /**
   * Asks of a relay.
   *
   * @param roots gives the root keys that this machine trusts
   */
  public RelayedAsks(RelayClient relay, Supplier<RootKeys> roots) {
    this.relay = relay;
    this.roots = roots;
  }

  @Override
  public Set<String> open() throws RefusedException {
    Set<String> names = new HashSet<>();
    page(new Wanted(State.OPEN, null, null, MAX_ITEMS))
        .items()
        .forEach(item -> names.add(item.name()));
    return names;
  }

  @Override
  public Page page(Wanted wanted) throws RefusedException {
    StringBuilder target = new StringBuilder("asks?limit=").append(wanted.limit());
    State state = wanted.state();
    target.append("&state=").append(state == null ? "all" : state.text());
    if (wanted.key() != null) {
      target.append("&key=").append(UrlEncoded.encode(wanted.key().toString()));
    }
    if (wanted.after() != null) {
      target.append("&after=").append(UrlEncoded.encode(wanted.after()));
    }
    return page(relay.get(target.toString()), wanted.limit(), roots.get());
  }

  /**
   * Reads a page of asks as a relay tells it.
   *
   * @param told what the relay says, in UTF-8
   * @param roots the root keys that this machine trusts
   * @throws RefusedException 502 {@code malformed_answer} if it is no page of asks
   */
  public static Page read(byte[] told, RootKeys roots) throws RefusedException {
    return page(RelayClient.read(told), MAX_ITEMS, roots);
  }

  private static Page page(JsonMembers<RefusedException> answer, int limit, RootKeys roots)
      throws RefusedException {
    List<JsonMembers<RefusedException>> elements = answer.objects("items");
    if (!answer.has("items") || elements.size() > limit) {
      throw RelayClient.malformed("there are no items, or too many");
    }
    List<AskItem> items = new ArrayList<>();
    List<Broken> broken = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonMembers<RefusedException> element : elements) {
      String name = element.textIfAny("ask");
      if (name == null || !NAME.matcher(name).matches() || !names.add(name)) {
        throw RelayClient.malformed("an ask has no name of its own");
      }
      try {
        items.add(item(element, roots));
      } catch (TaperException e) {
        broken.add(new Broken(name, new Standing(e.code().text(), e.getMessage())));
      } catch (RefusedException e) {
        broken.add(new Broken(name, new Standing(e.refusal().code(), e.refusal().detail())));
      }
    }
    String next = answer.textIfAny("next");
    if (next != null && !CURSOR.matcher(next).matches()) {
      throw RelayClient.malformed("a page ends nowhere");
    }
    return new Page(
        items,
        broken,
        next,
        new Open(count(answer, "open"), count(answer, "hidden"), waiting(answer)));
  }

  /** Who asks most, by the word of the relay. */
  private static List<Waiting> waiting(JsonMembers<RefusedException> answer)
      throws RefusedException {
    List<JsonMembers<RefusedException>> all = answer.objects("waiting");
    if (all.size() > MAX_WAITING) {
      throw RelayClient.malformed("too many are said to ask most");
    }
    List<Waiting> waiting = new ArrayList<>();
    for (JsonMembers<RefusedException> one : all) {
      String delegator = one.text("delegator");
      String agent = one.text("agent");
      if (Math.max(delegator.length(), agent.length()) > MAX_NAME) {
        throw RelayClient.malformed("a name is too long");
      }
      waiting.add(new Waiting(delegator, agent, count(one, "open")));
    }
    return waiting;
  }

  private static int count(JsonMembers<RefusedException> told, String name)
      throws RefusedException {
    Integer count = told.integerOrNull(name);
    return count == null ? 0 : count;
  }

  /**
   * Reads and verifies one ask.
   *
   * @throws TaperException what is wrong with its token, its request or an approval
   */
  private static AskItem item(JsonMembers<RefusedException> told, RootKeys roots)
      throws RefusedException {
    String name = told.textIfAny("ask");
    String text = told.textIfAny("request");
    String audience = told.textIfAny("audience");
    if (name == null || text == null || audience == null) {
      throw RelayClient.malformed("an ask lacks something");
    }
    ApprovalRequest request = ApprovalRequest.decode(text);
    if (!request.audience().equals(audience) || request.catalogDigest() == null) {
      throw RelayClient.malformed("an ask is of another service, or of none that has a catalog");
    }
    var unused = DelegationChain.of(request.token().verifyHeld(roots));
    AskStatus said = AskStatus.read(told, request.encode());
    String refusal = said.refusal();
    Long until = told.numberOrNull("until_s");
    return new AskItem(
        name,
        until == null ? 0 : until,
        audience,
        new AskStatus(
            said.state(),
            said.request(),
            approvals(told, said, request),
            refusal == null || refusal.length() > MAX_REASON ? null : refusal),
        told.has("counts") ? told.flag("counts") : null,
        count(told, "alike"),
        standing(told),
        null);
  }

  private static List<String> approvals(
      JsonMembers<RefusedException> told, AskStatus said, ApprovalRequest request)
      throws RefusedException {
    if (!told.has("approvals") || said.approvals().size() > MAX_APPROVALS) {
      throw RelayClient.malformed("an ask has no approvals, or too many");
    }
    List<String> approvals = new ArrayList<>();
    for (String one : said.approvals()) {
      Approval approval = Approval.decode(one);
      if (!approval.isSigned() || !isFor(approval.statement(), request)) {
        throw RelayClient.malformed("an approval is forged, or of something else");
      }
      approvals.add(approval.encodeBase64());
    }
    return approvals;
  }

  private static boolean isFor(ApprovalStatement statement, ApprovalRequest request) {
    return statement.covers(request.call())
        && statement.audiences().contains(request.audience())
        && ApprovalStatement.State.of(request.token()).stream()
            .anyMatch(state -> state.digest().equals(statement.state()));
  }

  private static Standing standing(JsonMembers<RefusedException> told) throws RefusedException {
    JsonMembers<RefusedException> possible = told.objectOrNull("possible");
    if (possible != null && possible.flag("yes")) {
      return Standing.POSSIBLE;
    }
    String code = possible == null ? null : possible.textIfAny("code");
    return new Standing(code != null && CODE.matcher(code).matches() ? code : "impossible", null);
  }

  @Override
  public AskItem item(String name, @Nullable PublicKey key) throws RefusedException {
    String query = key == null ? "" : "?key=" + UrlEncoded.encode(key.toString());
    JsonMembers<RefusedException> told = relay.get("asks/" + name + query);
    if (!name.equals(told.textIfAny("ask"))) {
      throw RelayClient.malformed("it is another ask");
    }
    try {
      return item(told, roots.get());
    } catch (TaperException e) {
      throw RelayClient.malformed(e.code().text() + ": " + e.getMessage());
    }
  }

  @Override
  public State approve(String name, String approval) throws RefusedException {
    return answered(name, "approval", approval);
  }

  @Override
  public State refuse(String name, String reason) throws RefusedException {
    return answered(name, "refusal", reason);
  }

  private State answered(String name, String member, String value) throws RefusedException {
    JsonFields answers =
        new JsonFields()
            .put("answers", List.of(new JsonFields().put("ask", name).put(member, value)));
    List<JsonMembers<RefusedException>> results =
        relay.post("answers", answers.toJson()).objects("results");
    JsonMembers<RefusedException> result = results.isEmpty() ? null : results.get(0);
    State state = result == null ? null : State.of(result.textIfAny("state"));
    if (state != null) {
      return state;
    }
    String code = result == null ? null : result.textIfAny("code");
    int status = result == null ? 0 : count(result, "status");
    if (code == null || !CODE.matcher(code).matches() || status < 400 || status > 599) {
      throw RelayClient.malformed("it does not say what became of an answer");
    }
    throw new RefusedException(status, code, null);
  }
}
