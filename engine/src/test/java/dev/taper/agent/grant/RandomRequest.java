package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ToolCall;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A request out of a small world, so that grants and requests meet often. */
final class RandomRequest {
  static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  static final List<String> TOOLS =
      List.of(
          "jira.search", "jira.issue.read", "jira.issue.write", "jira", "crm.read", "crmx.read");
  static final List<String> OPERATIONS = List.of("read", "list", "write");
  static final List<String> RESOURCES =
      List.of(
          "jira:project/ACME/Q3/12",
          "jira:project/ACME/Q3/",
          "jira:project/ACME/Q4/1",
          "jira:project/ACMEX/1",
          "jira:project",
          "doc 1");
  static final List<String> AUDIENCES = List.of("svc:jira", "svc:crm", "svc:http");
  static final List<String> STATES = List.of("open", "closed", "in review", "öffen", "");
  static final List<String> URLS =
      List.of(
          "https://acme.com/a",
          "https://api.acme.com/a",
          "https://evil-acme.com/a",
          "http://acme.com:8080/a",
          "https://10.0.0.1/",
          "https://[::1]/",
          "http://[::ffff:a00:9]/",
          "jira://acme.com/a",
          "http://localhost/x");
  static final List<String> PATHS =
      List.of("/data", "/data/a", "/data/a/b", "/data2", "/etc/passwd", "/dat");
  static final List<String> LABELS = List.of("bug", "triage", "q3");

  static final List<String> PERSONS = List.of("user:a", "user:b", "user:c");
  static final List<String> GROUPS = List.of("finance", "legal");

  static final List<PublicKey> APPROVERS = List.of(key(1), key(2), key(3), key(4));

  String tool;
  @Nullable String operation;
  @Nullable String resource;
  String audience;
  Instant time = NOW;
  int depth;
  boolean verified;

  /** The window of the justification in seconds; 0 if there is none. */
  int justifiedFor;

  final Set<PublicKey> approvers = new LinkedHashSet<>();

  /** Who approved, by group. */
  final Map<String, Set<String>> persons = new TreeMap<>();

  /** Each value as JSON. */
  final Map<String, String> args = new TreeMap<>();

  RandomRequest(Random random) {
    tool = pick(random, TOOLS);
    operation = random.nextInt(5) == 0 ? null : pick(random, OPERATIONS);
    resource = random.nextInt(5) == 0 ? null : pick(random, RESOURCES);
    audience = pick(random, AUDIENCES);
    depth = random.nextInt(4);
    verified = random.nextBoolean();
    for (String name :
        List.of("limit", "amount", "state", "url", "file", "labels", "links", "flag")) {
      if (random.nextInt(3) > 0) {
        args.put(name, value(name, random));
      }
    }
    justifiedFor = random.nextInt(4) * 60;
    for (PublicKey approver : APPROVERS) {
      if (random.nextBoolean()) {
        approvers.add(approver);
      }
    }
    for (String group : GROUPS) {
      Set<String> some = new TreeSet<>();
      for (int i = random.nextInt(3); i > 0; i--) {
        some.add(pick(random, PERSONS));
      }
      if (!some.isEmpty()) {
        persons.put(group, some);
      }
    }
  }

  private static PublicKey key(int number) {
    String algorithm = number % 2 == 0 ? "ed25519" : "secp256r1";
    return PrivateKey.parse(algorithm + "-private/" + "0".repeat(63) + number).publicKey();
  }

  RandomRequest(RandomRequest other) {
    tool = other.tool;
    operation = other.operation;
    resource = other.resource;
    audience = other.audience;
    time = other.time;
    depth = other.depth;
    verified = other.verified;
    justifiedFor = other.justifiedFor;
    approvers.addAll(other.approvers);
    persons.putAll(other.persons);
    args.putAll(other.args);
  }

