package dev.taper.agent.decision;

import com.sun.management.ThreadMXBean;
import dev.taper.agent.call.Audience;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.grant.Constraint;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.audit.AuditEvent;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.HeldToken;
import dev.taper.token.UnverifiedToken;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Tokens of at most 64 KiB that are made to cost as much as they can. As a program: {@code java
 * dev.taper.agent.decision.HostileTokens FOLDER} writes them, and {@code java -Xmx64m
 * dev.taper.agent.decision.HostileTokens FOLDER ROUNDS} decides one call with each, the explained
 * denial included, and prints what that took.
 */
final class HostileTokens {
  private static final PolicySet POLICIES =
      PolicySet.of(Datalog.authorizer("member(\"u\", \"t\"); allow if true;"))
          .confidential(List.of());

  private static final String ROOT = "root key";

  private HostileTokens() {}

  private static String many(int count, IntFunction<String> text) {
    return IntStream.range(0, count).mapToObj(text).collect(Collectors.joining());
  }

  /** What the last hop says, by the kind of token. */
  static Map<String, String> kinds() {
    Map<String, String> kinds = new LinkedHashMap<>();
    String numbers = many(60, i -> "f(" + i + ");");
    String joins = "f($a), f($b), f($c), f($d), f($e)";
    kinds.put("join", numbers + "check if " + joins + ", $a + $b + $c > 1000;");
    kinds.put("joins", numbers + many(200, i -> "check if " + joins + ", $a > 1000;"));
    kinds.put("explosion", numbers + "g($a, $b, $c, $d) <- " + joins + ";");
    kinds.put(
        "rounds",
        "f(0);" + many(90, i -> "n(" + i + "," + (i + 1) + ");") + "f($y) <- f($x), n($x, $y);");
    String array = "[[" + many(6_000, i -> i == 0 ? "0" : "," + i % 10) + "]]";
    kinds.put(
        "equal arrays",
        many(5, i -> "f(" + i + ");")
            + "v("
            + array
            + "); w("
            + array
            + ", 1);"
            + "check if "
            + joins
            + ", v($x), w($x, 2);");
    kinds.put(
        "unequal arrays",
        numbers + "v(" + array + "); check if f($a), f($b), f($c), v($x), $x != $x;");
    String text = "a".repeat(30_000);
    kinds.put(
        "long strings",
        numbers
            + "s(\""
            + text
            + "\"); check if f($a), f($b), f($c), s($x),"
            + " $x + \"b\" == $x + \"c\";");
    kinds.put(
        "equal strings",
        numbers
            + "s(\""
            + text
            + "\"); t($y) <- s($x), $x.length() > 0, u($y);"
            + "check if f($a), f($b), f($c), s($x), $x.starts_with($x), $x.ends_with(\"b\");");
    kinds.put(
        "doubling",
        "s(\""
            + text
            + "\"); check if s($x), "
            + "(".repeat(12)
            + "$x"
            + " + $x)".repeat(12)
            + ".length() == 1;");
    kinds.put(
        "long derived strings",
        numbers
            + "s(\""
            + text
            + "\"); d($y, $x) <- f($y), s($x);"
            + many(14, i -> "check if d($y, $x), $x + \"" + i + "\" == \"\";"));
    String set = "{" + many(3_000, i -> (i == 0 ? "" : ",") + i) + "}";
    kinds.put(
        "unions",
        numbers
            + "v("
            + set
            + "); check if f($a), f($b), v($x),"
            + " $x.union({-1}).intersection($x).length() == 1;");
    kinds.put(
        "set of sets' elements",
        numbers
            + "v("
            + set
            + "); check if f($a), f($b), f($c), v($x),"
            + " $x.contains($x), false;");
    kinds.put(
        "collisions",
        many(3_400, i -> "f(" + ((long) i << 32 | i) + ");") + "check if f($a), f($a), false;");
    kinds.put("exceptions", numbers + "check if f($a), f($b), f($c), (1 / 0 > 1).try_or(false);");
    kinds.put(
        "deep exceptions",
        numbers
            + "check if f($a), f($b), f($c), "
            + "(".repeat(80)
            + "1 / 0 > 1"
            + ").try_or(false)".repeat(80)
            + ";");
    String list = "[" + many(200, i -> (i == 0 ? "" : ",") + i) + "]";
    kinds.put(
        "closures",
        "check if "
            + list
            + ".any($x -> "
            + list
            + ".any($y -> "
            + list
            + ".any($z -> $x + $y + $z < 0)));");
    String map = "{" + many(500, i -> (i == 0 ? "" : ",") + i + ": " + i) + "}";
    kinds.put(
        "maps", "m(" + map + "); check if m($m), " + list + ".any($x -> $m.any($y -> $y == $m));");
    kinds.put(
        "substrings",
        numbers
            + "s(\""
            + text
            + "\"); check if f($a), f($b), f($c), s($x),"
            + " $x.contains(\""
            + "a".repeat(50)
            + "b\");");
    kinds.put(
        "patterns",
        numbers
            + "s(\""
            + text
            + "\"); check if f($a), f($b), f($c), s($x),"
            + " $x.matches(\"(a|b)*(a|b)(a|b)(a|b)c\");");
    kinds.put("wide body", "f(1); check if " + many(6_000, i -> "f($x), ") + "f(2);");
    kinds.put("facts", many(4_000, i -> "f(" + i + ");") + "check if f($a), f($b), $a + $b < 0;");
    kinds.put("checks", many(3_300, i -> "check if f(1);"));
    kinds.put("texts", many(1_000, i -> "check if \"" + text + "\" == \"" + i + "\";\n"));
    kinds.put("bindings", "s(\"" + text + "\");" + many(1_000, i -> "check if s($x), false;"));
    kinds.put(
        "many bindings",
        "s(\""
            + text
            + "\");"
            + many(64, i -> "check if " + many(50, j -> "s($x" + j + "), ") + "false;"));
    kinds.put(
        "wide bindings",
        "f("
            + "1, ".repeat(2_499)
            + "1);"
            + many(560, i -> "g(" + i + ");")
            + "check if f("
            + many(2_500, i -> (i == 0 ? "$v" : ", $v") + i)
            + "), g($k)"
            + many(560, i -> ", $k != " + i)
            + ";");
    kinds.put("rules", many(1_500, i -> "r" + i + "($x) <- f($x), g($x);") + "f(1);");
    kinds.put(
        "deep",
        "check if " + "!".repeat(200) + "true, f(" + "[".repeat(60) + "]".repeat(60) + ");");
    kinds.put(
        "grants",
        "check if "
            + many(
                300,
                i ->
                    (i == 0 ? "" : " or ")
                        + "tool(\"a."
                        + i
                        + "\"), arg(\"x\", $x), $x.type() === \"string\", $x === \""
                        + "a".repeat(3_000)
                        + "\"")
            + ";");
    return kinds;
  }

