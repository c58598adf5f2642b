package dev.taper.agent.grant;

import static dev.taper.agent.grant.RandomRequest.pick;

import dev.taper.agent.call.HostClass;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Seeded grants, conditions and blocks, most of them just wide enough for a given request. */
final class RandomGrants {
  private static final List<String> TOOL_PATTERNS =
      List.of(
          "jira.search", "jira.*", "jira.issue.*", "jira.issue.read", "crm.*", "crmx.read", "jira");
  private static final List<String> RESOURCE_PATTERNS =
      List.of(
          "jira:",
          "jira:project/ACME/",
          "jira:project/ACME/Q3/",
          "jira:project/ACME/Q3/12",
          "jira:project/",
          "doc 1",
          "jira:project");

  private final Random random;

  RandomGrants(Random random) {
    this.random = random;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** A block of up to two grant checks and some conditions. */
  Block block(RandomRequest near) {
    Block.Builder block = Block.builder();
    for (int i = chance(10) ? 2 : chance(90) ? 1 : 0; i > 0; i--) {
      block.check(grants(near).check());
    }
    for (Condition condition : conditions(near)) {
      block.check(condition.check());
    }
    return block.build();
  }

  Grants grants(RandomRequest near) {
    List<Grant> alternatives = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      alternatives.add(grant(chance(85) ? near : new RandomRequest(random)));
    }
    return new Grants(alternatives);
  }

  List<Condition> conditions(RandomRequest near) {
    List<Condition> conditions = new ArrayList<>();
    if (chance(40)) {
      conditions.add(Condition.expires(near.time.plusSeconds(chance(90) ? 1 : 0)));
    }
    if (chance(20)) {
      conditions.add(Condition.notBefore(near.time.plusSeconds(chance(90) ? 0 : 1)));
    }
    if (chance(20)) {
      conditions.add(
          chance(50)
              ? Condition.audience(near.audience)
              : Condition.audience(near.audience, pick(random, RandomRequest.AUDIENCES)));
    }
    if (chance(15)) {
      conditions.add(Condition.maxDepth(chance(90) ? near.depth : Math.max(0, near.depth - 1)));
    }
    if (chance(near.verified ? 15 : 2)) {
      conditions.add(Condition.verifiedHolder());
    }
    return conditions;
  }

  /** A grant that as a rule covers the request. */
  Grant grant(RandomRequest near) {
    Grant grant = chance(20) ? Grant.anyTool() : Grant.tools(tools(near.tool));
    if (near.operation != null && chance(60)) {
      grant = grant.operations(near.operation);
      grant = chance(40) ? grant.operations(pick(random, RandomRequest.OPERATIONS)) : grant;
    }
    if (near.resource != null && chance(60)) {
      grant = grant.resources(resources(near.resource));
    }
    for (Map.Entry<String, String> arg : near.args.entrySet()) {
      for (int i = chance(40) ? 1 + random.nextInt(2) : 0; i > 0; i--) {
        Constraint constraint = constraint(arg.getKey(), arg.getValue());
        Grant one = Grant.anyTool().where(constraint);
        if (Grant.anyTool().where(grant.constraints().toArray(new Constraint[0])).intersect(one)
            != null) {
          grant = grant.where(constraint);
        }
      }
    }
    if (chance(10)) {
      List<String> names = new ArrayList<>(near.args.keySet());
      if (chance(20) && !names.isEmpty()) {
        names.remove(0);
      }
      grant = grant.onlyArguments(names.toArray(new String[0]));
    }
    return dormant(grant, near);
  }

  private Grant dormant(Grant grant, RandomRequest near) {
    Grant dormant = grant;
    if (chance(near.justifiedFor > 0 ? 15 : 1)) {
      dormant =
          chance(50)
              ? dormant.ifJustified()
              : dormant.ifJustified(
                  Duration.ofSeconds(Math.max(60, near.justifiedFor - (chance(10) ? 60 : 0))));
    }
    for (int i = chance(15) ? 1 + random.nextInt(2) : 0; i > 0; i--) {
      Set<PublicKey> named = new LinkedHashSet<>(near.approvers);
      int count = named.size() - (chance(80) ? random.nextInt(2) : -1);
      named.add(pick(random, RandomRequest.APPROVERS));
      if (count > 0 && count <= named.size()) {
        dormant = dormant.ifApproved(count, named.toArray(new PublicKey[0]));
      }
    }
    if (chance(near.persons.isEmpty() ? 2 : 15)) {
      String group = pick(random, RandomRequest.GROUPS);
      int some = near.persons.getOrDefault(group, Set.of()).size();
      dormant = dormant.ifApprovedByGroup(Math.max(1, some - (chance(30) ? 1 : 0)), group);
    }
    return dormant;
  }

  private String[] tools(String tool) {
    List<String> patterns = new ArrayList<>(List.of(tool));
    for (String pattern : TOOL_PATTERNS) {
      if (new ToolPattern(pattern).matches(tool) && chance(30)) {
        patterns.set(0, pattern);
      }
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      patterns.add(pick(random, TOOL_PATTERNS));
    }
    return patterns.toArray(new String[0]);
  }

  private String[] resources(String resource) {
    List<String> patterns = new ArrayList<>(List.of(resource));
    for (String pattern : RESOURCE_PATTERNS) {
      if (new ResourcePattern(pattern).matches(resource) && chance(40)) {
        patterns.set(0, pattern);
      }
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      patterns.add(pick(random, RESOURCE_PATTERNS));
    }
    return patterns.toArray(new String[0]);
  }

