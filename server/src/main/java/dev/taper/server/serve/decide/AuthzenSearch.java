package dev.taper.server.serve.decide;

import dev.taper.JsonMembers;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.Digests;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A search for actions of AuthZEN 1.0: which tools its holder may try. For one thread.
 *
 * @param subject the name of the agent, as its token has it
 * @param token in base64url
 * @param proof of form 4, in base64url; null without one
 * @param resource the resource, or the tool, that the actions are about
 * @param isTool whether it is a tool
 * @param start how many results were given before
 * @param limit the most results
 */
record AuthzenSearch(
    String subject,
    String token,
    @Nullable String proof,
    String resource,
    boolean isTool,
    int start,
    int limit) {
  private static final int MAX_PAGE = 1000;
  private static final int DIGEST = 8;
  private static final Pattern START = Pattern.compile("([1-9][0-9]{0,5})-[0-9a-f]{16}");

  /** Reads a search. */
  static AuthzenSearch read(JsonMembers<QuestionException> json) throws QuestionException {
    JsonMembers<QuestionException> subject = json.object("subject");
    AuthzenQuestion.requireType(subject, "agent");
    JsonMembers<QuestionException> properties = subject.object("properties");
    JsonMembers<QuestionException> resource = json.object("resource");
    boolean isTool = AuthzenQuestion.isTool(resource);
    JsonMembers<QuestionException> page = json.objectOrNull("page");
    Integer limit = page == null ? null : page.integerOrNull("limit");
    AuthzenSearch first =
        new AuthzenSearch(
            subject.text("id"),
            properties.text("token"),
            properties.textOrNull("proof"),
            resource.text("id"),
            isTool,
            0,
            limit == null || limit == 0 ? MAX_PAGE : Math.min(limit, MAX_PAGE));
    String given = page == null ? null : page.textOrNull("token");
    return page == null || given == null || given.isEmpty() ? first : first.behind(given, page);
  }

  /** The same search, behind a page; only its proof may be another one. */
  private AuthzenSearch behind(String given, JsonMembers<QuestionException> page)
      throws QuestionException {
    Matcher read = START.matcher(given);
    if (read.matches()) {
      int from = Integer.parseInt(read.group(1));
      if (given.equals(tokenOf(from))) {
        return new AuthzenSearch(subject, token, proof, resource, isTool, from, limit);
      }
    }
    throw page.invalid("token", "is none that was given for this search");
  }

  /** The token of the page behind so many results; it names the search that it is good for. */
  String tokenOf(int count) {
    MessageDigest digest = Digests.sha256();
    for (String part : List.of(subject, token, resource, isTool + " " + limit + " " + count)) {
      digest.update(part.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return count + "-" + HexFormat.of().formatHex(digest.digest(), 0, DIGEST);
  }

  /**
   * True if the token is held by whom the search names.
   *
   * @throws dev.taper.TaperException if it is no token
   */
  boolean isOfItsSubject() {
    var hops = AgentToken.decode(token).chain().hops();
    return hops.get(hops.size() - 1).holderName().equals(subject);
  }

  /** Of tools that may be tried, those that can be about the resource. */
  List<String> about(List<String> tools, @Nullable ToolCatalog catalog) {
    List<String> about = new ArrayList<>();
    for (String name : tools) {
      CatalogTool tool = catalog == null ? null : catalog.tools().get(name);
      if (tool != null && (isTool ? resource.equals(name) : canName(tool.resource()))) {
        about.add(name);
      }
    }
    return about;
  }

  /** True if a template can become the resource, whatever its arguments are. */
  private boolean canName(@Nullable String template) {
    if (template == null) {
      return false;
    }
    // Each argument stands for any text, so that nothing is left out that fits. There is one pass
    // from the left: the literal parts have to be there in their order.
    String[] literals = template.split("\\{[^{}]*}", -1);
    int at = literals[0].length();
    if (!resource.startsWith(literals[0])) {
      return false;
    }
    for (int i = 1; i < literals.length; i++) {
      boolean isLast = i == literals.length - 1;
      int found =
          isLast ? resource.length() - literals[i].length() : resource.indexOf(literals[i], at + 1);
      if (found <= at || !resource.startsWith(literals[i], found)) {
        return false;
      }
      at = found + literals[i].length();
    }
    return at == resource.length();
  }
}