  /** A token of a kind, as large as it may be; the longest prefix of its statements that fits. */
  static UnverifiedToken token(Story story, String statements) {
    ForgedChain chain = ForgedChain.of(story.atPlanner());
    Block.Builder block = Datalog.block("holder(\"agent:researcher\");").toBuilder();
    for (String part : statements.lines().toList()) { // no text that is parsed may be so long
      block.merge(Datalog.block(part));
    }
    return chain.then(block.build(), story.plannerKey, story.researcher.key(), 1).held();
  }

  /** A token of many hops whose every block is costly. */
  static UnverifiedToken hops(Story story, int count) {
    ForgedChain chain = ForgedChain.of(story.atPlanner());
    PrivateKey signer = story.plannerKey;
    for (int i = 0; i < count; i++) {
      PrivateKey next = PrivateKey.generate(Algorithm.ED25519);
      String facts = many(30, j -> "f(" + j + ");");
      String check = "check if f($a), f($b), f($c), f($d), $a + $b > 57 or true;";
      String last = i == count - 1 ? "check if false;" : "";
      chain =
          chain.then(
              "holder(\"agent:h" + i + "\");" + facts + check + last, signer, next.publicKey());
      signer = next;
    }
    return chain.held();
  }

  /** Hops whose grants make as many combinations as there may be, each of long lists. */
  static UnverifiedToken products(Story story, int count) {
    ForgedChain chain = ForgedChain.of(story.atPlanner());
    PrivateKey signer = story.plannerKey;
    for (int i = 0; i < count; i++) {
      PrivateKey next = PrivateKey.generate(Algorithm.ED25519);
      int hop = i;
      String names = many(30, j -> ", t" + j);
      String grants =
          IntStream.range(0, 25)
              .mapToObj(j -> "jira.search" + names + " where a" + hop % 2 + " in " + j + ", 99")
              .collect(Collectors.joining(" or "));
      String check = Grants.parse(grants).check() + ";";
      chain = chain.then("holder(\"agent:h" + i + "\");" + check, signer, next.publicKey());
      signer = next;
    }
    return chain.held();
  }

