package dev.taper.operations.findings;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.Nearest;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.authorizer.Authorization;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rules about abuse, in Datalog: the policy {@code abuse} of the library, or others in its form. A
 * rule derives {@code finding(code, who)} from what is counted; facts of the same text say how long
 * something counts and from how many on it is too much. Immutable and thread-safe.
 */
public final class AbuseRules {
  /** The name of the library's rules. */
  public static final String STANDARD = "abuse";

  private static final String FINDING = "finding";
  private static final String LIMIT = "limit";
  private static final String WINDOW = "window";
  private static final Rule FOUND = Datalog.rule("found($rule, $who) <- finding($rule, $who)");
  private static final Rule ASKED = Datalog.rule("asked($who) <- ask($who)");
  private static final Rule REVOKED = Datalog.rule("revoked($who) <- revoke($who)");
  private static final long DEFAULT_WINDOW = 600;
  private static final long LONGEST_WINDOW = 86_400;

  private final AuthorizerCode code;
  private final PolicySet compiled;
  private final Map<Counted, Long> windows = new EnumMap<>(Counted.class);
  private final Map<Subject.Kind, Map<Counted, Long>> least = new EnumMap<>(Subject.Kind.class);

  /** What the rules say: which found something about whom, and what is wanted. */
  record Said(List<Found> found, Set<String> ask, Set<String> revoke) {}

  /** One rule's code, and about whom. */
  record Found(String rule, String who) {}

  private AbuseRules(AuthorizerCode code) {
    this.code = code;
    this.compiled = PolicySet.of(code);
    for (Counted what : Counted.values()) {
      windows.put(what, 1000 * windowOf(what));
    }
    for (Subject.Kind kind : Subject.Kind.values()) {
      Map<Counted, Long> ofKind = new EnumMap<>(Counted.class);
      for (Counted what : Counted.values()) {
        ofKind.put(what, leastOf(what, kind));
      }
      least.put(kind, ofKind);
    }
  }

  /**
   * Takes rules.
   *
   * @param code rules, and the facts that they need; checks and policies are not looked at
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if no rule derives a finding under a
   *     code of its own, or a window or limit is out of its range
   */
  public static AbuseRules of(AuthorizerCode code) {
    AbuseRules rules = new AbuseRules(Given.that(code, "the rules about abuse"));
    if (rules.names().isEmpty()) {
      throw wrong("no rule derives finding(\"CODE\", $who)");
    }
    return rules;
  }

  /** The codes that the rules can find something under, in the order of writing. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (Rule rule : code.block().rules()) {
      String name = name(rule);
      if (name != null) {
        names.add(name);
      }
    }
    return names;
  }

  private static @Nullable String name(Rule rule) {
    Predicate head = rule.head();
    return head.name().equals(FINDING)
            && head.terms().size() == 2
            && head.terms().get(0) instanceof Term.Str text
        ? text.value()
        : null;
  }

  /**
   * Leaves a rule out: nothing is found under its code.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if there is none of that code
   */
  public AbuseRules without(String rule) {
    require(rule, names(), "rule about abuse");
    Block block = code.block();
    List<Rule> left = new ArrayList<>(block.rules());
    left.removeIf(one -> rule.equals(name(one)));
    return new AbuseRules(with(block.facts(), left));
  }

