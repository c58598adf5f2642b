package dev.taper.operations.trail;

import dev.taper.TaperException;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.names.NamesFile;
import dev.taper.audit.AuditBasis;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditHop;
import dev.taper.audit.LogVerification;
import dev.taper.crypto.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The records of an audit log in words, for people. */
public final class RecordWords {
  private static final int DIGITS = 16;
  private static final Pattern KEY =
      Pattern.compile("(?:ed25519/[0-9a-f]{64}|secp256r1/[0-9a-f]{66})(?![0-9a-f])");

  private RecordWords() {}

  /** A call: its tool, operation and resource. */
  public static String call(AuditEvent.Call call) {
    return call.tool()
        + (call.operation() == null ? "" : " " + call.operation())
        + (call.resource() == null ? "" : " on " + call.resource());
  }

  /** The arguments of a call that were recorded, each as JSON; empty if none was. */
  public static String arguments(AuditEvent.Call call) {
    List<String> words = new ArrayList<>();
    call.recorded().forEach((name, json) -> words.add(name + " = " + json));
    return String.join(", ", words);
  }

  /** Why a call was denied; null if the record is about none. */
  public static @Nullable String code(AuditEvent event) {
    AuditBasis grounds = event.basis();
    DenialCode code = grounds == null ? null : grounds.code();
    return code == null ? null : code.text();
  }

  /**
   * Shows keys by the names that a file has for them, and other keys and digests in short, alone or
   * within words.
   *
   * @param names the file, or null
   */
  public static UnaryOperator<String> naming(@Nullable NamesFile names) {
    return text -> {
      Matcher keys = KEY.matcher(text);
      return keys.find()
          ? keys.reset().replaceAll(key -> Matcher.quoteReplacement(named(names, key.group())))
          : shortened(text);
    };
  }

  private static String named(@Nullable NamesFile names, String key) {
    String name = names == null ? null : name(names, key);
    return name == null ? shortened(key) : name;
  }

  /** Whose key it is that a text states; null if that is not known. */
  static @Nullable String name(NamesFile names, String key) {
    try {
      return names.name(PublicKey.parse(key));
    } catch (TaperException e) {
      return null; // no point of the curve, and so nobody's key
    }
  }

  /**
   * An event that is no call.
   *
   * @param event the event
   * @param naming how keys are shown, such as {@link #shortened}
   */
  public static String event(AuditEvent event, UnaryOperator<String> naming) {
    List<String> words = new ArrayList<>();
    words.add(event.kind().text());
    AuditEvent.Subject subject = event.subject();
    if (event.by() != null) {
      words.add("by " + naming.apply(event.by()));
    }
    if (event.call() != null) {
      words.add(call(event.call()));
    }
    if (event.basis() != null) {
      words.add(String.valueOf(code(event)));
      words.add("by " + caller(event, naming));
      words.addAll(grounds(event, naming));
    }
    if (subject != null) {
      words.add(subject.type() + " " + naming.apply(subject.id()));
      if (subject.decision() != null) {
        words.add(subject.decision());
      }
      if (subject.until() != null) {
        words.add("until " + subject.until());
      }
      if (subject.reason() != null) {
        words.add("\"" + subject.reason() + "\"");
      }
    }
    return String.join(", ", words);
  }

  /** Which policy or check decided, in words; null if the record does not say. */
  public static @Nullable String decider(AuditEvent event) {
    CallDecision.Decider decider = event.basis() == null ? null : event.basis().decider();
    if (decider == null) {
      return null;
    }
    String where =
        decider.block() != null
            ? " of block " + decider.block()
            : decider.part() == null
                ? " of the service"
                : " of the service's part " + decider.part();
    return (decider.check() ? "check " : "policy ") + decider.index() + where;
  }

  /**
   * What a decision rests on besides the token, in words; empty if nothing.
   *
   * @param event the event
   * @param naming how keys are shown
   */
  public static List<String> grounds(AuditEvent event, UnaryOperator<String> naming) {
    AuditBasis grounds = event.basis();
    List<String> words = new ArrayList<>();
    if (grounds != null) {
      if (grounds.isObserved()) {
        words.add("only observed: the call went ahead");
      }
      if (grounds.isAlone()) {
        words.add(
            "the shared memory of proofs did not answer: another verifier may have taken the proof, too");
      }
      grounds.approvals().forEach(name -> words.add(approval(name, naming)));
      grounds.budgets().forEach(counter -> words.add("budget " + shortened(counter)));
      grounds.justified().forEach(reason -> words.add("justified: \"" + reason + "\""));
      if (omitted(event) > 0) {
        words.add(omitted(event) + " more like it left out before");
      }
    }
    return words;
  }

  /** An approval by its name: the approver's key, a space, the id. */
  private static String approval(String name, UnaryOperator<String> naming) {
    int space = name.indexOf(' ');
    return space < 0
        ? "approval " + shortened(name)
        : "approval "
            + shortened(name.substring(space + 1))
            + " by "
            + naming.apply(name.substring(0, space));
  }

  /**
   * Who made a call, as far as the record shows it. A token names an agent; only a proof shows that
   * the agent acted.
   *
   * @param event the event
   * @param naming how keys are shown
   */
  public static String caller(AuditEvent event, UnaryOperator<String> naming) {
    AuditBasis grounds = event.basis();
    if (grounds == null) {
      return "unknown";
    }
    if (grounds.isProven()) {
      String holder = holder(event);
      return (holder == null ? naming.apply(String.valueOf(grounds.proofKey())) : holder)
          + ", proven";
    }
    return switch (grounds.presented()) {
      case HELD -> "unknown: no good proof";
      case BEARER -> "whoever has the bearer token";
      case SEALED -> "whoever has the sealed token";
    };
  }

  /** The agent that a record's token names; null if it names none. */
  public static @Nullable String holder(AuditEvent event) {
    List<AuditHop> hops = event.hops();
    return hops.isEmpty() ? null : hops.get(hops.size() - 1).holder();
  }

  /** How many denials were left out of the log before a record. */
  public static long omitted(AuditEvent event) {
    Long omitted = event.basis() == null ? null : event.basis().omitted();
    return omitted == null ? 0 : omitted;
  }

  /** Why a consistent log proves nothing. */
  public static String untrusted(LogVerification verification) {
    return verification.signed() == null
        ? "not signed: anybody who can write it could have written it"
        : "any key may have signed it";
  }

  /** A key or digest in short: enough to tell it from others. */
  public static String shortened(String text) {
    int start = text.indexOf('/') + 1;
    boolean isHex = text.length() - start > DIGITS;
    for (int i = start; isHex && i < text.length(); i++) {
      isHex = Character.digit(text.charAt(i), 16) >= 0;
    }
    return isHex ? text.substring(0, start + DIGITS) + "…" : text;
  }
}