  /**
   * Hops whose grants cover the call and name many approvers, each with a check that fails just if
   * the chain ends there: a search for who could make the call goes back hop by hop.
   */
  static UnverifiedToken approvers(Story story, int count) {
    ForgedChain chain = ForgedChain.of(story.atPlanner());
    PrivateKey signer = story.plannerKey;
    PublicKey[] keys =
        Stream.generate(() -> PrivateKey.generate(Algorithm.ED25519).publicKey())
            .limit(41)
            .toArray(PublicKey[]::new);
    Grant grant = Grant.tools("jira.search");
    for (int i = 0; i < 10; i++) {
      grant = grant.ifApproved(2, Arrays.copyOfRange(keys, i, i + 32));
    }
    for (int i = 0; i < count; i++) {
      PrivateKey next = PrivateKey.generate(Algorithm.ED25519);
      String last = "check if depth($d), $d > " + (i + 1) + ";";
      last = i == count - 1 ? "check if tool(\"a.b\");" : last;
      Block block = Datalog.block("holder(\"agent:h" + i + "\");" + last);
      block = block.toBuilder().check(Grants.of(grant).check()).build();
      chain = chain.then(block, signer, next.publicKey(), 1);
      signer = next;
    }
    return chain.held();
  }

  /**
   * What one decision took.
   *
   * @param read how many checks were read to explain it
   * @param checks how many checks there are
   * @param compared how much was compared to explain it
   * @param isLastAllowedKnown false if the search for who could make the call was given up
   * @param code why it was refused
   * @param allocated how many bytes of memory were taken, and given back or not
   */
  record Cost(
      long steps,
      long nanos,
      int size,
      int read,
      int checks,
      long compared,
      boolean isLastAllowedKnown,
      String code,
      long allocated) {}

  static Cost decide(PublicKey root, byte[] bytes) {
    return decide(root, bytes, Story.search());
  }

  static Cost decide(PublicKey root, byte[] bytes, ToolCall call) {
    Clock clock = Clock.fixed(Story.NOON, ZoneOffset.UTC);
    Service service =
        new Service(
            Verifier.trusting(RootKeys.of(root))
                .policies(POLICIES)
                .approvalUsesOfOneProcess()
                .withoutTokenCache()
                .clock(clock),
            Audience.of(Story.JIRA));
    long start = cpu();
    long allocated = allocated();
    HeldToken verified = UnverifiedToken.decode(bytes).verifyHeld(RootKeys.of(root));
    DelegationChain chain = DelegationChain.of(verified);
    Evaluation ruling =
        new Evaluation(
            service,
            verified,
            call.facts().time(clock).audience(Story.JIRA),
            new Escalation(service, chain, call, List.of()),
            new Claims(service, chain, call, null, false));
    Judged judged = new Judged(RevocationStep.Found.NOTHING, verified.holderKey(), ruling.decide());
    CallDecision decision = judged.evaluated().decision();
    AuditEvent record =
        AuditEvent.decided(
            new DecisionEvent(
                clock.instant(),
                null,
                decision,
                verified,
                new byte[32],
                judged,
                null,
                false,
                false));
    int size =
        decision.explanation().length()
            + decision.toJson().length()
            + decision.operatorExplanation().length()
            + decision.toOperatorJson().length()
            + record.hops().size();
    long nanos = cpu() - start;
    return new Cost(
        ruling.stepsUsed(),
        nanos,
        size,
        ruling.readings().checksRead(),
        chain.hops().stream().mapToInt(hop -> hop.caveats().size()).sum(),
        ruling.readings().compared(),
        !(decision instanceof CallDecision.Denied known) || known.lastAllowedKnown(),
        decision instanceof CallDecision.Denied denied ? denied.code().text() : "allowed",
        allocated() - allocated);
  }