  /**
   * Replaces from how many on something is too much.
   *
   * @param who {@code agent}, {@code task}, {@code token} or {@code place}
   * @param what what is counted, such as {@code denials}
   * @param number from 1 to 64, as more is not counted
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the rules have no such limit, or
   *     the number is out of its range
   */
  public AbuseRules limit(String who, String what, long number) {
    Set<String> known = new LinkedHashSet<>();
    List<Fact> facts = new ArrayList<>();
    for (Fact fact : code.block().facts()) {
      String name = limitName(fact);
      boolean isMeant = name != null && name.equals(who + "." + what);
      facts.add(
          isMeant
              ? Fact.of(LIMIT, new Term.Str(what), new Term.Str(who), new Term.Int(number))
              : fact);
      if (name != null) {
        known.add(name);
      }
    }
    require(who + "." + what, known, "limit");
    if (number < 1 || number > Recent.MAX) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a limit is a number from 1 to " + Recent.MAX);
    }
    return new AbuseRules(with(facts, code.block().rules()));
  }

  /**
   * Says what comes of a finding, beside that it is told.
   *
   * @param rule the rule's code
   * @param response anything but {@link Finding.Response#REPORT}, which is what comes of all
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if there is none of that code
   */
  public AbuseRules response(String rule, Finding.Response response) {
    require(rule, names(), "rule about abuse");
    List<Fact> facts = new ArrayList<>(code.block().facts());
    facts.add(Fact.of("response", new Term.Str(rule), new Term.Str(response.text())));
    return new AbuseRules(with(facts, code.block().rules()));
  }

  private AuthorizerCode with(List<Fact> facts, List<Rule> rules) {
    Block block = code.block();
    return new AuthorizerCode(
        new Block(block.context(), block.scopes(), facts, rules, block.checks()), code.policies());
  }

  private static void require(String name, Collection<String> known, String what) {
    if (!known.contains(name)) {
      String nearest = Nearest.of(name, known);
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "there is no "
              + what
              + " "
              + ShownText.of(name, 64)
              + (nearest == null
                  ? "; there are " + String.join(", ", known)
                  : "; did you mean " + nearest + "?"));
    }
  }

  private static @Nullable String limitName(Fact fact) {
    Predicate limit = fact.predicate();
    return limit.name().equals(LIMIT)
            && limit.terms().size() == 3
            && limit.terms().get(0) instanceof Term.Str what
            && limit.terms().get(1) instanceof Term.Str who
        ? who.value() + "." + what.value()
        : null;
  }

  private long windowOf(Counted what) {
    long seconds = DEFAULT_WINDOW;
    for (Fact fact : code.block().facts()) {
      List<Term> terms = fact.predicate().terms();
      if (fact.predicate().name().equals(WINDOW)
          && terms.size() == 2
          && terms.get(0).equals(new Term.Str(what.text()))
          && terms.get(1) instanceof Term.Int number) {
        seconds = number.value();
      }
    }
    if (seconds < 1 || seconds > LONGEST_WINDOW) {
      throw wrong("a window has 1 to " + LONGEST_WINDOW + " seconds");
    }
    return seconds;
  }

  /** The least number that a rule could ask for; 1 for what has no limit at all. */
  private long leastOf(Counted what, Subject.Kind kind) {
    long least = Long.MAX_VALUE;
    boolean isLimited = false;
    for (Fact fact : code.block().facts()) {
      String name = limitName(fact);
      if (name != null && name.endsWith("." + what.text())) {
        isLimited = true;
        if (!(fact.predicate().terms().get(2) instanceof Term.Int number)
            || number.value() < 1
            || number.value() > Recent.MAX) {
          throw wrong("the limit of " + what.text() + " is no number from 1 to " + Recent.MAX);
        }
        least = name.startsWith(kind.text() + ".") ? Math.min(least, number.value()) : least;
      }
    }
    return isLimited ? least : 1;
  }

  private static TaperException wrong(String what) {
    return new TaperException(ErrorCode.INVALID_ARGUMENT, "the rules about abuse: " + what);
  }

  /** How long something counts, in milliseconds. */
  long window(Counted what) {
    return windows.getOrDefault(what, DEFAULT_WINDOW * 1000);
  }

  long least(Counted what, Subject.Kind kind) {
    return least.getOrDefault(kind, Map.of()).getOrDefault(what, 1L);
  }

  /**
   * Asks the rules.
   *
   * @throws TaperException if they cannot be evaluated within the limits of a decision
   */
  Said evaluate(List<Fact> counted) {
    Authorization world = compiled.authorizer().facts(counted).run();
    List<Found> found = new ArrayList<>();
    for (Fact fact : world.query(FOUND)) {
      List<Term> terms = fact.predicate().terms();
      if (terms.get(0) instanceof Term.Str rule && terms.get(1) instanceof Term.Str who) {
        found.add(new Found(rule.value(), who.value()));
      }
    }
    return new Said(found, texts(world.query(ASKED)), texts(world.query(REVOKED)));
  }

  private static Set<String> texts(List<Fact> facts) {
    Set<String> texts = new LinkedHashSet<>();
    for (Fact fact : facts) {
      if (fact.predicate().terms().get(0) instanceof Term.Str text) {
        texts.add(text.value());
      }
    }
    return texts;
  }

  /** The rules as Datalog text. */
  @Override
  public String toString() {
    return compiled.toString();
  }
}
