package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.McpWorld.CALL;
import static dev.taper.testvectors.profile.McpWorld.DELETE;
import static dev.taper.testvectors.profile.McpWorld.DELETE_7;
import static dev.taper.testvectors.profile.McpWorld.FOUND;
import static dev.taper.testvectors.profile.McpWorld.INVALID;
import static dev.taper.testvectors.profile.McpWorld.SEARCH;
import static dev.taper.testvectors.profile.McpWorld.approval;
import static dev.taper.testvectors.profile.McpWorld.at;
import static dev.taper.testvectors.profile.McpWorld.carried;
import static dev.taper.testvectors.profile.McpWorld.chain;
import static dev.taper.testvectors.profile.McpWorld.error;
import static dev.taper.testvectors.profile.McpWorld.message;
import static dev.taper.testvectors.profile.McpWorld.passed;
import static dev.taper.testvectors.profile.McpWorld.proof;
import static dev.taper.testvectors.profile.McpWorld.proven;
import static dev.taper.testvectors.profile.McpWorld.refusal;
import static dev.taper.testvectors.profile.McpWorld.result;
import static dev.taper.testvectors.profile.McpWorld.searching;
import static dev.taper.testvectors.profile.McpWorld.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages to a guarded server of the Model Context Protocol, and what becomes of them. */
final class McpCases {
  private final Cases cases =
      new Cases(
          "mcp",
          "Messages to a guarded server (docs/binding.md, MCP), which gets them in turn. service"
              + " also has the names of the server's tools, and of those with a schema of what they"
              + " give. passed is what a handler gets as params, in canonical form, and meaning the"
              + " call; offer names the tools that a list may have, and listed what is left of"
              + " service's resources, templates or prompts. A refusal has the names of its"
              + " members, and is the error of a number, or a result, with structured content or"
              + " not.");

  private McpCases() {}

  static JsonNode file() {
    McpCases all = new McpCases();
    all.addServed();
    all.addForms();
    all.addCredentials();
    all.addMeanings();
    all.addDenied();
    all.addLists();
    all.addEntries();
    return all.cases.file();
  }

  private void add(String name, @Nullable String attack, String message, ObjectNode expect) {
    add(name, attack, List.of(at(Cast.NOON, message, expect)));
  }

  private void add(String name, @Nullable String attack, List<ObjectNode> messages) {
    cases.add(name, attack, "service", service(), "messages", messages);
  }

  private void addServed() {
    add("a call", null, searching(), passed(SEARCH, FOUND));
    String spaced = searching().replace("\"limit\":5", "\"limit\": 5.0");
    add("a number spelled otherwise", null, spaced, passed(SEARCH, FOUND));
    String traced =
        searching()
            .replace(
                "\"_meta\":{",
                "\"_meta\":{\"progressToken\":1,\"traceparent\":\"a\",\"x\":2,"
                    + "\"io.modelcontextprotocol/related-task\":{},");
    add(
        "other members of _meta, of which the protocol's are passed on",
        null,
        traced,
        passed(
            "{\"_meta\":{\"io.modelcontextprotocol/related-task\":{},\"progressToken\":1,"
                + "\"traceparent\":\"a\"},"
                + SEARCH.substring(1),
            FOUND));
    String bare = "{\"name\":\"search\"}";
    String none = FOUND.replace("\"limit\":5", "");
    add("no arguments", null, proven(CALL, bare), passed(bare, none));
    String empty = "{\"arguments\":{},\"name\":\"search\"}";
    add("empty arguments", null, proven(CALL, empty), passed(empty, none));
    String boss = approval(Cast.BOSS);
    add("an approval", null, proven(CALL, DELETE, boss), passed(DELETE, DELETE_7));
    String noApprovals =
        searching().replace("\"_meta\":{", "\"_meta\":{\"dev.taper/approvals\":[],");
    add("an empty array of approvals", null, noApprovals, passed(SEARCH, FOUND));
    String uri = "{\"uri\":\"file:///srv/a\"}";
    add(
        "a resource",
        null,
        proven("resources/read", uri),
        passed(
            uri,
            "{\"args\":{\"uri\":\"file:///srv/a\"},\"operation\":\"read\","
                + "\"resource\":\"file:///srv/a\",\"tool\":\"jira.files\"}"));
    add(
        "a tool that the server has no more",
        null,
        proven(CALL, "{\"name\":\"gone\"}"),
        passed(
            "{\"name\":\"gone\"}", "{\"args\":{},\"operation\":\"read\",\"tool\":\"jira.gone\"}"));
    addOpen();
  }