  /** Tokens with one check that uses a long text, of which the token has one copy, very often. */
  static Map<String, UnverifiedToken> repeats(Story story) {
    String text = "a".repeat(30_000);
    Query compared = query("check if s($x), $x == \"" + text + "\";");
    Query listed = query("check if arg(\"x\", $x), [1, 2].contains($x);");
    Expression.Binary contains = (Expression.Binary) listed.expressions().get(0);
    List<Term> texts = Collections.nCopies(5_000, new Term.Str(text));
    Expression inTexts =
        new Expression.Binary(
            contains.op(), new Expression.Value(new Term.Array(texts)), contains.right());
    Map<String, UnverifiedToken> tokens = new LinkedHashMap<>();
    tokens.put("alternatives", token(story, check(Collections.nCopies(800, compared))));
    Query repeated =
        new Query(
            compared.predicates(),
            Collections.nCopies(1_200, compared.expressions().get(0)),
            List.of());
    tokens.put("expressions", token(story, check(List.of(repeated))));
    Query array = new Query(listed.predicates(), List.of(inTexts), List.of());
    tokens.put("array", token(story, check(List.of(array))));
    return tokens;
  }

  /** Tokens of grants that refuse the call in many points, each of which names long texts. */
  static Map<String, UnverifiedToken> refusals(Story story) {
    Object[] texts = IntStream.range(0, 30).mapToObj(i -> i + "x".repeat(1_000)).toArray();
    Map<String, UnverifiedToken> tokens = new LinkedHashMap<>();
    tokens.put("refusing constraints", token(story, List.of(grants(1, 120, texts))));
    tokens.put("refusing grants", token(story, List.of(grants(150, 1, texts))));
    tokens.put("refusing checks", token(story, Collections.nCopies(100, grants(1, 1, texts))));
    tokens.put(
        "refusing checks of many",
        token(story, Collections.nCopies(60, grants(1, 40, Arrays.copyOf(texts, 1)))));
    return tokens;
  }

  /** Tokens that take much to be read as grants, or for a text of what is wrong with them. */
  static Map<String, UnverifiedToken> readings(Story story) {
    Query listed = query("check if arg(\"x\", $x), [1, 2].contains($x);");
    List<Term> copies = Collections.nCopies(6_000, new Term.Str("a".repeat(30_000)));
    Map<String, UnverifiedToken> tokens = new LinkedHashMap<>();
    tokens.put(
        "lists in a list", token(story, check(List.of(with(listed, List.of(array(copies)))))));
    Check resources =
        Datalog.block("check if resource($r), $r.starts_with(\"" + "a".repeat(25_000) + "\");")
            .checks()
            .get(0);
    tokens.put("long resources", token(story, Collections.nCopies(900, resources)));
    tokens.put("one hash", token(story, check(List.of(with(listed, ofOneHash(0, 4_800))))));
    Query[] lists =
        IntStream.range(0, 22)
            .mapToObj(i -> with(unlisted("$x" + i), ofOneHash(i * 250, 250)))
            .toArray(Query[]::new);
    tokens.put("lists of one hash", token(story, check(List.of(together(lists)))));
    Rule unsafe =
        new Rule(
            Predicate.of("h", new Term.Variable("y")),
            new Query(List.of(Predicate.of("f", array(copies))), List.of(), List.of()));
    Block block = Datalog.block("holder(\"agent:researcher\");").toBuilder().rule(unsafe).build();
    ForgedChain chain = ForgedChain.of(story.atPlanner());
    tokens.put(
        "unsafe rule", chain.then(block, story.plannerKey, story.researcher.key(), 1).held());
    return tokens;
  }

  private static Query unlisted(String variable) {
    return query("check if arg(\"x\", " + variable + "), ![1, 2].contains(" + variable + ");");
  }