  static <T> T pick(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static String value(String name, Random random) {
    return switch (name) {
      case "limit" -> String.valueOf(random.nextInt(7) - 1);
      case "amount" -> new BigDecimal(random.nextInt(40)).movePointLeft(1).toPlainString();
      case "state" -> quoted(pick(random, STATES));
      case "url" -> quoted(pick(random, URLS));
      case "file" -> quoted(pick(random, PATHS));
      case "labels" -> array(LABELS, random);
      case "links" -> array(random.nextInt(8) == 0 ? PATHS : URLS, random);
      default -> pick(random, List.of("true", "false", "null", "{\"a\":1}"));
    };
  }

  private static String array(List<String> texts, Random random) {
    StringBuilder out = new StringBuilder("[");
    for (int i = random.nextInt(3); i > 0; i--) {
      out.append(quoted(pick(random, texts))).append(i > 1 ? "," : "");
    }
    return out.append(']').toString();
  }

  static String quoted(String text) {
    return '"' + text + '"';
  }

  /** The same but for one thing, by the smallest step where there are steps. */
  RandomRequest nearby(Random random) {
    RandomRequest next = new RandomRequest(this);
    switch (random.nextInt(11)) {
      case 0 -> next.tool = pick(random, TOOLS);
      case 1 -> next.operation = random.nextBoolean() ? null : pick(random, OPERATIONS);
      case 2 -> next.resource = random.nextInt(3) == 0 ? null : pick(random, RESOURCES);
      case 3 -> next.time = time.plusSeconds(random.nextInt(3) - 1);
      case 4 -> {
        next.audience = pick(random, AUDIENCES);
        next.depth = Math.max(0, depth + random.nextInt(3) - 1);
        next.verified = random.nextBoolean();
      }
      case 5 -> {
        next.justifiedFor = Math.max(0, justifiedFor + 60 * (random.nextInt(3) - 1));
        if (!next.approvers.remove(pick(random, APPROVERS))) {
          next.approvers.add(pick(random, APPROVERS));
        }
        next.persons.remove(pick(random, GROUPS));
      }
      default -> next.changeArgument(random);
    }
    return next;
  }

  private void changeArgument(Random random) {
    if (args.isEmpty()) {
      args.put("limit", "1");
      return;
    }
    String name = pick(random, List.copyOf(args.keySet()));
    String old = args.getOrDefault(name, "");
    switch (random.nextInt(6)) {
      case 0 -> args.remove(name);
      case 1 -> args.put(name, pick(random, List.of("1", "\"1\"", "[]", "null", "true", "[1]")));
      default -> {
        if (name.equals("limit") || name.equals("amount")) {
          args.put(name, step(old, random));
        } else {
          args.put(name, value(name, random));
        }
      }
    }
  }

  private static String step(String number, Random random) {
    if (!number.matches("-?[0-9.]+")) {
      return "2";
    }
    String step = pick(random, List.of("1", "-1", "0.000001", "-0.000001"));
    return new BigDecimal(number).add(new BigDecimal(step)).toPlainString();
  }

  CallFacts facts() {
    ToolCall call = ToolCall.of(tool);
    call = operation == null ? call : call.operation(operation);
    call = resource == null ? call : call.on(resource);
    for (Map.Entry<String, String> arg : args.entrySet()) {
      call = call.argJson(arg.getKey(), arg.getValue());
    }
    CallFacts facts =
        call.facts()
            .time(Clock.fixed(time, ZoneOffset.UTC))
            .audience(audience)
            .depth(depth)
            .invoker("agent:x");
    facts = verified ? facts.holderVerified("agent:x") : facts;
    facts =
        justifiedFor > 0
            ? facts.justified(tool, "why not", Duration.ofSeconds(justifiedFor))
            : facts;
    for (Map.Entry<String, Set<String>> group : persons.entrySet()) {
      facts = facts.approvedBy(group.getKey(), group.getValue());
    }
    return approvers.isEmpty() ? facts : facts.approvers(approvers);
  }
}