  private void addOpen() {
    add("a greeting", null, message("initialize", "{}", ""), Json.object("passed", "{}"));
    add(
        "a token in an open message, which is not passed on",
        null,
        message("ping", "{}", "\"x\":1," + carried(chain(), null)),
        Json.object("passed", "{\"_meta\":{\"x\":1}}"));
    add(
        "an open message without params",
        null,
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
        Json.object("passed", "{}"));
    add(
        "a notification",
        null,
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
        Json.object("passed", "{}"));
  }

  private void addForms() {
    ObjectNode invalid = result(400, INVALID, "detail");
    for (String meta : List.of("1", "[]", "\"x\"")) {
      add(
          "_meta that is " + meta,
          null,
          searching().replaceFirst("\"_meta\":\\{[^}]*}", "\"_meta\":" + meta),
          invalid);
    }
    String deep = "{\"a\":".repeat(16) + "1" + "}".repeat(16);
    add(
        "params of 17 levels",
        "json_confusion",
        message(CALL, "{\"arguments\":" + deep + "}", carried(chain(), null)),
        invalid);
    String token = "\"dev.taper/token\":";
    String good = carried(chain(), null);
    add("a token that is no text", null, message(CALL, SEARCH, token + "1"), invalid);
    add("a token of null", null, message(CALL, SEARCH, token + "null"), invalid);
    add(
        "a proof that is no text",
        null,
        message(CALL, SEARCH, good + ",\"dev.taper/proof\":[\"x\"]"),
        invalid);
    add(
        "approvals that are no array",
        null,
        message(CALL, SEARCH, good + ",\"dev.taper/approvals\":\"x\""),
        invalid);
    add(
        "an approval that is no text",
        null,
        message(CALL, SEARCH, good + ",\"dev.taper/approvals\":[1]"),
        invalid);
    ObjectNode large = result(431, "fields_too_large", "detail");
    String longest = "A".repeat(8_193);
    add(
        "a token that is too long",
        null,
        message(CALL, SEARCH, token + '"' + longest + '"'),
        large);
    String approvals = ("\"" + longest.substring(1) + "\",").repeat(8);
    add(
        "more than all may have together",
        null,
        message(
            CALL,
            SEARCH,
            good
                + ",\"dev.taper/approvals\":["
                + approvals.substring(0, approvals.length() - 1)
                + "]"),
        large);
  }