  /** A constraint on an argument that its value as a rule satisfies, often only just. */
  private Constraint constraint(String name, String json) {
    Constraint.Argument arg = Constraint.arg(name);
    if (json.matches("-?[0-9.]+") && !json.contains(".") && chance(50)) {
      long value = Long.parseLong(json);
      long slack = chance(50) ? 0 : random.nextInt(3);
      return switch (random.nextInt(6)) {
        case 0 -> arg.atLeast(value - slack);
        case 1 -> arg.moreThan(value - 1 - slack);
        case 2 -> arg.atMost(value + slack);
        case 3 -> arg.lessThan(value + 1 + slack);
        case 4 -> arg.in(value, value + 1, "1", null);
        default -> chance(50) ? arg.is(value) : arg.notIn(value - 1, value + 1);
      };
    }
    if (json.matches("-?[0-9.]+")) {
      BigDecimal value = new BigDecimal(json);
      BigDecimal step = new BigDecimal("0.000001");
      BigDecimal slack =
          chance(50) ? BigDecimal.ZERO : step.multiply(new BigDecimal(random.nextInt(3)));
      return switch (random.nextInt(4)) {
        case 0 -> arg.atLeast(value.subtract(slack));
        case 1 -> arg.moreThan(value.subtract(step).subtract(slack));
        case 2 -> arg.atMost(value.add(slack));
        default -> arg.lessThan(value.add(step).add(slack));
      };
    }
    if (json.startsWith("[")) {
      return arrayConstraint(name, arg);
    }
    if (!json.startsWith("\"")) {
      return chance(50) ? arg.in(true, false) : chance(50) ? arg.is(null) : arg.notIn(null, 5, "x");
    }
    return textConstraint(name, arg, json.substring(1, json.length() - 1));
  }

  private Constraint arrayConstraint(String name, Constraint.Argument arg) {
    boolean links = name.equals("links");
    return switch (random.nextInt(links ? 7 : 5)) {
      case 0 -> arg.lengthAtMost(random.nextInt(3));
      case 1 -> arg.eachIn(pick(random, RandomRequest.LABELS), pick(random, RandomRequest.LABELS));
      case 2 ->
          arg.eachStartsWith(pick(random, links ? List.of("http", "https://") : List.of("b", "t")));
      case 3 -> arg.eachEndsWith(pick(random, List.of("g", "e", "/", "a")));
      case 4 -> arg.eachMatches(pick(random, List.of("[a-z]+", "[^ ]*", "https:.*", "q3|bug")));
      case 5 -> arg.eachHostIn("acme.com", "*.acme.com", "evil-acme.com");
      default -> arg.eachHostIn("*.com", "acme.com", "localhost", "10.0.0.1", "[::1]");
    };
  }

  /** A constraint on a URL's port, or on the network of its host. */
  private Constraint placeConstraint(Constraint.Argument arg, String text) {
    int port = text.contains(":8080") ? 8080 : text.startsWith("https") ? 443 : 80;
    return switch (random.nextInt(5)) {
      case 0 -> arg.portIn(port);
      case 1 -> arg.portIn(port, pick(random, List.of(22, 80, 443)));
      case 2 -> arg.portBetween(chance(50) ? 1 : port, chance(50) ? 65_535 : port + 1);
      case 3 -> arg.ipIn("10.0.0.0/8", "::/64");
      default -> arg.ipIn(pick(random, List.of("0.0.0.0/0", "10.0.0.0/29", "::1/128")));
    };
  }

  private Constraint textConstraint(String name, Constraint.Argument arg, String text) {
    if (name.equals("url") && chance(75)) {
      if (chance(40)) {
        return placeConstraint(arg, text);
      }
      String host = text.substring(text.indexOf("//") + 2).replaceAll("(:[0-9]+)?/.*", "");
      return switch (random.nextInt(4)) {
        case 0 -> arg.schemeIn(text.substring(0, text.indexOf(':')));
        case 1 -> chance(50) ? arg.schemeIn("http", "https") : arg.hostIn("acme.com", "*.acme.com");
        case 2 -> chance(60) ? arg.hostIn(host) : arg.hostIn(host, "localhost", "*.com");
        default ->
            chance(50)
                ? arg.hostClassIn(HostClass.PUBLIC)
                : arg.hostClassIn(HostClass.PUBLIC, HostClass.LOOPBACK);
      };
    }
    if (name.equals("file") && chance(75)) {
      return arg.under(chance(70) ? "/data" : chance(50) ? text : "/data/a");
    }
    return switch (random.nextInt(6)) {
      case 0 -> arg.is(text);
      case 1 -> arg.in(text, pick(random, RandomRequest.STATES));
      case 2 -> arg.notIn(pick(random, RandomRequest.STATES), 7);
      case 3 ->
          text.isEmpty()
              ? arg.is("")
              : arg.startsWith(text.substring(0, 1 + random.nextInt(text.length())));
      case 4 ->
          arg.matches(
              pick(
                  random,
                  List.of("[a-z ]*", "open|closed", "/data(/[a-z]+)*", "h\\w+:.*", ".{0,9}")));
      default ->
          arg.lengthAtMost(
              chance(50)
                  ? text.length()
                  : text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
    };
  }
}