  /** Different values that no table of hashes tells apart. */
  private static List<Term> ofOneHash(int first, int count) {
    return LongStream.range(first + 1L, first + 1L + count)
        .mapToObj(i -> (Term) new Term.Int(i << 32 | i))
        .toList();
  }

  private static Term array(List<Term> elements) {
    return new Term.Array(elements);
  }

  /** The query with another list of values. */
  private static Query with(Query query, List<Term> values) {
    Expression old = query.expressions().get(0);
    boolean negated = old instanceof Expression.Unary;
    Expression.Binary contains =
        (Expression.Binary) (old instanceof Expression.Unary not ? not.operand() : old);
    Expression other =
        new Expression.Binary(contains.op(), new Expression.Value(array(values)), contains.right());
    other = negated ? new Expression.Unary(Expression.UnaryOp.NEGATE, other) : other;
    return new Query(query.predicates(), List.of(other), List.of());
  }

  /** One query of all that some say. */
  private static Query together(Query... queries) {
    return new Query(
        Stream.of(queries).flatMap(query -> query.predicates().stream()).toList(),
        Stream.of(queries).flatMap(query -> query.expressions().stream()).toList(),
        List.of());
  }

  private static Check grants(int count, int constraints, Object[] texts) {
    Grant grant = Grant.tools("jira.search");
    for (int i = 0; i < constraints; i++) {
      grant = grant.where(Constraint.arg("a" + i).in(texts));
    }
    return new Grants(Collections.nCopies(count, grant)).check();
  }

  private static Query query(String check) {
    return Datalog.block(check).checks().get(0).queries().get(0);
  }

  private static List<Check> check(List<Query> alternatives) {
    return List.of(new Check(Check.Kind.IF, alternatives));
  }

  static UnverifiedToken token(Story story, List<Check> checks) {
    Block.Builder block = Datalog.block("holder(\"agent:researcher\");").toBuilder();
    checks.forEach(block::check);
    return ForgedChain.of(story.atPlanner())
        .then(block.build(), story.plannerKey, story.researcher.key(), 1)
        .held();
  }

  /** Processor time, which other work on the machine does not take part in. */
  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** How much memory this thread has taken so far, whatever the machine does beside it. */
  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  /** Writes a token of each kind into a folder, with the root key that is to be trusted. */
  static void write(Path folder) throws IOException {
    Story story = new Story();
    Files.writeString(folder.resolve(ROOT), story.root.publicKey().toString());
    for (Map.Entry<String, String> kind : kinds().entrySet()) {
      Files.write(folder.resolve(kind.getKey()), token(story, kind.getValue()).encode());
    }
    Map<String, UnverifiedToken> tokens = new LinkedHashMap<>(repeats(story));
    tokens.putAll(refusals(story));
    tokens.putAll(readings(story));
    for (Map.Entry<String, UnverifiedToken> token : tokens.entrySet()) {
      Files.write(folder.resolve(token.getKey()), token.getValue().encode());
    }
    Files.write(folder.resolve("hops"), hops(story, 28).encode());
    Files.write(folder.resolve("products"), products(story, 10).encode());
    Files.write(folder.resolve("approvers"), approvers(story, 20).encode());
  }

  /**
   * Decides one call with each token of a folder, some times, and prints the least time.
   *
   * @param args the folder, and how many times; if there is no such folder, it is made
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    if (!Files.exists(folder)) {
      write(Files.createDirectory(folder));
      return;
    }
    PublicKey root = PublicKey.parse(Files.readString(folder.resolve(ROOT)));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> !f.endsWith(ROOT)).sorted().toList()) {
        byte[] token = Files.readAllBytes(file);
        Cost best = decide(root, token);
        for (int i = 1; i < Integer.parseInt(args[1]); i++) {
          Cost next = decide(root, token);
          best = next.nanos() < best.nanos() ? next : best;
        }
        System.out.printf(
            "%-22s %6d bytes %9d steps %8.2f ms %9.1f ns/step %8d chars %s%n",
            file.getFileName(),
            token.length,
            best.steps(),
            best.nanos() / 1e6,
            best.nanos() / (double) Math.max(1, best.steps()),
            best.size(),
            best.code());
      }
    }
  }
}