  private void addCredentials() {
    String nobody = message(CALL, SEARCH, "");
    add("no token", null, nobody, result(401, "token_required"));
    add(
        "no params",
        null,
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"}",
        result(401, "token_required"));
    add(
        "a token that is none",
        "hostile_bytes",
        message(CALL, SEARCH, "\"dev.taper/token\":\"AAAA\""),
        result(401, "malformed_token"));
    String thief = message(CALL, SEARCH, carried(chain(), null));
    add("no proof", "stolen_token", thief, result(401, "proof_required", "detail"));
    String by = proof(Sent.mcp(CALL, SEARCH), chain(), Cast.MALLORY);
    add(
        "a proof by another key",
        "proof_by_another_key",
        message(CALL, SEARCH, carried(chain(), by)),
        result(401, "proof_mismatch", "detail"));
    ObjectNode mismatch = result(401, "request_mismatch", "detail");
    String changed = "request_changed";
    add("another number", changed, searching().replace("\"limit\":5", "\"limit\":6"), mismatch);
    add(
        "another method",
        changed,
        message(
            CALL,
            SEARCH,
            carried(chain(), proof(Sent.mcp("prompts/get", SEARCH), chain(), Cast.PLANNER))),
        mismatch);
    add(
        "no arguments where there were empty ones",
        changed,
        proven(CALL, "{\"arguments\":{},\"name\":\"search\"}").replace("\"arguments\":{},", ""),
        mismatch);
    add(
        "a question's proof",
        changed,
        message(CALL, SEARCH, carried(chain(), proof(Sent.offer(), chain(), Cast.PLANNER))),
        mismatch);
    String boss = approval(Cast.BOSS);
    add(
        "an approval less",
        changed,
        proven(CALL, DELETE, boss).replaceFirst(",\"dev.taper/approvals\":\\[[^]]*]", ""),
        mismatch);
    add(
        "a message that is sent again",
        "proof_replayed",
        List.of(
            at(Cast.NOON, searching(), passed(SEARCH, FOUND)),
            at(Cast.NOON, searching(), result(401, "proof_replayed", "detail"))));
    add(
        "a proof after its window",
        "proof_out_of_window",
        List.of(
            at(
                Cast.NOON.plus(Duration.ofMillis(60_001)),
                searching(),
                result(401, "proof_expired", "detail"))));
  }

  private void addMeanings() {
    String name = "{\"name\":\"nothing\"}";
    ObjectNode unknown = error(-32602, 404, "unknown_tool", "detail");
    add("a tool that nobody has", "argument_smuggled", proven(CALL, name), unknown);
    add(
        "a tool that nobody has, by a thief",
        "stolen_token",
        message(CALL, name, carried(chain(), null)),
        result(401, "proof_required"));
    add(
        "a tool that the server has and the catalog has not",
        "argument_smuggled",
        proven(CALL, "{\"name\":\"hidden\"}"),
        unknown);
    add("no name", "argument_smuggled", proven(CALL, "{}"), unknown);
    String deep = "{\"a\":".repeat(15) + "1" + "}".repeat(15);
    add(
        "params of 16 levels, which can be proven",
        "argument_smuggled",
        proven(CALL, "{\"arguments\":" + deep + ",\"name\":\"search\"}"),
        result(400, "unknown_argument", "detail"));
    add(
        "a method that the catalog does not name",
        "argument_smuggled",
        proven("completion/complete", "{}"),
        error(-32601, 404, "unknown_tool", "detail"));
    add(
        "an argument too many",
        "argument_smuggled",
        proven(CALL, "{\"arguments\":{\"x\":1},\"name\":\"search\"}"),
        result(400, "unknown_argument", "detail"));
    add(
        "a task",
        "argument_smuggled",
        proven(CALL, "{\"name\":\"search\",\"task\":{}}"),
        error(-32602, 400, "unknown_argument", "detail"));
    add(
        "a task, by anybody",
        null,
        message(CALL, "{\"name\":\"search\",\"task\":{}}", ""),
        error(-32602, 400, "unknown_argument", "detail"));
    add(
        "an argument missing",
        "argument_confusion",
        proven(CALL, "{\"name\":\"delete\"}"),
        result(400, INVALID, "detail"));
    add(
        "an argument of another type",
        "argument_confusion",
        proven(CALL, "{\"arguments\":{\"limit\":\"5\"},\"name\":\"search\"}"),
        result(400, "invalid_argument_type", "detail"));
    for (String more :
        List.of(
            "\"inputResponses\":{},\"name\":\"search\"",
            "\"name\":\"search\",\"requestState\":\"x\"")) {
      add(
          "what a person answered: " + more,
          null,
          proven(CALL, "{" + more + "}"),
          error(-32602, 400, "input_not_accepted", "detail"));
    }
  }

