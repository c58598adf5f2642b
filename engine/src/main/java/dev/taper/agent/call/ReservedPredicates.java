package dev.taper.agent.call;

import java.util.List;
import java.util.Set;

/**
 * The predicates that only a verifier may state. A token that defines one as a fact or as the head
 * of a rule must be refused: it would answer its own checks.
 */
final class ReservedPredicates {
  static final String TIME = "time";
  static final String AUDIENCE = "audience";
  static final String TOOL = "tool";
  static final String OPERATION = "operation";
  static final String RESOURCE = "resource";
  static final String ARG = "arg";
  static final String ARG_DECIMAL = "arg_decimal";
  static final String ARG_NAMES = "arg_names";
  static final String ARG_URL = "arg_url";
  static final String ARG_HOST_CLASS = "arg_host_class";
  static final String ARG_IP = "arg_ip";
  static final String ARG_EACH_HOST = "arg_each_host";
  static final String ARG_PATH = "arg_path";
  static final String ARG_NUMBER = "arg_number";
  static final String ARG_OPAQUE = "arg_opaque";
  static final String DEPTH = "depth";
  static final String DELEGATION = "delegation";
  static final String INVOKER = "invoker";
  static final String PRESENTED = "presented";
  static final String HOLDER_VERIFIED = "holder_verified";
  static final String JUSTIFIED = "justified";
  static final String JUSTIFIED_FOR = "justified_for";
  static final String APPROVERS = "approvers";
  static final String APPROVED_BY = "approved_by";
  static final String BUDGET_STORE = "budget_store";

  private static final List<String> NAMES =
      List.of(
          TIME,
          AUDIENCE,
          TOOL,
          OPERATION,
          RESOURCE,
          ARG,
          ARG_DECIMAL,
          ARG_NAMES,
          ARG_URL,
          ARG_HOST_CLASS,
          ARG_IP,
          ARG_EACH_HOST,
          ARG_PATH,
          ARG_NUMBER,
          ARG_OPAQUE,
          DEPTH,
          DELEGATION,
          INVOKER,
          PRESENTED,
          HOLDER_VERIFIED,
          JUSTIFIED,
          JUSTIFIED_FOR,
          APPROVERS,
          APPROVED_BY,
          BUDGET_STORE);
  private static final Set<String> SET = Set.copyOf(NAMES);

  /** Those that say what an argument holds, none of which says anything of an opaque one. */
  static final Set<String> OF_ARGUMENTS =
      Set.of(
          ARG, ARG_DECIMAL, ARG_NUMBER, ARG_URL, ARG_HOST_CLASS, ARG_IP, ARG_EACH_HOST, ARG_PATH);

  /** Those that compare a number, neither of which says anything of one that is stated as text. */
  static final Set<String> OF_NUMBERS = Set.of(ARG, ARG_DECIMAL);

  /** The one that compares integers, and says nothing of a number with a fraction. */
  static final Set<String> OF_INTEGERS = Set.of(ARG);

  /** The one that compares decimals, and says nothing of an integer that is too large for that. */
  static final Set<String> OF_DECIMALS = Set.of(ARG_DECIMAL);

  /** What the profile may need one day, so that no token of today means something then. */
  private static final String FUTURE = "taper_";

  private ReservedPredicates() {}

  /** All reserved names, in a fixed order. */
  public static List<String> names() {
    return NAMES;
  }

  /** True if only a verifier may state facts of this name, whatever their number of terms. */
  public static boolean contains(String predicate) {
    return SET.contains(predicate) || predicate.startsWith(FUTURE);
  }
}
