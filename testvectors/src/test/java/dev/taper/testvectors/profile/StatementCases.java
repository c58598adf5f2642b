package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** What holders state to who keeps an audit log, and what is recorded of that. */
final class StatementCases {
  private static final int MOST_BYTES = 65_536;

  private final Cases cases =
      new Cases(
          "statements",
          "The content of a request to /v1/statements by the holder of a token (docs/binding.md,"
              + " statements): what kind of record it gives, and by whom, or why it is refused.");

  private StatementCases() {}

  static JsonNode file() {
    StatementCases all = new StatementCases();
    all.addStatements();
    all.addOtherTokens();
    all.addMalformed();
    return all.cases.file();
  }

  private static String text(Chain chain) {
    return Messages.base64(chain.held());
  }

  private static String statement(String token) {
    return "{\"format\":\"taper/1 statement\",\"token\":\"" + token + "\"}";
  }

  private static String sealing(String digest) {
    return "{\"format\":\"taper/1 statement\",\"sealed\":\"" + digest + "\"}";
  }

  private static String sealing(Chain chain) {
    return sealing(chain.digest());
  }

  private void add(String name, Chain before, String content, ObjectNode expect) {
    cases.add(name, null, "token", text(before), "content", content, "expect", expect);
  }

  private static ObjectNode recorded(String kind, String by) {
    return Cases.ok(Json.object("kind", kind, "by", by));
  }

  private void addStatements() {
    add(
        "a token handed on",
        Story.planner(),
        statement(text(Story.researcher())),
        recorded("delegate", "agent:planner"));
    add(
        "a token handed on again",
        Story.researcher(),
        statement(text(Story.scraper())),
        recorded("delegate", "agent:researcher"));
    Chain narrowed = Story.own(Story.planner(), "check if tool(\"jira.get\");");
    add(
        "a token narrowed by its holder",
        Story.planner(),
        statement(text(narrowed)),
        recorded("delegate", "agent:planner"));
    Chain justified = JustificationCases.justifiedUntil(JustificationCases.LAST_DATE);
    add(
        "a justification",
        JustificationCases.ifJustified(),
        statement(text(justified)),
        recorded("justify", "agent:planner"));
    add(
        "a token sealed by its holder",
        Story.planner(),
        sealing(Story.planner()),
        recorded("seal", "agent:planner"));
    add(
        "a token sealed by its last holder",
        Story.researcher(),
        sealing(Story.researcher()),
        recorded("seal", "agent:researcher"));
    add(
        "a token sealed whose last block is signed with P-256",
        Story.scraper(),
        sealing(Story.scraper()),
        recorded("seal", "agent:scraper"));
    add(
        "members in another order, with space",
        Story.planner(),
        "{ \"token\" : \"" + text(Story.researcher()) + "\",\n\"format\":\"taper/1 statement\" }",
        recorded("delegate", "agent:planner"));
  }

  private void addOtherTokens() {
    ObjectNode other = Cases.code("other_token");
    add("two blocks more", Story.planner(), statement(text(Story.scraper())), other);
    add("no block more", Story.planner(), statement(text(Story.planner())), other);
    add("a block less", Story.researcher(), statement(text(Story.planner())), other);
    Chain granted = Story.granted("mail.send");
    Chain handedOn =
        granted.then("holder(\"agent:researcher\");", Cast.PLANNER, Cast.RESEARCHER.publicKey());
    add("one block more than another token", Story.planner(), statement(text(handedOn)), other);
    add("another token sealed", Story.planner(), sealing(Story.researcher()), other);
  }

  private void malformed(String name, String content) {
    add(name, Story.planner(), content, Cases.code("malformed_statement"));
  }

  private void addMalformed() {
    String good = statement(text(Story.researcher()));
    malformed("nothing", "");
    malformed("no object", "[]");
    malformed("no token", "{\"format\":\"taper/1 statement\"}");
    malformed("no format", "{\"token\":\"" + text(Story.researcher()) + "\"}");
    malformed("another format", good.replace("/1", "/2"));
    malformed("another member", good.replace("{", "{\"kind\":\"allow\","));
    malformed("a member twice", good.replace("{", "{\"format\":\"taper/1 statement\","));
    malformed("a number", "{\"format\":\"taper/1 statement\",\"token\":1}");
    malformed("something behind it", good + "{}");
    malformed("too long", good + " ".repeat(MOST_BYTES + 1 - good.length()));
    String bearer = Messages.base64(Story.bearer().bearer(Cast.THROW_AWAY));
    malformed("a bearer token", statement(bearer));
    String digest = Story.planner().digest();
    malformed("a sealed token", statement(Messages.base64(Story.planner().sealed(Cast.PLANNER))));
    malformed("a token and a seal", good.replace("{", "{\"sealed\":\"" + digest + "\","));
    malformed("a seal of no token", sealing(""));
    malformed("a digest in capitals", sealing(digest.toUpperCase(Locale.ROOT)));
    malformed("a digest that is cut off", sealing(digest.substring(2)));
    malformed("a seal twice", sealing(digest).replace("{", "{\"sealed\":\"" + digest + "\","));
  }
}