  private void addDenied() {
    ObjectNode scope =
        Json.object(
            "result",
            true,
            "structured",
            false,
            "refusal",
            refusal(403, "out_of_scope", "decision", "detail"));
    add("a tool that is not granted", "wider_hop", proven(CALL, "{\"name\":\"close\"}"), scope);
    add(
        "a call without its approval",
        null,
        proven(CALL, DELETE),
        result(403, "approval_required", "decision", "detail"));
    add(
        "a resource that is not granted",
        "wider_hop",
        proven("resources/read", "{\"uri\":\"file:///etc/passwd\"}"),
        error(403, 403, "out_of_scope", "decision", "detail"));
    add(
        "a prompt that is not granted",
        "wider_hop",
        proven("prompts/get", "{\"name\":\"x\"}"),
        error(403, 403, "out_of_scope", "decision", "detail"));
    add(
        "a resource, by a thief",
        "stolen_token",
        message("resources/read", "{\"uri\":\"file:///srv/a\"}", carried(chain(), null)),
        error(401, 401, "proof_required", "detail"));
  }

  private void addLists() {
    String asked = carried(chain(), proof(Sent.offer(), chain(), Cast.PLANNER));
    ObjectNode offer =
        Json.object("offer", List.of("jira.delete", "jira.files", "jira.gone", "jira.search"));
    List<ObjectNode> twice = new ArrayList<>();
    twice.add(at(Cast.NOON, message("tools/list", "{}", asked), offer));
    twice.add(at(Cast.NOON, message("resources/list", "{}", asked), offer));
    add("lists, with one proof", null, twice);
    add("a further page", null, message("tools/list", "{\"cursor\":\"x\"}", asked), offer);
    add(
        "a list for nobody",
        null,
        message("prompts/list", "{}", ""),
        error(401, 401, "token_required"));
    add(
        "a list without a proof",
        "stolen_token",
        message("tools/list", "{}", carried(chain(), null)),
        error(401, 401, "proof_required", "detail"));
    add(
        "a list with a call's proof",
        "request_changed",
        proven("tools/list", "{}"),
        error(401, 401, "request_mismatch", "detail"));
    add(
        "a list too late",
        "proof_out_of_window",
        List.of(
            at(
                Cast.NOON.plus(Duration.ofMillis(60_001)),
                message("tools/list", "{}", asked),
                error(401, 401, "proof_expired", "detail"))));
  }

  /** Lists of what is read or got by one method, entry by entry. */
  private void addEntries() {
    entries(
        "resources/list",
        List.of("file:///srv/a", "file:///etc/a", "file:///srv/../etc/a", "file:///srv"),
        List.of("file:///srv/a"));
    entries(
        "resources/templates/list",
        List.of(
            "file:///srv/{name}",
            "file:///{+path}",
            "{+uri}",
            "file:///srv\u00e4/{name}",
            "file:///s%72v/{name}",
            "file:///etc/{name}",
            "file:///etc/a"),
        List.of(
            "file:///srv/{name}",
            "file:///{+path}",
            "{+uri}",
            "file:///srv\u00e4/{name}",
            "file:///s%72v/{name}"));
    entries("prompts/list", List.of("greet", "other"), List.of("greet"));
  }

  private void entries(String method, List<String> all, List<String> left) {
    Chain chain = Story.granted("jira.files on file:///srv/* or jira.prompts where name = greet");
    String asked = carried(chain, proof(Sent.offer(), chain, Cast.PLANNER));
    ObjectNode service = service();
    service.setAll(Json.object(method.replaceAll(".*?(\\w+)/list", "$1"), all));
    ObjectNode expect = Json.object("offer", List.of("jira.files", "jira.prompts"), "listed", left);
    cases.add(
        method + ", entry by entry",
        "wider_hop",
        "service",
        service,
        "messages",
        List.of(at(Cast.NOON, message(method, "{}", asked), expect)));
    ObjectNode nothing = Json.object("offer", List.of("jira.search"), "listed", List.of());
    Chain searching = Story.granted("jira.search");
    String other = carried(searching, proof(Sent.offer(), searching, Cast.PLANNER));
    cases.add(
        method + ", whose tool is not offered",
        "wider_hop",
        "service",
        service,
        "messages",
        List.of(at(Cast.NOON, message(method, "{}", other), nothing)));
  }
}
