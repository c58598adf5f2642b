package dev.taper.operations.findings;

import dev.taper.ShownText;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a rule noticed: about whom, from what, and what to do. It has names, keys and digests; never
 * an argument, a token or a proof. Immutable and thread-safe.
 */
public final class Finding {
  /** What comes of a finding, beside that it is told. */
  public enum Response {
    /** Nothing: people read it. */
    REPORT,
    /** Calls of whom it is about are refused until a person says that they may go on. */
    ASK,
    /** The key is revoked. */
    REVOKE;

    /** The response in lower case, as rules and records have it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int COLUMNS = 80;
  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}:@._/+*-]+");

  private final String rule;
  private final Subject.Kind kind;
  private final String subject;
  private final Seen last;
  private final Origin origin;
  private final Map<String, Long> counted;
  private final List<String> tools;
  private final Response response;
  private final long again;

  /** Where it leads: a token, and a hop of it. */
  record Origin(DelegationChain chain, String token, int hop) {}

  Finding(String rule, Subject subject, Seen last, Origin origin, Response response, long again) {
    this.rule = rule;
    this.kind = subject.kind;
    this.subject = subject.name;
    this.last = last;
    this.origin = origin;
    this.counted = new TreeMap<>(subject.numbers(last.at()));
    this.tools = List.copyOf(subject.lately());
    this.response = response;
    this.again = again;
  }

  /** The code of the rule that found it, such as {@code repeated_denials}; codes stay the same. */
  public String rule() {
    return rule;
  }

  /** What it is about: {@code agent}, {@code task}, {@code token} or {@code place}. */
  public String about() {
    return kind.text();
  }

  /** Which one: a name, a task's id, a token's digest in hex, or a network. */
  public String subject() {
    return subject;
  }

  /** When the last call that counts was decided. */
  public Instant time() {
    return Instant.ofEpochMilli(last.at());
  }

  /** Who gave what to whom: the chain of that call, or of one by which most of a task came. */
  public DelegationChain chain() {
    return origin.chain();
  }

  /** The digest of that chain's token in hex, as records name it. */
  public String token() {
    return origin.token();
  }

  /**
   * The hop that it leads to: the agent's own; for a task the deepest one by which more than half
   * of what counts came. Nothing is said against its holder if {@link #isProven} is false.
   */
  public DelegationHop hop() {
    return origin.chain().hops().get(origin.hop());
  }

  /** Whose authority it is about. */
  public String delegator() {
    return origin.chain().delegator();
  }

  /** The task's id. */
  public String task() {
    return origin.chain().task().id();
  }

  /** The last few tools of the calls that count, the latest one last. */
  public List<String> tools() {
    return tools;
  }

  /** Where the last call came from; null if that is not known. */
  public @Nullable String place() {
    return last.place();
  }

  /** What was counted, by the names that the rules know. */
  public Map<String, Long> counted() {
    return new TreeMap<>(counted);
  }

  /** What comes of it. */
  public Response response() {
    return response;
  }

  /** How often the same was found since it was told last. */
  public long again() {
    return again;
  }

  /** True if holders proved what counts, false if whoever has the token may have done it. */
  public boolean isProven() {
    return kind.isProven();
  }

  /** What was noticed, in one line that is safe to show. */
  public String words() {
    StringBuilder words = new StringBuilder(rule).append(": ");
    DelegationHop who = hop();
    String holder =
        named(who.holderName())
            + " ("
            + who.holderKey()
            + ", named by "
            + named(who.grantor())
            + " in hop "
            + who.block()
            + ")";
    words.append(
        switch (kind) {
          case AGENT -> holder;
          case TASK -> "the task, mostly through " + holder;
          case TOKEN -> "somebody with the token of " + holder + ", who proved nothing";
          case PLACE -> "somebody at " + named(subject) + ", who proved nothing";
        });
    words.append(", for ").append(named(delegator())).append(", task ").append(named(task()));
    StringJoiner numbers = new StringJoiner(", ", ": ", "");
    counted.forEach((what, number) -> numbers.add(number + " " + what.replace('_', ' ')));
    words.append(numbers);
    if (!tools.isEmpty()) {
      StringJoiner shown = new StringJoiner(", ", "; tools ", "");
      tools.forEach(tool -> shown.add(named(tool)));
      words.append(shown);
    }
    return words.append(again == 0 ? "" : "; found " + again + " times since told").toString();
  }

  /**
   * A name with anything unusual in it stands in quotes, and so cannot pass for what follows it.
   */
  private static String named(String name) {
    return PLAIN.matcher(name).matches()
        ? ShownText.of(name, COLUMNS)
        : '"' + ShownText.of(name, COLUMNS).replace("\"", "\\u{22}") + '"';
  }

  /** When which rule found what about whom: for the file of those who are held back. */
  String brief() {
    return time() + " " + rule + " " + named(hop().holderName());
  }

  /** A command that shows more, and one that ends it; both have keys and digests only. */
  public String advice() {
    String look = "taper audit trace LOG --token " + token();
    return switch (kind) {
      case AGENT, TASK ->
          "look: "
              + look
              + "; end: taper revoke holder "
              + hop().holderKey()
              + " --revocations LIST";
      case TOKEN -> "look: " + look + "; ask the agent's owner where else the token or key may be";
      case PLACE -> "look: " + look + "; keep the place out where you listen";
    };
  }

  /** The record of it for an audit log. */
  public AuditEvent record() {
    return AuditEvent.of(AuditKind.FINDING, time())
        .about(origin.chain())
        .subject(
            AuditEvent.Subject.of("finding", rule)
                .reason(words() + ". " + advice())
                .decision(response.text()));
  }

  /** What was noticed, in one line. */
  @Override
  public String toString() {
    return words();
  }
}
