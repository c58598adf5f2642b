package dev.taper.server.console.relay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.TaperException;
import dev.taper.agent.DelegationChain;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.RefusedException;
import dev.taper.server.console.view.AskItem;
import dev.taper.server.console.view.AskSource;
import dev.taper.server.console.view.ViewJson;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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
  private static final Set<String> STATES = Set.of("open", "answered", "refused");

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
    page(new Wanted("open", null, null, MAX_ITEMS)).items().forEach(item -> names.add(item.name()));
    return names;
  }

  @Override
  public Page page(Wanted wanted) throws RefusedException {
    StringBuilder target = new StringBuilder("asks?limit=").append(wanted.limit());
    target.append("&state=").append(encoded(wanted.state()));
    if (wanted.key() != null) {
      target.append("&key=").append(encoded(wanted.key().toString()));
    }
    if (wanted.after() != null) {
      target.append("&after=").append(encoded(wanted.after()));
    }
    return page(relay.get(target.toString()), wanted.limit(), roots.get());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
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

  private static Page page(ObjectNode answer, int limit, RootKeys roots) throws RefusedException {
    if (!(answer.get("items") instanceof ArrayNode elements) || elements.size() > limit) {
      throw RelayClient.malformed("there are no items, or too many");
    }
    List<AskItem> items = new ArrayList<>();
    List<Broken> broken = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode element : elements) {
      String name = element instanceof ObjectNode object ? RelayClient.text(object, "ask") : null;
      if (name == null || !NAME.matcher(name).matches() || !names.add(name)) {
        throw RelayClient.malformed("an ask has no name of its own");
      }
      try {
        items.add(item((ObjectNode) element, roots));
      } catch (TaperException e) {
        broken.add(new Broken(name, new AskItem.Problem(e.code().text(), e.getMessage())));
      } catch (RefusedException e) {
        broken.add(new Broken(name, new AskItem.Problem(e.refusal().code(), e.refusal().detail())));
      }
    }
    String next = RelayClient.text(answer, "next");
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
  private static List<Waiting> waiting(ObjectNode answer) throws RefusedException {
    JsonNode all = answer.path("waiting");
    if (all.size() > MAX_WAITING) {
      throw RelayClient.malformed("too many are said to ask most");
    }
    List<Waiting> waiting = new ArrayList<>();
    for (JsonNode one : all) {
      String delegator = one.path("delegator").asText("");
      String agent = one.path("agent").asText("");
      if (Math.max(delegator.length(), agent.length()) > MAX_NAME) {
        throw RelayClient.malformed("a name is too long");
      }
      waiting.add(new Waiting(delegator, agent, Math.max(0, one.path("open").asInt(0))));
    }
    return waiting;
  }

  private static int count(ObjectNode answer, String name) {
    return Math.max(0, answer.path(name).asInt(0));
  }

  /**
   * Reads and verifies one ask.
   *
   * @throws TaperException what is wrong with its token, its request or an approval
   */
  private static AskItem item(ObjectNode told, RootKeys roots) throws RefusedException {
    String name = RelayClient.text(told, "ask");
    String state = RelayClient.text(told, "state");
    String text = RelayClient.text(told, "request");
    String audience = RelayClient.text(told, "audience");
    if (name == null
        || text == null
        || audience == null
        || state == null
        || !STATES.contains(state)) {
      throw RelayClient.malformed("an ask lacks something");
    }
    ApprovalRequest request = ApprovalRequest.decode(text);
    if (!request.audience().equals(audience) || request.catalogDigest() == null) {
      throw RelayClient.malformed("an ask is of another service, or of none that has a catalog");
    }
    var unused = DelegationChain.of(request.token().verifyHeld(roots));
    String refusal = RelayClient.text(told, "refusal");
    return new AskItem(
        name,
        state,
        Math.max(0, told.path("until_s").asLong(0)),
        audience,
        request.encode(),
        approvals(told, request),
        refusal == null || refusal.length() > MAX_REASON ? null : refusal,
        told.path("counts").isBoolean() ? told.path("counts").booleanValue() : null,
        count(told, "alike"),
        impossible(told),
        null);
  }

  private static List<String> approvals(ObjectNode told, ApprovalRequest request)
      throws RefusedException {
    JsonNode all = told.path("approvals");
    if (!all.isArray() || all.size() > MAX_APPROVALS) {
      throw RelayClient.malformed("an ask has no approvals, or too many");
    }
    List<String> approvals = new ArrayList<>();
    for (JsonNode one : all) {
      Approval approval = Approval.decode(one.isTextual() ? one.textValue() : "");
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

  private static AskItem.@Nullable Problem impossible(ObjectNode told) {
    JsonNode possible = told.path("possible");
    if (possible.path("yes").asBoolean(false)) {
      return null;
    }
    String code = possible.path("code").asText("");
    return new AskItem.Problem(CODE.matcher(code).matches() ? code : "impossible", null);
  }

  @Override
  public AskItem item(String name, @Nullable PublicKey key) throws RefusedException {
    String query = key == null ? "" : "?key=" + encoded(key.toString());
    ObjectNode told = relay.get("asks/" + name + query);
    if (!name.equals(RelayClient.text(told, "ask"))) {
      throw RelayClient.malformed("it is another ask");
    }
    try {
      return item(told, roots.get());
    } catch (TaperException e) {
      throw RelayClient.malformed(e.code().text() + ": " + e.getMessage());
    }
  }

  @Override
  public String approve(String name, String approval) throws RefusedException {
    return answered(name, "approval", approval);
  }

  @Override
  public String refuse(String name, String reason) throws RefusedException {
    return answered(name, "refusal", reason);
  }

  private String answered(String name, String member, String value) throws RefusedException {
    String json =
        ViewJson.object(
            out -> {
              out.writeArrayFieldStart("answers");
              out.writeStartObject();
              out.writeStringField("ask", name);
              out.writeStringField(member, value);
              out.writeEndObject();
              out.writeEndArray();
            });
    JsonNode result = relay.post("answers", json).path("results").path(0);
    String state = result.path("state").asText("");
    if (STATES.contains(state)) {
      return state;
    }
    String code = result.path("code").asText("");
    int status = result.path("status").asInt(0);
    if (!CODE.matcher(code).matches() || status < 400 || status > 599) {
      throw RelayClient.malformed("it does not say what became of an answer");
    }
    throw new RefusedException(HttpRefusal.of(status, code, null));
  }
}
